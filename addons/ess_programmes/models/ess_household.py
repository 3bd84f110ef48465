from odoo import models


class EssHousehold(models.Model):
    """What a household asks for."""

    _inherit = "ess.household"

    def action_new_request(self):
        """Note what this household asks, in two more taps."""
        self.ensure_one()
        return self.env["ess.request"]._get_quick_action(
            default_household_id=self.id, default_channel="file"
        )
