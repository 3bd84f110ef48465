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
        guarded = self.filtered(
            lambda action: (
                action.resource_guard == "refuse" and action._is_planned_whole()
            )
        )
        if not guarded:
            return
        costs = guarded._get_actual_costs()
        # sudo: what all grants of the action give, whoever may read them
        groups = (
            self.env["ess.grant.share"]
            .sudo()
            ._read_group(
                [
                    ("action_id", "in", guarded.ids),
                    ("grant_id.state", "in", AWARDED),
                ],
                ["action_id"],
                ["amount:sum"],
            )
        )
        awarded = {action.id: amount for action, amount in groups}
        for action in guarded:
            budgets = action._get_current_budgets()
            cost = max(sum(budgets.mapped("total_charge")), costs[action.id])
            given = awarded.get(action.id, 0.0)
            if action.currency_id.compare_amounts(given, cost) > 0:
                raise ValidationError(
                    self.env._(
                        "Grants would give %(given)s to “%(action)s”, which costs "
                        "%(cost)s: the same cost would be declared to two funders. "
                        "Lower a share, change the budget, or have the action show it "
                        "as a problem only.",
                        given=formatLang(
                            self.env, given, currency_obj=action.currency_id
                        ),
                        cost=formatLang(
                            self.env, cost, currency_obj=action.currency_id
                        ),
                        action=action.name,
                    )
                )
