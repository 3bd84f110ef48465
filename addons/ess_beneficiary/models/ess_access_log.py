from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import append_only, seals
from .ess_beneficiary import PERSON_GROUP

KEY = "ess.access.log"
READINGS = ("open", "list")
# Files read by one user in one day: above that the day is worth a look. A worker
# follows some hundreds of people and sees ten to twenty a day.
MANY_FILES = 60
# What a digest is made of, in this order: adding a column needs a new version of it.
SEALED_COLUMNS = (
    "id",
    "date",
    "user_id",
    "beneficiary_id",
    "company_id",
    "kind",
    "role",
    "model",
    "res_id",
    "reason_id",
)


class EssAccessLog(models.Model):
    """One reading of one file by one user: opened, exported, printed, shared.

    Written by the server at the end of the call that read, never by hand; it holds
    ids and codes only, so that erasing a person changes no line. It is sealed within
    a minute (`ess.access.seal`), refused any change by the database afterwards, and
    goes with its month when the retention period is over.
    """

    _name = "ess.access.log"
    _description = "Access log"
    _order = "id desc"
    _rec_name = "date"
    _log_access = False

    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="restrict"
    )
    beneficiary_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="Person",
        readonly=True,
        ondelete="restrict",
        help="Empty when a whole list was looked through.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        selection=[
            ("open", "Opened"),
            ("list", "Seen in a list"),
            ("export", "Exported"),
            ("print", "Printed"),
            ("share", "Shared"),
            ("search", "Looked through all files"),
            ("group", "Counted by groups"),
            ("break_glass", "Emergency access"),
            ("prune", "Old lines removed"),
        ],
        string="What was done",
        required=True,
        readonly=True,
    )
    role = fields.Selection(
        selection=[
            ("team", "Follow-up team"),
            ("emergency", "Emergency access"),
            ("worker", "Worker of a programme"),
            ("coordination", "Coordination"),
            ("dpo", "Data-protection officer"),
            ("reception", "Reception"),
            ("other", "Other"),
        ],
        string="As",
        required=True,
        readonly=True,
        help="Under which title the user could read the file at that moment.",
    )
    model = fields.Char(required=True, readonly=True)
    section = fields.Char(string="What was read", compute="_compute_section")
    res_id = fields.Many2oneReference(
        string="Record", model_field="model", readonly=True
    )
    reason_id = fields.Many2one(
        comodel_name="ess.access.reason",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    is_at_night = fields.Boolean(
        string="At night",
        compute="_compute_is_at_night",
        search="_search_is_at_night",
        help="Between 22:00 and 6:00.",
    )
    is_many_files = fields.Boolean(
        string="Many files in a day",
        compute="_compute_is_many_files",
        search="_search_is_many_files",
        help="The user read more files that day than is usual here.",
    )
    seal_id = fields.Many2one(
        comodel_name="ess.access.seal",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )

    _file_idx = models.Index("(beneficiary_id, id)")
    _user_idx = models.Index("(user_id, date)")
    _date_idx = models.Index("(date)")
    _unsealed_idx = models.Index("(id) WHERE seal_id IS NULL")

    def init(self):
        """Have the database itself refuse changes to lines."""
        self.env.cr.execute(
            append_only.guard(
                self._table,
                # a seal is set once, and nothing else ever changes
                update="OLD.seal_id IS NULL"
                " AND to_jsonb(OLD) - 'seal_id' = to_jsonb(NEW) - 'seal_id'",
                delete=f"OLD.seal_id IS NOT NULL AND {append_only.PRUNED}",
            )
        )

    # === COMPUTE

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_section(self):
        models_by_name = {
            name: self.env["ir.model"].sudo()._get(name).name  # a word, no secret
            for name in set(self.mapped("model"))
        }
        for line in self:
            line.section = models_by_name.get(line.model) or line.model

    def _compute_is_at_night(self):
        night = self.search([("id", "in", self.ids), ("is_at_night", "=", True)])
        for line in self:
            line.is_at_night = line in night

    @api.model
    def _search_is_at_night(self, operator, value):
        """Find what was read at night, by the clock of the user who asks."""
        if operator != "in":
            return NotImplemented
        hours = SQL(
            """(
                SELECT id FROM ess_access_log WHERE extract(hour FROM
                    date AT TIME ZONE 'UTC' AT TIME ZONE %s) NOT BETWEEN 6 AND 21
            )""",
            self.env.user.tz or "Europe/Paris",
        )
        return Domain("id", "in", hours)

    def _compute_is_many_files(self):
        many = self.search([("id", "in", self.ids), ("is_many_files", "=", True)])
        for line in self:
            line.is_many_files = line in many

    @api.model
    def _search_is_many_files(self, operator, value):
        """Find the days on which a user read many different files."""
        if operator != "in":
            return NotImplemented
        days = SQL(
            """(
                SELECT line.id FROM ess_access_log line
                JOIN (
                    SELECT user_id, date::date AS day FROM ess_access_log
                    GROUP BY 1, 2 HAVING count(DISTINCT beneficiary_id) > %s
                ) busy ON busy.user_id = line.user_id AND busy.day = line.date::date
            )""",
            self._get_many_files(),
        )
        return Domain("id", "in", days)

    @api.model
    def _get_many_files(self):
        """Return how many files read in a day are many."""
        return MANY_FILES

    # === ACTIONS

    def action_check_seals(self):
        """Check the seals: for the button of the list.

        :rtype: dict
        """
        return self.env["ess.access.seal"].action_check()

    def action_open_seals(self):
        """Open the list of seals.

        :rtype: dict
        """
        return self.env["ir.actions.actions"]._for_xml_id(
            "ess_beneficiary.ess_access_seal_action"
        )

    def action_contest(self):
        """Ask the data-protection officer to look at this reading.

        :rtype: dict
        """
        self.ensure_one()
        if not self.beneficiary_id:
            raise UserError(self.env._("This line is about no person in particular."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contest this reading"),
            "res_model": "ess.access.contest",
            "view_mode": "form",
            "target": "new",
            "context": {"default_log_id": self.id},
        }

    # === BUSINESS

    @api.model
    def _collect(self, files, kind, model, res_ids, reason=None):
        """Remember a reading; all those of the call are written at its end, at once.

        A second reading of the same file in the same call is the same reading.

        :param files: recordset of ess.beneficiary, empty when no file in particular
        :param str kind: kind of line
        :param str model: model of what was read
        :param list res_ids: what was read; told when it is a single record
        :param str reason: words of the user, if they were asked why
        """
        user = self.env.user
        if user._is_superuser() or user.has_group(PERSON_GROUP):
            return  # what the person reads of their own file is not told to them
        data = self.env.cr.precommit.data
        if KEY not in data:
            data[KEY] = {}
            self.env.cr.precommit.add(self.sudo()._write_collected)
        collected = data[KEY]
        role = self._get_role(user)
        reason_id = self.env["ess.access.reason"]._keep(kind, reason).id
        family = "read" if kind in READINGS else kind
        res_id = res_ids[0] if len(res_ids) == 1 else 0
        company = self.env.company.id
        for file_id in files.ids or [0]:
            key = (user.id, file_id, family, "" if file_id else model)
            if key not in collected or collected[key][0] == "list":
                collected[key] = (kind, role, model, res_id, reason_id, company)

    @api.model
    def _get_role(self, user):
        """Return the role of a user who is not in the team of the person.

        :rtype: str
        """
        room = "ess_beneficiary.group_beneficiary_"
        for role, group in (
            ("coordination", "manager"),
            ("dpo", "dpo"),
            ("worker", "officer"),
            ("reception", "viewer"),
        ):
            if user.has_group(room + group):
                return role
        return "other"

    @api.model
    def _write_collected(self):
        """Insert the lines of the transaction: one statement, nothing updated.

        Plain inserts of new rows conflict with nobody. They only take a key-share
        lock on the file, which goes along with a concurrent write in it.
        """
        collected = self.env.cr.precommit.data.pop(KEY, {})
        if not collected:
            return
        taken_out = {key[:2] for key in collected if key[1] and key[2] != "read"}
        rows = [
            (uid, file_id or None, *values)
            for (uid, file_id, family, _model), values in collected.items()
            # what was printed or exported was read too: one line for the call
            if family != "read" or (uid, file_id) not in taken_out
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ess_access_log (date, user_id, beneficiary_id, kind, role,
                    model, res_id, reason_id, company_id)
                SELECT date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC'),
                    line.user_id, line.file_id, line.kind, %s, line.model,
                    NULLIF(line.res_id, 0), line.reason_id,
                    COALESCE(file.company_id, line.company_id)
                FROM unnest(%s::int[], %s::int[], %s::text[], %s::text[], %s::text[],
                    %s::int[], %s::int[], %s::int[])
                    AS line(user_id, file_id, kind, role, model, res_id, reason_id,
                        company_id)
                LEFT JOIN ess_beneficiary file ON file.id = line.file_id
                WHERE line.file_id IS NULL OR file.id IS NOT NULL
                """,
                self._get_role_sql(),
                *[[value or None for value in column] for column in columns],
            )
        )

    @api.model
    def _get_role_sql(self):
        """Return the role in SQL, for `line` and `file`: the team comes first.

        :rtype: SQL
        """
        return SQL(
            """
            CASE WHEN EXISTS (
                SELECT FROM ess_followup WHERE beneficiary_id = line.file_id
                    AND ess_followup.user_id = line.user_id
                    AND date_from <= (now() AT TIME ZONE 'UTC')::date
                    AND (date_to IS NULL
                        OR date_to >= (now() AT TIME ZONE 'UTC')::date)
            ) THEN 'team' WHEN line.role = 'worker' AND EXISTS (
                SELECT FROM ess_emergency_access WHERE beneficiary_id = line.file_id
                    AND ess_emergency_access.user_id = line.user_id
                    AND date_to > now() AT TIME ZONE 'UTC'
            ) THEN 'emergency' ELSE line.role END
            """
        )

    def _digests(self):
        """Return the digest of each line, read from the table itself, by id.

        :return: ``{id: digest}``
        :rtype: dict
        """
        columns = SQL(", ").join(map(SQL.identifier, SEALED_COLUMNS))
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM ess_access_log WHERE id = ANY(%s) ORDER BY id",
                columns,
                self.ids,
            )
        )
        return {row[0]: seals.digest(list(row)) for row in rows}
