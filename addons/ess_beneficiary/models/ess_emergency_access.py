from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

HOURS = "ess_beneficiary.emergency_hours"
DEFAULT_HOURS = 24
MAXIMUM_HOURS = 72


class EssEmergencyAccess(models.Model):
    """A worker's reading of a file that is not theirs, for some hours, with a reason.

    Opened by the worker alone, when nobody of the team answers and the person needs
    help now (`ess.emergency.request`). The data-protection officers learn it at once,
    and the person is told by the safe channel unless an officer defers it with a
    reason and a date. It ends by itself; a protected file never opens so.
    """

    _name = "ess.emergency.access"
    _description = "Emergency access"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    beneficiary_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="Person",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Worker",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    reason = fields.Char(required=True, readonly=True)
    date_from = fields.Datetime(string="Since", required=True, readonly=True)
    date_to = fields.Datetime(string="Until", required=True, readonly=True)
    is_in_force = fields.Boolean(
        compute="_compute_is_in_force", search="_search_is_in_force"
    )
    told_state = fields.Selection(
        selection=[
            ("to_tell", "To be told"),
            ("deferred", "Told later"),
            ("told", "Told"),
        ],
        string="The person",
        required=True,
        readonly=True,
        default="to_tell",
        tracking=True,
        help="The person has the right to know: by the safe channel, unless the "
        "data-protection officer defers it.",
    )
    told_date = fields.Datetime(string="Told on", readonly=True)
    told_user_id = fields.Many2one(
        comodel_name="res.users", string="Told by", readonly=True
    )
    defer_reason = fields.Char(string="Why later", readonly=True)
    defer_date = fields.Date(string="Not before", readonly=True)

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "An access cannot end before it starts."
    )
    _user_idx = models.Index("(user_id, date_to)")

    # === COMPUTE

    @api.depends("beneficiary_id.ref", "date_from")
    def _compute_display_name(self):
        for access in self:
            # the number of the file, never the name: others read this title
            access.display_name = access.sudo().beneficiary_id.ref or ""

    @api.depends("date_to")
    def _compute_is_in_force(self):
        now = fields.Datetime.now()
        for access in self:
            access.is_in_force = access.date_to > now

    @api.model
    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("date_to", ">", fields.Datetime.now())]

    # === ACTIONS

    def action_open_file(self):
        """Open the file while the access lasts.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return self.beneficiary_id.action_open_file()

    def action_end(self):
        """End the access before its time: the worker or a data-protection officer."""
        self.check_access("read")
        now = fields.Datetime.now()
        for access in self:
            if not (access.user_id == self.env.user or self._is_officer()):
                raise UserError(
                    self.env._("Only the worker or the officer ends this access.")
                )
            if access.date_to > now:
                access.sudo().date_to = now  # sudo: nobody else writes here

    def action_person_told(self):
        """Write down that the person was told, by whom and when."""
        self.check_access("read")
        if any(access.told_state == "told" for access in self):
            raise UserError(self.env._("The person was told already."))
        if not (
            self._is_officer() or all(self.mapped("beneficiary_id.is_mine_to_fill"))
        ):
            raise UserError(
                self.env._(
                    "Someone of the person's team or the data-protection officer tells "
                    "the person."
                )
            )
        # sudo: these three fields only, for those allowed above
        self.sudo().write(
            {
                "told_state": "told",
                "told_date": fields.Datetime.now(),
                "told_user_id": self.env.uid,
            }
        )
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def action_defer(self):
        """Ask the officer why and until when the person is not told.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tell the person later"),
            "res_model": "ess.emergency.defer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_access_id": self.id},
        }

    # === BUSINESS

    @api.model
    def _is_officer(self):
        return self.env.user.has_group("ess_beneficiary.group_beneficiary_dpo")

    @api.model
    def _get_hours(self):
        """Return how long an emergency access lasts, in hours.

        :rtype: int
        """
        # sudo: a setting, no secret
        text = self.env["ir.config_parameter"].sudo().get_param(HOURS)
        hours = int(text) if (text or "").isdigit() else DEFAULT_HOURS
        return max(1, min(hours, MAXIMUM_HOURS))

    @api.model
    def _get_files_query(self):
        """Select the files that the user reads by emergency at this moment.

        :rtype: SQL
        """
        self.flush_model(["beneficiary_id", "user_id", "date_to"])
        return SQL(
            "SELECT beneficiary_id FROM ess_emergency_access"
            " WHERE user_id = %s AND date_to > now() AT TIME ZONE 'UTC'",
            self.env.uid,
        )

    @api.model
    def _open(self, beneficiary, reason):
        """Open a file to the user for some hours and tell those who must know.

        :param beneficiary: ess.beneficiary, found for the user by the request
        :param str reason: why, already checked
        :return: ess.emergency.access
        """
        now = fields.Datetime.now()
        # sudo: users do not write here; the request has decided
        access = (
            self.sudo()
            .with_context(mail_create_nosubscribe=True)
            .create(
                {
                    "beneficiary_id": beneficiary.id,
                    "user_id": self.env.uid,
                    "company_id": beneficiary.sudo().company_id.id,
                    "reason": reason,
                    "date_from": now,
                    "date_to": now + timedelta(hours=self._get_hours()),
                }
            )
        )
        beneficiary._record_access("break_glass", reason)
        access._tell_officers()
        access._ask_to_tell_person()
        return access.sudo(False)

    def _tell_officers(self):
        """Tell the data-protection officers at once, by mail and by an activity."""
        self.ensure_one()
        officers = self.env["ess.access.seal"]._get_officers(self.company_id)
        for officer in officers:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Emergency access to look at"),
                user_id=officer.id,
            )
        if officers:
            self.env["mail.mail"].create(
                {
                    "subject": self.env._(
                        "Emergency access to file %s", self.display_name
                    ),
                    "body_html": self.env._(
                        "%(user)s has opened file %(ref)s by emergency access, until "
                        "%(date)s. The reason is in the tool: People, Rights.",
                        user=self.user_id.name,
                        ref=self.display_name,
                        date=fields.Datetime.context_timestamp(
                            self, self.date_to
                        ).strftime("%d/%m/%Y %H:%M"),
                    ),
                    "email_to": ", ".join(officers.mapped("email_formatted")),
                    "auto_delete": False,
                }
            )
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _ask_to_tell_person(self):
        """Ask the referent, or else the officers, to tell the person."""
        self.ensure_one()
        referent = self.beneficiary_id.referent_id.filtered("active")
        if referent and referent != self.user_id:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Tell the person that the file was opened"),
                user_id=referent.id,
            )

    @api.model
    def _cron_tell(self):
        """Ask again to tell the people whose officer said "later", when it is later."""
        due = self.search(
            [("told_state", "=", "deferred"), ("defer_date", "<=", fields.Date.today())]
        )
        due.write({"told_state": "to_tell"})
        for access in due:
            access._ask_to_tell_person()
            access._tell_officers()
