from datetime import timedelta

from odoo import api, fields, models

#: roles around a person that a mission gives, and that end with it
ROLES = ("mentor", "volunteer")


class EssVolunteer(models.Model):
    """What ends with a volunteer's engagement: shifts to come, and the files that a
    mission opened.
    """

    _inherit = "ess.volunteer"

    def write(self, vals):
        """Change volunteers; access ends with the engagement."""
        result = super().write(vals)
        if vals.get("date_stop") or vals.get("active") is False:
            self._end_stopped()
        return result

    @api.model
    def _cron_end_stopped(self):
        """End what belongs to those whose last day has passed."""
        today = fields.Date.today()
        self.search(
            [("date_stop", "<", today), ("date_stop", ">=", today - timedelta(days=7))]
        )._end_stopped()

    def _end_stopped(self):
        """Free the places of volunteers who have stopped, and end their follow-ups."""
        stopped = self.filtered(lambda volunteer: not volunteer.is_current)
        if not stopped:
            return
        # sudo: places and follow-ups of these volunteers only, whoever ends them
        stopped = stopped.sudo()
        signups = self.env["ess.signup"].sudo()
        signups.search(
            [("volunteer_id", "in", stopped.ids), ("state", "!=", "cancelled")]
        ).filtered(
            lambda signup: signup.session_id.date_start > fields.Datetime.now()
        )._withdraw()
        lines = self.env["ess.presence"].sudo()
        lines.search(
            [
                ("volunteer_id", "in", stopped.ids),
                ("state", "=", "expected"),
                ("session_id.date_start", ">", fields.Datetime.now()),
            ]
        ).write({"state": "excused", "need_id": False})
        today = fields.Date.today()
        places = self.env["ess.followup"].sudo()
        for place in places.search(
            [
                ("role", "in", ROLES),
                ("date_to", "=", False),
                ("company_id", "in", stopped.company_id.ids),
                "|",
                ("partner_id", "in", stopped.partner_id.ids),
                ("user_id.partner_id", "in", stopped.partner_id.ids),
            ]
        ):
            last = today - timedelta(days=1)
            place.write(
                {"date_to": max(place.date_from, last), "end_reason": "staff_left"}
            )
