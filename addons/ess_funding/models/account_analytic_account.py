from odoo import api, models

from ..tools import distribution as guard


class AccountAnalyticAccount(models.Model):
    """Analytic accounts of the two plans are the twins of actions and grants."""

    _inherit = "account.analytic.account"

    @api.model
    def _ess_roles(self, account_ids=None):
        """Which analytic accounts stand for an action, which for a grant.

        :param account_ids: ids to look at; all when ``None``
        :return: ``{account id: "action" | "grant"}``; other plans are left out
        :rtype: dict
        """
        plans = self.env["account.analytic.plan"]
        roles = {
            plans._ess_plan("action").id: guard.ACTION,
            plans._ess_plan("grant").id: guard.GRANT,
        }
        domain = [("root_plan_id", "in", list(roles))]
        if account_ids is not None:
            domain.append(("id", "in", list(account_ids)))
        # sudo: only the plan of an account is learnt; a distribution may name accounts
        # that the person who writes it may not open.
        accounts = self.sudo().with_context(active_test=False)
        accounts = accounts.search_fetch(domain, ["root_plan_id"])
        return {account.id: roles[account.root_plan_id.id] for account in accounts}

    @api.model
    def _ess_account_ids(self, role):
        """Ids of all analytic accounts of one plan.

        :param str role: "action" or "grant"
        :rtype: list[int]
        """
        plan = self.env["account.analytic.plan"]._ess_plan(role)
        # sudo: ids only, used to search journal items with the reader's own rights
        accounts = self.sudo().with_context(active_test=False)
        return accounts.search([("root_plan_id", "=", plan.id)]).ids
