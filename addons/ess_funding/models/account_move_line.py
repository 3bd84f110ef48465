from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import formatLang


class AccountMoveLine(models.Model):
    """Journal items know whether somebody pays for them.

    They are linked to actions and grants in the screens accountants know, by Odoo's
    analytic distribution; nothing is entered twice.
    """

    _inherit = "account.move.line"

    ess_grant_id = fields.Many2one(
        comodel_name="ess.grant",
        string="Grant",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="Grant that this item of the balance sheet or of the income belongs to: "
        "what the funder owes or pays, deferred income, dedicated funds.",
    )
    ess_is_salary = fields.Boolean(
        string="Salary",
        readonly=True,
        index="btree_not_null",
        help="Line of one person's salary: read by the payroll group only.",
    )
    ess_is_self_funded = fields.Boolean(
        string="Paid by own resources",
        help="The association pays this cost itself: it does not look for a grant any "
        "more.",
    )
    ess_is_indirect = fields.Boolean(
        string="Indirect cost",
        help="Running cost of the association that its actions share by a key: rent, "
        "insurance, accountant… Reports show it apart from direct costs.",
    )
    ess_has_action = fields.Boolean(
        string="Charged to an action",
        compute="_compute_ess_links",
        search="_search_ess_has_action",
        help="A share of this line names an account of the plan Actions.",
    )
    ess_has_grant = fields.Boolean(
        string="Paid by a grant",
        compute="_compute_ess_links",
        search="_search_ess_has_grant",
        help="A share of this line names an account of the plan Funding.",
    )

    @api.depends("analytic_distribution")
    def _compute_ess_links(self):
        ids = self._get_analytic_account_ids_from_distributions(
            [line.analytic_distribution or {} for line in self]
        )
        roles = self.env["account.analytic.account"]._ess_roles(ids) if ids else {}
        for line in self:
            own = self._get_analytic_account_ids_from_distributions(
                line.analytic_distribution
            )
            found = {roles.get(account_id) for account_id in own}
            line.ess_has_action = "action" in found
            line.ess_has_grant = "grant" in found

    def _search_ess_has_action(self, operator, value):
        return self._ess_search_role("action", operator)

    def _search_ess_has_grant(self, operator, value):
        return self._ess_search_role("grant", operator)

    @api.model
    def _ess_search_role(self, role, operator):
        """Lines with a share on an account of this plan ("in" means true)."""
        if operator != "in":
            return NotImplemented
        ids = self.env["account.analytic.account"]._ess_account_ids(role)
        return Domain("analytic_distribution", "in", ids) if ids else Domain.FALSE

    def write(self, vals):
        """What is charged follows the mark *indirect* of its journal item."""
        result = super().write(vals)
        if "ess_is_indirect" in vals:
            # sudo: the mark of the item, repeated on its analytic lines; lock dates
            # are checked there
            lines = self.sudo().analytic_line_ids
            lines.write({"ess_is_indirect": vals["ess_is_indirect"]})
        return result

    def _prepare_analytic_distribution_line(self, *args, **kwargs):
        """Analytic lines say whether their cost is indirect."""
        values = super()._prepare_analytic_distribution_line(*args, **kwargs)
        return values | {
            "ess_is_indirect": self.ess_is_indirect,
            "ess_is_salary": self.ess_is_salary,
        }

    def _ess_line_name(self):
        """Entry, account and label, so that the line is found among many."""
        parts = [self.move_id.name or self.ref, self.account_id.code, self.name]
        return " – ".join(part for part in parts if part and part != "/")

    def _validate_analytic_distribution(self):
        """Also run the guard when analytic lines are made.

        A distribution that came from a distribution model is a computed value, which
        no constraint sees; posting is where it becomes a fact.
        """
        self._check_ess_distribution()
        return super()._validate_analytic_distribution()

    def _ess_check_charged_amount(self, column):
        """Analytic lines must not charge more euros than the journal item holds.

        :param str column: column of the plan Actions on analytic lines
        :raises ValidationError: with the figures of the first line that is wrong
        """
        if not self:
            return
        # sudo: the sum must count lines that the writer may not read
        groups = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                [("move_line_id", "in", self.ids), (column, "!=", False)],
                ["move_line_id"],
                ["amount:sum", "__count"],
            )
        )
        for line, charged, count in groups:
            amount, currency = -charged, line.company_currency_id
            # Odoo rounds each analytic line: allow one cent per line, as it does.
            slack = count * currency.rounding if count > 1 else 0
            over = abs(amount) - abs(line.balance) - slack
            wrong_way = amount * line.balance < 0
            if currency.compare_amounts(over, 0) > 0 or wrong_way:
                raise ValidationError(
                    self.env._(
                        "The actions charge %(charged)s of a line of %(balance)s. A "
                        "cost can be charged only once: lower the shares.\n"
                        "Line: %(line)s",
                        charged=formatLang(self.env, amount, currency_obj=currency),
                        balance=formatLang(
                            self.env, line.balance, currency_obj=currency
                        ),
                        line=line._ess_line_name(),
                    )
                )
