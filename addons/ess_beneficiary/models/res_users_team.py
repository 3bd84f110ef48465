from odoo import models


class ResUsers(models.Model):
    """Who leaves, or loses the right to follow people, leaves the teams."""

    _inherit = "res.users"

    def write(self, vals):
        """End the follow-ups of users who are archived or lose their profile."""
        result = super().write(vals)
        if vals.get("active") is False or {"group_ids", "ess_profile_id"} & vals.keys():
            self.env["ess.followup"]._end_for_lost_users(self)
        return result
