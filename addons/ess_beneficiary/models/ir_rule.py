from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import config


class IrRule(models.Model):
    """What is written in a file follows the rules of the file.

    Odoo does the same for models that extend another by `_inherits`. So a rule that
    opens or closes files, in whatever room, holds for everything in them, and a new
    kind of fact needs no rule of its own to be as safe as the file.
    """

    _inherit = "ir.rule"

    @api.model
    @tools.conditional(
        "xml" not in config["dev_mode"],
        tools.ormcache(
            "self.env.uid",
            "self.env.su",
            "model_name",
            "mode",
            "tuple(self._compute_domain_context_values())",
        ),
    )
    def _compute_domain(self, model_name, mode="read"):
        """Add to the rules of a fact those of the file that it belongs to."""
        domain = super()._compute_domain(model_name, mode)
        if not (file_mode := self._get_file_mode(model_name, mode)):
            return domain
        files = self._compute_domain("ess.beneficiary", file_mode)
        model = self.env[model_name]
        return (domain & Domain("beneficiary_id", "any", files)).optimize(model)

    def _get_failing(self, for_records, mode="read"):
        """Name the rules of the files too, so that the message can tell."""
        failing = super()._get_failing(for_records, mode)
        if file_mode := self._get_file_mode(for_records._name, mode):
            files = for_records.sudo().beneficiary_id.with_env(for_records.env)
            failing |= super()._get_failing(files, file_mode)
        return failing

    def _get_file_mode(self, model_name, mode):
        """What one must be allowed on the file to do this with a fact of it.

        :return: an operation (*read*, *write*), or None when the model is no fact
        """
        model = self.env[model_name]
        is_fact = isinstance(model, self.env.registry["ess.beneficiary.fact"])
        if self.env.su or not is_fact:
            return None
        return "read" if mode == "read" else model._file_access
