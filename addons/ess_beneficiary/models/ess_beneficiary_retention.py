from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .ess_beneficiary import FILE_GROUPS

# What the person did themselves. A letter, a message or a word through somebody else
# may be ours only: it does not prove that the person was there.
CONTACT_MEDIA = ("appointment", "walk_in", "phone", "home", "outside", "video")
KEEPERS = "ess_beneficiary.group_beneficiary_manager"


class EssBeneficiary(models.Model):
    """How long the file is kept: used, then in an archive, then anonymised."""

    _inherit = "ess.beneficiary"

    date_intermediate = fields.Date(
        string="In the archive since",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Read only by the people named for the archive.",
    )
    date_anonymised = fields.Date(
        string="Anonymised on", readonly=True, copy=False, index="btree_not_null"
    )
    keep_until = fields.Date(
        copy=False,
        tracking=True,
        groups=FILE_GROUPS,
        help="Neither archived nor anonymised before that day, whatever the rule.",
    )
    keep_reason = fields.Char(string="Why it is kept", copy=False, groups=FILE_GROUPS)

    may_read_archive = fields.Boolean(
        string="Open to you in the archive",
        compute="_compute_may_read_archive",
        search="_search_may_read_archive",
        groups=FILE_GROUPS,
        help="Whether you are named as a reader of the archive of its association.",
    )

    # === COMPUTE

    @api.depends("company_id.archive_reader_ids")
    @api.depends_context("uid")
    def _compute_may_read_archive(self):
        for file in self:
            readers = file.company_id.sudo().archive_reader_ids  # sudo: settings
            file.may_read_archive = self.env.user in readers

    @api.model
    def _search_may_read_archive(self, operator, value):
        """Find the files by one list of associations, not by a question for each."""
        if operator != "in":
            return NotImplemented
        return Domain(
            "company_id",
            "in",
            SQL(
                "(SELECT res_company_id FROM ess_archive_reader_rel"
                " WHERE res_users_id = %s)",
                self.env.uid,
                to_flush=self.env["res.company"]._fields["archive_reader_ids"],
            ),
        )

    # === CRUD

    def write(self, vals):
        """A file that is used again has left the archive."""
        if vals.get("active"):
            vals = {**vals, "date_intermediate": False}
        return super().write(vals)

    # === BUSINESS

    @api.model
    def _get_contact_queries(self):
        """Return what shows that a person was in contact. Override to add some.

        :return: queries of (id of the file, day)
        :rtype: list of SQL
        """
        return [
            SQL(
                "SELECT beneficiary_id, date FROM ess_note WHERE medium IN %s",
                CONTACT_MEDIA,
            ),
            SQL("SELECT beneficiary_id, date FROM ess_rights_request"),
            SQL("SELECT id, date_contact_asked FROM ess_beneficiary"),
            SQL(
                "SELECT file.id, log.create_date::date FROM ess_beneficiary file"
                " JOIN res_users owner ON owner.partner_id = file.partner_id"
                " JOIN res_users_log log ON log.create_uid = owner.id"
            ),
        ]

    @api.model
    def _get_files_unused(self, company, before):
        """Return the files without contact since a day.

        Not the protected ones, which exist for their team only, nor the merged ones,
        which follow the file that they became.

        :param company: res.company
        :param date before: last contact on that day or sooner
        :return: (id, last contact, in the archive since)
        :rtype: list of tuple
        """
        self.env.flush_all()
        contacts = SQL(" UNION ALL ").join(self._get_contact_queries())
        return self.env.execute_query(
            SQL(
                """
                WITH contact (file_id, day) AS (%s)
                SELECT file.id, greatest(file.create_date::date, last.day),
                    file.date_intermediate
                FROM ess_beneficiary file
                LEFT JOIN (SELECT file_id, max(day) AS day FROM contact GROUP BY 1)
                    last ON last.file_id = file.id
                WHERE file.company_id = %s AND file.date_anonymised IS NULL
                    AND file.merged_into_id IS NULL
                    AND file.is_protected IS NOT TRUE
                    AND greatest(file.create_date::date, last.day) <= %s
                ORDER BY file.id
                """,
                contacts,
                company.id,
                before,
            )
        )

    @api.model
    def _get_hold_queries(self):
        """Return what suspends the end of keeping. Override to add some.

        :return: (query of ids of files, reason in words, steps that it suspends)
        :rtype: list of tuple
        """
        _ = self.env._
        both = ("archive", "anonymise")
        return [
            (
                SQL(
                    "SELECT beneficiary_id FROM ess_rights_request WHERE state = 'open'"
                ),
                _("A request of the person is open."),
                both,
            ),
            (
                SQL(
                    "SELECT beneficiary_id FROM ess_access_contest WHERE state = 'open'"
                ),
                _("A reading is contested."),
                both,
            ),
            (
                SQL(
                    "SELECT id FROM ess_beneficiary WHERE keep_until > %s",
                    fields.Date.context_today(self),
                ),
                _("Somebody decided to keep it longer."),
                both,
            ),
        ]

    @api.model
    def _get_evidence_queries(self):
        """Return which files prove what a grant paid, until when. Override.

        :return: queries of (id of the file, last day on which it may be asked for)
        :rtype: list of SQL
        """
        return []

    @api.model
    def _get_retention_holds(self, due):
        """Say what suspends the end of keeping of some files.

        :param due: ids of files
        :return: ``{(id, step): [reason, …]}``
        :rtype: dict
        """
        self.env.flush_all()
        today = fields.Date.context_today(self)
        queries = self._get_hold_queries() + [
            (
                SQL(
                    "SELECT proof.file_id FROM (%s) proof (file_id, day)"
                    " WHERE proof.day >= %s",
                    query,
                    today,
                ),
                self.env._("It proves what a grant paid, until its control."),
                ("anonymise",),
            )
            for query in self._get_evidence_queries()
        ]
        holds = {}
        for query, reason, steps in queries:
            rows = self.env.execute_query(
                SQL(
                    "SELECT held.id FROM (%s) held (id) WHERE held.id = ANY(%s)"
                    " GROUP BY 1",
                    query,
                    list(due),
                )
            )
            for (file_id,) in rows:
                for step in steps:
                    holds.setdefault((file_id, step), []).append(reason)
        return holds

    def _put_in_archive(self):
        """Hide the files from all but the readers of the archive; logins are closed."""
        merged = self.search([("merged_into_id", "in", self.ids)])
        (self | merged).write(
            {"active": False, "date_intermediate": fields.Date.context_today(self)}
        )
