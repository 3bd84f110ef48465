from odoo import models

from ..tools.plain_domain import plain_domain
from ..tools.statement import CHARGE, PRODUCT, shown_rows


class EssFunderReport(models.Model):
    """Money: planned and actual of each whole action, with the grant's part."""

    _inherit = "ess.funder.report"

    def _prepare_money_lines(self):
        """Use of the grant, then one table per action it pays for.

        :rtype: list[dict]
        """
        lines = self._prepare_use_lines()
        for share in self.grant_id.share_ids:
            lines += self._prepare_action_lines(share)
        return lines

    def _prepare_use_lines(self):
        """What was awarded, charged in the period, and what is left.

        :rtype: list[dict]
        """
        title = self.env._("Use of the grant")
        return [
            {
                "key": f"money/{key}",
                "section": "money",
                "group": title,
                "label": label,
                "definition": text,
                "is_money": True,
                "value": value,
            }
            for key, label, value, text in self._get_use_of_grant()
        ]

    def _get_use_of_grant(self):
        """Key, label, amount and definition of each figure on the use of the grant.

        :rtype: list[tuple]
        """
        grant = self.grant_id
        return [
            (
                "award",
                self.env._("Awarded"),
                grant.amount,
                self.env._("Amount of the agreement."),
            ),
            (
                "charged",
                self.env._("Charged in the period"),
                self._get_charged_amount(),
                self.env._(
                    "Posted expenses of the period that are charged to the grant."
                ),
            ),
            (
                "left",
                self.env._("Left to spend"),
                grant.amount - grant.spent_amount,
                self.env._(
                    "Amount of the agreement less all expenses charged to it so far."
                ),
            ),
        ]

    def _get_charged_amount(self):
        """Expenses of the period that are charged to the grant."""
        return sum(
            row["share"]
            for share in self.grant_id.share_ids
            for row in self._get_action_rows(share)
            if row["kind"] == "total" and row["side"] == CHARGE
        )

    def _get_report_budgets(self, share):
        """Budgets that give the plan: those of the grant, else of the action.

        :param share: ess.grant.share
        :rtype: ess.budget
        """
        budgets = share.action_id.budget_ids.filtered(
            lambda budget: (
                budget.date_from <= self.date_to and budget.date_to >= self.date_from
            )
        )
        validated = budgets.filtered(lambda budget: budget.state == "validated")
        budgets = validated or budgets[:1]
        own = budgets.filtered(lambda budget: budget.grant_id == self.grant_id)
        return own or budgets.filtered(lambda budget: not budget.grant_id) or budgets

    def _get_action_rows(self, share):
        """Rows of planned and actual of one action.

        :param share: ess.grant.share
        :rtype: list[dict]
        """
        return share.action_id._get_statement(
            self._get_report_budgets(share), self.date_from, self.date_to, self.grant_id
        )

    def _prepare_action_lines(self, share):
        """Values of the table of one action; empty lines are left out.

        :param share: ess.grant.share
        :rtype: list[dict]
        """
        action = share.action_id
        layout = {line.id: line for line in self.env["ess.cerfa.line"]._get_form()}
        rows = self._get_action_rows(share)
        income = next(
            row for row in rows if row["kind"] == "total" and row["side"] == PRODUCT
        )
        lines = [
            self._prepare_money_values(action, row, layout) for row in shown_rows(rows)
        ]
        if income["share"] and income["actual"]:
            lines.append(self._prepare_part_line(action, income))
        return lines

    def _prepare_money_values(self, action, row, layout):
        """Values of one line of the table of an action.

        :param dict row: see ``tools/statement.py``
        :param dict layout: ``{id: ess.cerfa.line}``
        :rtype: dict
        """
        line = layout.get(row["line_id"])
        code = line.code if line else row["side"]
        values = {
            "key": f"money/{action.id}/{row['kind']}/{code}",
            "section": "money",
            "kind": row["kind"],
            "side": row["side"],
            "chapter": row["section"] or "",
            "group": action.name,
            "label": row["label"],
            "definition": self._get_money_definition(row, line),
            "is_money": True,
            "value": row["actual"],
            "planned": row["planned"],
            "share": row["share"],
            "rate": row["rate"] or 0.0,
            "difference": row["difference"],
        }
        if row["sources"]:
            domain = action._get_source_domain(
                row["sources"], self.date_from, self.date_to
            )
            values |= {
                "source_model": "account.analytic.line",
                "source_domain": repr(plain_domain(domain)),
            }
        return values

    def _get_money_definition(self, row, line):
        """Where the amount of a row comes from, in one sentence."""
        if row["kind"] == "balance":
            return self.env._("What makes income equal to expenses.")
        if row["kind"] == "line" and line.account_prefixes:
            return self.env._(
                "Posted entries of the action on accounts beginning with %(prefixes)s.",
                prefixes=line.account_prefixes.replace(",", ", "),
            )
        if row["kind"] == "line":
            return self.env._(
                "Posted entries of the grants that are shown on this line."
            )
        return ""

    def _prepare_part_line(self, action, income):
        """The sentence of the form: the grant is so much of all income."""
        share = round(income["share"] / income["actual"] * 100, 2)
        return {
            "key": f"money/{action.id}/part",
            "section": "money",
            "group": action.name,
            "label": self.env._("Part of the grant in the total income of the action"),
            "definition": self.env._(
                "Income booked for the grant in the period, out of the total income."
            ),
            "unit": "%",
            "value": share,
        }
