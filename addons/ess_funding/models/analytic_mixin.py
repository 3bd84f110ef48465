from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from ..tools import distribution as guard


class AnalyticMixin(models.AbstractModel):
    """No euro is charged twice: the guard on every analytic distribution.

    It holds wherever a distribution is stored (journal items, distribution models,
    expenses…): a grant is joined to an action, and the actions of a line take 100 %
    of it at most, so that the grants of an action never exceed the action's share.
    """

    _inherit = "analytic.mixin"

    @api.constrains("analytic_distribution")
    def _check_ess_distribution(self):
        """Refuse a distribution that charges a cost more than once.

        :raises ValidationError: with the figures of the first wrong line
        """
        with_shares = self.filtered("analytic_distribution")
        account_ids = self._get_analytic_account_ids_from_distributions(
            [
                {key: 0 for key in line.analytic_distribution if key != "__update__"}
                for line in with_shares
            ]
        )
        if not account_ids:
            return
        roles = self.env["account.analytic.account"]._ess_roles(account_ids)
        if not roles:
            return
        digits = self.env["decimal.precision"].precision_get("Percentage Analytic")
        for line in with_shares:
            found = guard.find_problems(line.analytic_distribution, roles, digits)
            if found:
                raise ValidationError(line._ess_problem_text(found[0], roles))
        with_shares._check_ess_european(roles)

    def _check_ess_european(self, roles):
        """A cost is never declared in two European operations.

        :param dict roles: ``{analytic account id: "action" | "grant"}``
        :raises ValidationError: naming the two grants
        """
        payers = [account_id for account_id, role in roles.items() if role == "grant"]
        # sudo: whether a grant is European, whoever writes the line
        grants = self.env["ess.grant"].sudo().with_context(active_test=False)
        found = grants.search(
            [("analytic_account_id", "in", payers), ("is_eu", "=", True)]
        )
        if len(found) < 2:
            return
        names = {grant.analytic_account_id.id: grant.name for grant in found}
        for line in self:
            own = self._get_analytic_account_ids_from_distributions(
                line.analytic_distribution
            )
            both = sorted(
                names[account_id] for account_id in own if account_id in names
            )
            if len(both) > 1:
                raise ValidationError(
                    self.env._(
                        "A cost cannot be declared in two European operations: "
                        "%(names)s.\nLine: %(line)s",
                        names=", ".join(both),
                        line=line._ess_line_name(),
                    )
                )

    def _ess_problem_text(self, problem, roles):
        """Say in plain words what is wrong with the distribution of this line.

        :param Problem problem: see ``tools/distribution.py``
        :param dict roles: ``{analytic account id: "action" | "grant"}``
        :rtype: str
        """
        self.ensure_one()
        actions, _grants = guard.share_per_action(self.analytic_distribution, roles)
        # sudo: names of accounts that the writer has put on the line
        accounts = self.env["account.analytic.account"].sudo()
        names = [
            f"{account.name} {self._ess_percent(actions[account.id])}"
            if account.id in actions and problem.kind == "over"
            else account.name
            for account in accounts.browse(problem.account_ids)
        ]
        values = {
            "line": self._ess_line_name(),
            "percent": self._ess_percent(problem.percent),
            "names": ", ".join(names),
        }
        return self._ess_problem_templates()[problem.kind] % values

    def _ess_problem_templates(self):
        """Messages by kind of problem; each takes ``line``, ``percent``, ``names``."""
        # The texts hold their own placeholders, which are filled by the caller.
        return {
            "over": self.env._(
                "This line charges %(percent)s of its amount: %(names)s.\n"
                "A cost can be charged only once: lower the shares until the actions "
                "take 100 %% at most.\nLine: %(line)s"
            ),
            "alone": self.env._(
                "%(names)s pays %(percent)s of this line without any action.\n"
                "A grant pays for an action: choose the action in the same share as "
                "the grant.\nLine: %(line)s"
            ),
            "negative": self.env._(
                "A share of %(percent)s is negative: %(names)s.\n"
                "Enter shares between 0 and 100 %%; to take a cost back, reverse its "
                "entry.\nLine: %(line)s"
            ),
            "two_actions": self.env._(
                "One share of %(percent)s names two actions: %(names)s.\n"
                "Enter one share for each action.\nLine: %(line)s"
            ),
            "two_grants": self.env._(
                "One share of %(percent)s names two grants: %(names)s.\n"
                "Enter one share for each grant.\nLine: %(line)s"
            ),
        }

    def _ess_line_name(self):
        """How the line is named in a message; override where a name is poor."""
        return self.display_name or ""

    def _ess_percent(self, percent):
        """A percentage in the reader's language, without useless zeros."""
        digits = 0 if percent == round(percent) else 2
        return f"{formatLang(self.env, percent, digits=digits)} %"
