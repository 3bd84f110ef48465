from odoo import api, models

NAMES = ["model_id", "groups", "domain_force", "active"]


class IrRule(models.Model):
    """Record rules on our models: a change is told to the data-protection officer."""

    _inherit = "ir.rule"

    @api.model_create_multi
    def create(self, vals_list):
        """Tell about the rules added."""
        rules = super().create(vals_list)
        events = self.env["ess.security.event"]
        events._add_values("rule", "create", rules._ess_watched(), NAMES)
        return rules

    def write(self, vals):
        """Tell about the rules changed."""
        events = self.env["ess.security.event"]
        watched = self._ess_watched()
        before = {rule.id: events._snapshot(rule, vals) for rule in watched.sudo()}
        result = super().write(vals)
        events._add_values("rule", "write", watched, vals, before)
        return result

    def unlink(self):
        """Tell about the rules removed."""
        events = self.env["ess.security.event"]
        events._add_values("rule", "unlink", self._ess_watched(), NAMES)
        return super().unlink()

    def _ess_watched(self):
        """Return the rules on models that hold files."""
        events = self.env["ess.security.event"]
        # sudo: only on which model each rule is
        return self.filtered(
            lambda rule: events._is_watched(rule.sudo().model_id.model)
        )
