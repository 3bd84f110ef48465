from odoo import api, models


class IrModelAccess(models.Model):
    """Access rights on our models: a change is told to the data-protection officer."""

    _inherit = "ir.model.access"

    @api.model_create_multi
    def create(self, vals_list):
        """Tell about the rights added."""
        rights = super().create(vals_list)
        self._ess_tell("create", rights._ess_watched(), self._ess_names())
        return rights

    def write(self, vals):
        """Tell about the rights changed."""
        events = self.env["ess.security.event"]
        watched = self._ess_watched()
        before = {right.id: events._snapshot(right, vals) for right in watched.sudo()}
        result = super().write(vals)
        events._add_values("right", "write", watched, vals, before)
        return result

    def unlink(self):
        """Tell about the rights removed."""
        self._ess_tell("unlink", self._ess_watched(), self._ess_names())
        return super().unlink()

    def _ess_tell(self, operation, rights, names):
        self.env["ess.security.event"]._add_values("right", operation, rights, names)

    @api.model
    def _ess_names(self):
        return [
            "model_id",
            "group_id",
            "perm_read",
            "perm_write",
            "perm_create",
            "perm_unlink",
            "active",
        ]

    def _ess_watched(self):
        """Return the rights on models that hold files."""
        events = self.env["ess.security.event"]
        # sudo: only on which model each right is
        return self.filtered(
            lambda right: events._is_watched(right.sudo().model_id.model)
        )
