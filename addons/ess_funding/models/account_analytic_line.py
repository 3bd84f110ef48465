from odoo import api, models
from odoo.exceptions import ValidationError


class AccountAnalyticLine(models.Model):
    """Analytic lines obey the guard too: Odoo protects them by no lock date."""

    _inherit = "account.analytic.line"

    def _ess_guarded_fields(self):
        """Fields whose change may break the guard; columns differ per database."""
        return [*self._get_plan_fnames(), "amount", "move_line_id"]

    @api.constrains(lambda self: self._ess_guarded_fields())
    def _check_ess_charges(self):
        """Refuse a grant without an action, and a cost charged more than once.

        :raises ValidationError: with the figures
        """
        plans = self.env["account.analytic.plan"]
        action, grant = plans._ess_column("action"), plans._ess_column("grant")
        if action not in self._fields or grant not in self._fields:
            return  # the plans are being created
        for line in self:
            if line[grant] and not line[action]:
                raise ValidationError(
                    self.env._(
                        "%(grant)s pays “%(line)s” without any action. A grant pays "
                        "for an action: choose the action on the same line.",
                        grant=line[grant].sudo().name,  # sudo: a name just written
                        line=line.name,
                    )
                )
        self.filtered(action).move_line_id._ess_check_charged_amount(action)

    def action_ess_open_entry(self):
        """Open the journal entry behind the line, with the reader's own rights."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_line_id.move_id.id,
            "view_mode": "form",
        }
