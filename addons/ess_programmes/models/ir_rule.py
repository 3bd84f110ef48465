from odoo import api, models
from odoo.fields import Domain


class IrRule(models.Model):
    """A request follows the rules of the file or of the household that it is about."""

    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """Add the rules of the person and of the household to those of a request.

        A request without a name keeps only its own rules.
        """
        domain = super()._compute_domain(model_name, mode)
        if self.env.su or model_name != "ess.request":
            return domain
        for name, about in (
            ("beneficiary_id", "ess.beneficiary"),
            ("household_id", "ess.household"),
        ):
            allowed = Domain(name, "=", False)
            if self.env[about].has_access("read"):
                readable = self._compute_domain(about, "read")
                allowed |= Domain(name, "any", readable)
            domain &= allowed
        return domain.optimize(self.env[model_name])
