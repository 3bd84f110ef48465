from odoo import api, fields, models
from odoo.tools import SQL

from .ess_session import SHEET_GROUPS
from .ess_session_need import HOLDING_STATES
from .ess_volunteer import VOLUNTEER_GROUP


class EssSession(models.Model):
    """A session that lacks people: how many volunteers, in which roles, who asked."""

    _inherit = "ess.session"

    need_ids = fields.One2many(
        "ess.session.need",
        "session_id",
        string="Volunteers needed",
        groups=SHEET_GROUPS,
        copy=True,
    )
    signup_ids = fields.One2many(
        "ess.signup", "session_id", string="Sign-ups", groups=VOLUNTEER_GROUP
    )
    is_public = fields.Boolean(
        string="On the public list",
        help="Shown to everyone on the page of missions, with its day, place and role. "
        "Nothing of the people who come.",
    )
    is_declared = fields.Boolean(
        string="Hours declared by volunteers",
        readonly=True,
        copy=False,
        help="Exists only for hours that volunteers entered outside any session.",
    )
    missing_count = fields.Integer(
        string="Volunteers missing",
        compute="_compute_missing_count",
        search="_search_missing_count",
        groups=SHEET_GROUPS,
    )
    waiting_signups = fields.Integer(
        string="Waiting", compute="_compute_waiting_signups", groups=VOLUNTEER_GROUP
    )

    _declared_uniq = models.UniqueIndex(
        "(programme_id, day, COALESCE(mission_type_id, 0)) WHERE is_declared",
        "The hours declared for this programme and day already have a sheet.",
    )

    @api.depends("need_ids.missing")
    def _compute_missing_count(self):
        for session in self:
            session.missing_count = sum(session.need_ids.mapped("missing"))

    @api.depends("signup_ids.state")
    def _compute_waiting_signups(self):
        for session in self:
            session.waiting_signups = len(
                session.signup_ids.filtered(lambda signup: signup.state == "waiting")
            )

    def _search_missing_count(self, operator, value):
        """Find the sessions to come that lack volunteers: only “> 0” is asked."""
        if operator not in (">", ">=") or value not in (0, 1):
            return NotImplemented
        self.env["ess.presence"].flush_model()
        short = SQL(
            """(SELECT n.session_id FROM ess_session_need n
            JOIN ess_session s ON s.id = n.session_id
            WHERE s.state = 'planned' AND s.date_end > %s AND n.needed > (
                SELECT COALESCE(sum(GREATEST(p.group_size, 1)), 0) FROM ess_presence p
                WHERE p.need_id = n.id AND p.state IN %s))""",
            fields.Datetime.now(),
            HOLDING_STATES,
        )
        return [("id", "in", short)]

    def write(self, vals):
        """Change sessions; a cancelled one lets go those who had signed up."""
        result = super().write(vals)
        if vals.get("state") == "cancelled":
            # sudo: everyone who signed up, whoever cancels
            signups = self.sudo().signup_ids.filtered(
                lambda signup: signup.state != "cancelled"
            )
            signups.state = "cancelled"
            signups.volunteer_id._tell_each(
                "cancelled", {signup.volunteer_id: signup for signup in signups}
            )
        return result

    def action_match(self):
        """Suggest volunteers for the places left."""
        self.ensure_one()
        self.env["ess.volunteer"].check_access("write")
        match = self.env["ess.session.match"]._suggest(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who could come"),
            "res_model": "ess.session.match",
            "res_id": match.id,
            "view_mode": "form",
            "target": "new",
        }
