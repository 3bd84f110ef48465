from odoo import api, models


class ResUsers(models.Model):
    """Who gains or loses a strong right is told to the data-protection officer."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        """Tell about new users with strong rights."""
        events = self.env["ess.security.event"]
        before = events._get_members()
        users = super().create(vals_list)
        events._add_members(before)
        return users

    def write(self, vals):
        """Tell about strong rights given to users, or taken from them."""
        if "group_ids" not in vals:
            return super().write(vals)
        events = self.env["ess.security.event"]
        before = events._get_members()
        result = super().write(vals)
        events._add_members(before)
        return result
