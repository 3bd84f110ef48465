from odoo import models


class ResGroups(models.Model):
    """A group that starts to give a strong right is told like a person who gets it."""

    _inherit = "res.groups"

    def write(self, vals):
        """Tell who gains or loses a strong right."""
        if not vals.keys() & {"user_ids", "all_user_ids", "implied_ids"}:
            return super().write(vals)
        events = self.env["ess.security.event"]
        before = events._get_members()
        result = super().write(vals)
        events._add_members(before)
        return result
