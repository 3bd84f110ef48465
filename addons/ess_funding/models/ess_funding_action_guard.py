from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

#: states in which a grant is a resource of its actions
AWARDED = ("notified", "running", "reporting", "closed")


class EssFundingAction(models.Model):
    """No cost is declared twice: what grants give to an action is its cost at most."""

    _inherit = "ess.funding.action"

    def _is_planned_whole(self):
        """Whether validated budgets cover the action from its first day to its last."""
        self.ensure_one()
        budgets = self.budget_ids.filtered(lambda budget: budget.state == "validated")
        if not budgets or not (self.date_from and self.date_to):
            return False
        first, last = budgets.mapped("date_from"), budgets.mapped("date_to")
        return min(first) <= self.date_from and max(last) >= self.date_to

    def _check_resources(self):
        """Refuse grants above the cost of an action whose plan is whole.

        An award may be above what is planned when more was spent: the higher of plan
        and ledger is the cost.

        :raises ValidationError: with the figures
        """
        strict = self.filtered(lambda action: action.resource_guard == "refuse")
        guarded = strict.filtered(lambda action: action._is_planned_whole())
        awarded = guarded._get_awarded()
        costs = guarded._get_actual_costs()
        for action in guarded:
            budgets = action._get_current_budgets()
            cost = max(sum(budgets.mapped("total_charge")), costs[action.id])
            given, currency = awarded.get(action.id, 0.0), action.currency_id
            if currency.compare_amounts(given, cost) > 0:
                raise ValidationError(
                    self.env._(
                        "Grants would give %(given)s to “%(action)s”, which costs "
                        "%(cost)s: the same cost would be declared to two funders. "
                        "Lower a share, change the budget, or have the action show it "
                        "as a problem only.",
                        given=formatLang(self.env, given, currency_obj=currency),
                        cost=formatLang(self.env, cost, currency_obj=currency),
                        action=action.name,
                    )
                )

    def _get_awarded(self):
        """What grants give to each action.

        :rtype: dict
        """
        # sudo: what all grants of the action give, whoever may read them
        shares = self.env["ess.grant.share"].sudo()
        domain = [("action_id", "in", self.ids), ("grant_id.state", "in", AWARDED)]
        groups = shares._read_group(domain, ["action_id"], ["amount:sum"])
        return {action.id: amount for action, amount in groups}
