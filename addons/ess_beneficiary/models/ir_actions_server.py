from odoo import api, models

NAMES = ["name", "model_id", "state", "code"]


class IrActionsServer(models.Model):
    """Code typed in the settings runs past every rule: told as well."""

    _inherit = "ir.actions.server"

    @api.model_create_multi
    def create(self, vals_list):
        """Tell about the code added."""
        actions = super().create(vals_list)
        events = self.env["ess.security.event"]
        coded = actions.filtered(lambda action: action.state == "code")
        events._add_values("code", "create", coded, NAMES)
        return actions

    def write(self, vals):
        """Tell about the code changed."""
        events = self.env["ess.security.event"]
        names = [name for name in ("code", "state") if name in vals]
        before = {
            action.id: events._snapshot(action, names)
            for action in (self.sudo() if names else ())
        }
        result = super().write(vals)
        coded = self.filtered(lambda action: names and action.state == "code")
        events._add_values("code", "write", coded, names, before)
        return result
