from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..tools.batches import chunks
from ..tools.matching_keys import KEYS, SOURCES
from .ess_beneficiary import FILE_GROUPS

# Files compared at a time: about ten seconds of work, and a bounded memory.
SCAN_BATCH = 20_000
COMPARED_FIELDS = (
    "ref",
    "last_name",
    "first_name",
    "birth_name",
    "pseudonym",
    "birth_date",
    "birth_date_precision",
    "birth_date_text",
    "sex",
    "phone",
    "phone2",
    "email",
    "street",
    "street2",
    "zip",
    "city",
    "languages",
    "intake",
    "referent_id",
    "create_date",
)


class EssDuplicate(models.Model):
    """Two files that are probably the same person.

    The nightly scan, an import or the button *Search again* writes them; a person
    decides. "Not the same" is a human decision: no later scan asks again. A pair with
    a protected file is seen by nobody outside the team of that file.
    """

    _name = "ess.duplicate"
    _description = "Probable duplicate"
    _order = "score desc, id desc"
    _rec_name = "beneficiary_id"

    beneficiary_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="First file",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    duplicate_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="Probable duplicate",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        required=True,
        readonly=True,
        index=True,
    )
    score = fields.Float(
        string="Probability",
        digits=(5, 4),
        readonly=True,
        aggregator="avg",
        help="How probable it is that both files are one person, from 0 to 1.",
    )
    reason_codes = fields.Char(readonly=True)
    reason = fields.Char(string="Reasons", compute="_compute_reason")
    comparison = fields.Html(
        compute="_compute_comparison", sanitize=False, groups=FILE_GROUPS
    )
    state = fields.Selection(
        selection=[
            ("to_review", "To decide"),
            ("distinct", "Not the same person"),
            ("merged", "Merged"),
        ],
        required=True,
        readonly=True,
        default="to_review",
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users", string="Decided by", readonly=True
    )
    date_decided = fields.Date(string="Decided on", readonly=True)

    _pair_uniq = models.UniqueIndex(
        "(beneficiary_id, duplicate_id)", "These two files are already in the list."
    )
    _pair_order = models.Constraint(
        "CHECK (beneficiary_id < duplicate_id)",
        "A pair is written once, the older file first.",
    )
    _state_index = models.Index("(company_id, state, score)")

    # === COMPUTE

    @api.depends("reason_codes")
    @api.depends_context("lang")
    def _compute_reason(self):
        beneficiary = self.env["ess.beneficiary"]
        for duplicate in self:
            reasons = beneficiary._match_reasons(duplicate.reason_codes)
            duplicate.reason = ", ".join(reasons).capitalize()

    @api.depends("beneficiary_id", "duplicate_id")
    @api.depends_context("lang", "uid")
    def _compute_comparison(self):
        """Both files side by side; what differs stands out.

        Only files that the user may read are shown, whatever brought the pair here.
        """
        for duplicate in self:
            files = duplicate.beneficiary_id | duplicate.duplicate_id
            if len(files.sudo(False)._filtered_access("read")) < 2:
                duplicate.comparison = False
                continue
            one, two = files.sudo(False)
            rows = [
                duplicate._comparison_row(name, one, two) for name in COMPARED_FIELDS
            ]
            duplicate.comparison = Markup(
                '<table class="table table-sm"><thead><tr><th></th><th>%s</th>'
                "<th>%s</th></tr></thead><tbody>%s</tbody></table>"
            ) % (
                one.display_name,
                two.display_name,
                Markup().join(rows),
            )

    def _comparison_row(self, name, one, two):
        """Return one line of the comparison, nothing when both are empty."""
        field = self.env["ess.beneficiary"]._fields[name]
        if not (one[name] or two[name]):
            return Markup()
        texts = [self._comparison_text(field, file) for file in (one, two)]
        style = "table-warning" if self._comparison_differs(field, texts) else ""
        return Markup('<tr class="%s"><th>%s</th><td>%s</td><td>%s</td></tr>') % (
            style,
            field._description_string(self.env),
            texts[0] or "",
            texts[1] or "",
        )

    def _comparison_text(self, field, file):
        """Return one value of a file as a screen shows it."""
        value = file[field.name]
        if not value:
            return ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "datetime":
            return format_date(self.env, fields.Datetime.context_timestamp(self, value))
        if field.type == "many2one":
            return value.display_name
        return value

    # === ACTIONS

    def action_distinct(self):
        """Say that these are two persons; no scan asks again."""
        self.write(
            {
                "state": "distinct",
                "decided_by_id": self.env.uid,
                "date_decided": fields.Date.context_today(self),
            }
        )

    def action_to_review(self):
        """Take back the decision "not the same person"."""
        self.write(
            {"state": "to_review", "decided_by_id": False, "date_decided": False}
        )

    @api.model
    def action_scan(self):
        """Compare all files of the user's associations with each other now."""
        self.check_access("write")
        # sudo: the scan compares files that this user may not read; the record rules
        # then decide which pairs the user sees.
        self.sudo()._scan(companies=self.env.companies)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "All files were compared: %(count)s probable duplicates to decide.",
                    count=self.search_count([("state", "=", "to_review")]),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS

    @api.model
    def _cron_scan(self):
        """Compare the files written since the last scan with all files."""
        parameters = self.env["ir.config_parameter"].sudo()
        last = parameters.get_param("ess_beneficiary.duplicates_scanned", "2000-01-01")
        # read by SQL: write dates of all files, whatever their company
        now = self.env.cr.now()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM ess_beneficiary WHERE active AND write_date >= %s"
                " ORDER BY id",
                last,
            )
        )
        ids = [row[0] for row in rows]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(ids))
        for part in chunks(ids, SCAN_BATCH):
            self._scan(part, since=now)
            if not cron._commit_progress(len(part)) and part[-1] != ids[-1]:
                return
        parameters.set_param(
            "ess_beneficiary.duplicates_scanned", fields.Datetime.to_string(now)
        )

    @api.model
    def _scan(self, file_ids=None, companies=None, since=None):
        """Compare files with all files of their company and write the pairs.

        Decisions stay. Pairs to review that are no more probable go.

        :param list file_ids: ids of the files to compare; all active ones by default.
        :param companies: recordset of res.company that limits "all".
        :param datetime since: pairs found from then on, maybe from the other file,
            stay; from now on by default
        :return: ``{block: number of files}`` whose key was too common to be looked at
        :rtype: dict
        """
        if file_ids is None:
            domain = [("company_id", "in", companies.ids)] if companies else []
            file_ids = self.env["ess.beneficiary"].sudo().search(domain).ids
        file_ids, skipped = sorted(file_ids), {}
        clock = SQL("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        since = since or self.env.execute_query(clock)[0][0]
        for part in chunks(file_ids, SCAN_BATCH):
            for block, count in self._scan_part(part).items():
                skipped[block] = skipped.get(block, 0) + count
        self._drop_stale_pairs(file_ids, since)
        self.invalidate_model()
        return skipped

    @api.model
    def _scan_part(self, file_ids):
        """Compare one batch of files; see `_scan`."""
        self.env.flush_all()
        names = ", ".join(["id", "company_id", *SOURCES, *KEYS])
        beneficiary = self.env["ess.beneficiary"]
        pairs, skipped = beneficiary._run_matching(
            f"(SELECT {names} FROM ess_beneficiary WHERE active AND id = ANY(%s))",
            beneficiary._slice_ids(file_ids),
            where="r.company_id = l.company_id AND r.id <> l.id AND r.active",
        )
        best = {}
        for one, two, score, reasons in pairs:
            pair = (min(one, two), max(one, two))
            # in whatever order the pairs come
            best[pair] = max(best.get(pair, (0, "")), (score, reasons))
        self._write_pairs(best)
        return skipped

    @api.model
    def _write_pairs(self, pairs):
        """Add or renew pairs, ``{(older id, newer id): (score, reason codes)}``."""
        self.env.execute_query(
            SQL(
                """
                INSERT INTO ess_duplicate (beneficiary_id, duplicate_id, score,
                    reason_codes, state, company_id, create_uid, write_uid,
                    create_date, write_date)
                SELECT pair.one, pair.two, pair.score, pair.reasons, 'to_review',
                    file.company_id, %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC',
                    clock_timestamp() AT TIME ZONE 'UTC'
                FROM unnest(%(one)s::integer[], %(two)s::integer[],
                    %(score)s::float8[], %(reasons)s::text[])
                    AS pair (one, two, score, reasons)
                JOIN ess_beneficiary file ON file.id = pair.one
                ON CONFLICT (beneficiary_id, duplicate_id) DO UPDATE
                SET score = excluded.score, reason_codes = excluded.reason_codes,
                    write_date = excluded.write_date
                WHERE ess_duplicate.state = 'to_review'
                RETURNING id
                """,
                uid=self.env.uid,
                one=[one for one, _two in pairs],
                two=[two for _one, two in pairs],
                score=[score for score, _reasons in pairs.values()],
                reasons=[reasons for _score, reasons in pairs.values()],
            )
        )

    @api.model
    def _drop_stale_pairs(self, file_ids, since):
        """Remove pairs to review of these files that were not found again.

        One search finds a pair that the search from its other file may pass by (a key
        that too many share, namesakes), in another batch: so it goes by the hour.

        :param datetime since: pairs written before were not found by this scan
        """
        self.env.execute_query(
            SQL(
                "DELETE FROM ess_duplicate WHERE state = 'to_review'"
                " AND write_date < %(since)s"
                " AND (beneficiary_id = ANY(%(ids)s) OR duplicate_id = ANY(%(ids)s))"
                " RETURNING id",
                since=since,
                ids=file_ids,
            )
        )
