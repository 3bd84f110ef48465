from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


class AccountAnalyticPlan(models.Model):
    """Two plans carry the money of the suite.

    *Actions* says what a cost is for, *Funding* says who pays it. They are shipped as
    data; each database has its own column for them, so code asks for it here.
    """

    _inherit = "account.analytic.plan"

    @api.model
    def _ess_plan(self, role):
        """One of the two plans of the suite.

        :param str role: "action" or "grant"
        :rtype: account.analytic.plan
        """
        name = {"action": "analytic_plan_actions", "grant": "analytic_plan_funding"}
        # sudo: the plans are plumbing; callers only use their ids and column names,
        # and people without accounting rights read figures computed from them.
        return self.env.ref(f"ess_funding.{name[role]}").sudo()

    @api.model
    def _ess_column(self, role):
        """Column of a plan on analytic lines; its name differs in each database."""
        return self._ess_plan(role)._column_name()

    def unlink(self):
        """Keep the two plans; before core, which drops their columns first."""
        if not self.env.context.get(MODULE_UNINSTALL_FLAG):
            self._check_ess_plans_kept()
        return super().unlink()

    def _check_ess_plans_kept(self):
        """Refuse to delete a plan of the suite.

        :raises UserError: what to do instead
        """
        if self & (self._ess_plan("action") | self._ess_plan("grant")):
            raise UserError(
                self.env._(
                    "The plans Actions and Funding link costs to actions and grants. "
                    "They cannot be deleted; archive the accounts you do not use."
                )
            )
