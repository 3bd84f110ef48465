from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Days that the team has to fill in the situations of a day before they are frozen as
#: they are. ESF+ reads the results at exit "within four weeks" (Regulation (EU)
#: 2021/1057, annex I, common immediate result indicators).
GRACE_DAYS = 28


class EssEnrolmentSnapshot(models.Model):
    """The situations of a person on the day of entry in a programme, of exit, and six
    months after.

    Planned by the server when a stay begins or ends. The team checks the file, then
    freezes the snapshot; four weeks later the server freezes what is known. What was
    frozen no longer changes, whatever is corrected in the file. Sensitive domains are
    never copied.
    """

    _name = "ess.enrolment.snapshot"
    _description = "Snapshot of situations"
    _inherit = "ess.beneficiary.fact"
    _order = "date, id"

    enrolment_id = fields.Many2one(
        "ess.enrolment", required=True, index=True, readonly=True, ondelete="cascade"
    )
    programme_id = fields.Many2one(related="enrolment_id.programme_id")
    moment = fields.Selection(
        [("entry", "Entry"), ("exit", "Exit"), ("later", "Six months after")],
        required=True,
        readonly=True,
    )
    date = fields.Date(
        string="Day", required=True, readonly=True, help="Situations as on this day."
    )
    date_due = fields.Date(
        string="To check before",
        required=True,
        readonly=True,
        index=True,
        help="After this day, what is known is frozen as it is.",
    )
    state = fields.Selection(
        [
            ("due", "To check"),
            ("checked", "Checked"),
            ("automatic", "Frozen unchecked"),
        ],
        required=True,
        readonly=True,
        default="due",
        index=True,
    )
    date_frozen = fields.Datetime(string="Frozen at", readonly=True)
    user_id = fields.Many2one("res.users", string="Checked by", readonly=True)
    line_ids = fields.One2many(
        "ess.enrolment.snapshot.line", "snapshot_id", string="Situations", readonly=True
    )

    _moment_uniq = models.Constraint(
        "UNIQUE(enrolment_id, moment)", "This snapshot of the stay exists already."
    )

    # === COMPUTE
    @api.depends("moment", "enrolment_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_display_name(self):
        moments = dict(self._fields["moment"]._description_selection(self.env))
        for snapshot in self:
            snapshot.display_name = (
                f"{snapshot.enrolment_id.display_name} · {moments[snapshot.moment]}"
            )

    # === ACTIONS
    def action_freeze(self):
        """Freeze these snapshots: the situations have been checked with the person.

        :raises UserError: before the day itself.
        """
        # what the team of the stay may do; nobody writes a snapshot directly
        self.enrolment_id.check_access("write")
        today = self.enrolment_id.programme_id._today()
        due = self.filtered(lambda snapshot: snapshot.state == "due")
        if due.filtered(lambda snapshot: snapshot.date > today):
            raise UserError(
                self.env._(
                    "This day is still to come. Check the situations on that day, then "
                    "freeze them."
                )
            )
        # sudo: the rights have just been checked on the stays; what is copied comes
        # from the files of the same people.
        due.sudo()._freeze("checked")

    def action_open_person(self):
        """Open the file, to complete its situations."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ess.beneficiary",
            "res_id": self.beneficiary_id.id,
            "view_mode": "form",
        }

    # === BUSINESS
    def _freeze(self, state):
        """Copy the situations of each day, in one statement.

        :param str state: 'checked' or 'automatic'.
        """
        if not self:
            return
        self.env["ess.situation"].flush_model()
        self.env.execute_query(
            SQL(
                """INSERT INTO ess_enrolment_snapshot_line
                    (snapshot_id, beneficiary_id, company_id, domain_id, answer,
                     value_id, create_uid, create_date, write_uid, write_date)
                SELECT s.id, s.beneficiary_id, s.company_id, f.domain_id, f.answer,
                    f.value_id, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                    now() AT TIME ZONE 'UTC'
                FROM ess_enrolment_snapshot s
                JOIN ess_situation f ON f.beneficiary_id = s.beneficiary_id
                    AND f.active AND f.date_from <= s.date
                    AND COALESCE(f.date_to >= s.date, TRUE)
                JOIN ess_situation_domain d ON d.id = f.domain_id
                    AND d.is_sensitive IS NOT TRUE
                WHERE s.id IN %(ids)s
                ON CONFLICT DO NOTHING
                RETURNING id""",
                ids=tuple(self.ids),
                uid=self.env.uid,
            )
        )
        self.env["ess.enrolment.snapshot.line"].invalidate_model()
        self.invalidate_recordset(["line_ids"])
        self.write(
            {
                "state": state,
                "date_frozen": fields.Datetime.now(),
                "user_id": self.env.uid if state == "checked" else False,
            }
        )

    @api.model
    def _plan(self, stays):
        """Plan the snapshots of these stays, move those whose day has changed, and
        forget those of an end that has been taken back. Frozen ones never change.

        :param stays: ess.enrolment recordset.
        """
        stays = stays.filtered(
            lambda stay: stay.date_start and stay.programme_id.has_snapshots
        )
        if not stays:
            return
        stays.flush_model()
        self.env["ess.beneficiary"].flush_model(["company_id"])
        self.flush_model()
        self.env.cr.execute(SQL(FORGET_ENDS, ids=tuple(stays.ids)))
        self._plan_ids(stays.ids)
        stays.invalidate_recordset(["snapshot_ids"], flush=False)

    @api.model
    def _plan_ids(self, stay_ids):
        """Plan the snapshots of stays that are in the database already, in one
        statement.

        :param list stay_ids: ids of ess.enrolment.
        """
        self.env.cr.execute(
            SQL(PLAN, ids=list(stay_ids), uid=self.env.uid, grace=GRACE_DAYS)
        )
        self.invalidate_model()

    @api.model
    def _cron_freeze(self):
        """Freeze what nobody has checked in time, by batches."""
        domain = [("state", "=", "due"), ("date_due", "<", fields.Date.today())]
        remaining = self.search_count(domain)
        while remaining:
            batch = self.search(domain, limit=1000)
            batch._freeze("automatic")
            remaining -= len(batch)
            if not self.env["ir.cron"]._commit_progress(
                len(batch), remaining=remaining
            ):
                break


FORGET_ENDS = """
DELETE FROM ess_enrolment_snapshot s USING ess_enrolment e
WHERE e.id IN %(ids)s AND s.enrolment_id = e.id AND s.state = 'due'
AND e.date_end IS NULL AND s.moment <> 'entry'
"""
PLAN = """
INSERT INTO ess_enrolment_snapshot (enrolment_id, beneficiary_id, company_id, moment,
    date, date_due, state, create_uid, create_date, write_uid, write_date)
SELECT e.id, e.beneficiary_id, b.company_id, m.moment, m.day, m.day + %(grace)s, 'due',
    %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
FROM ess_enrolment e
JOIN ess_beneficiary b ON b.id = e.beneficiary_id
CROSS JOIN LATERAL (VALUES
    ('entry', e.date_start), ('exit', e.date_end),
    ('later', (e.date_end + interval '6 months')::date)) AS m (moment, day)
WHERE e.id = ANY(%(ids)s) AND m.day IS NOT NULL
ON CONFLICT (enrolment_id, moment) DO UPDATE
SET date = EXCLUDED.date, date_due = EXCLUDED.date_due
WHERE ess_enrolment_snapshot.state = 'due'
AND ess_enrolment_snapshot.date <> EXCLUDED.date
"""
