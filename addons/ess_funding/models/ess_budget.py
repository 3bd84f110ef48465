from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

from ..tools import statement

CHARGE_SIDES = (statement.CHARGE, statement.IN_KIND_CHARGE)
PRODUCT_SIDES = (statement.PRODUCT, statement.IN_KIND_PRODUCT)


class EssBudget(models.Model):
    """The budget of an action, on the lines of the French grant form (Cerfa 12156).

    The fundraiser or the accountant fills it in for an application; once it balances
    (expenses = income, and contributions in kind on both sides) it is validated and
    becomes the plan that actual costs are compared with.
    """

    _name = "ess.budget"
    _description = "Budget of an action"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    state = fields.Selection(
        [("draft", "Draft"), ("validated", "Validated")],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    # scope
    action_id = fields.Many2one(
        comodel_name="ess.funding.action",
        string="Funded action",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    grant_id = fields.Many2one(
        comodel_name="ess.grant",
        index=True,
        ondelete="set null",
        check_company=True,
        help="Grant whose application this budget belongs to, when it is for one.",
    )
    company_id = fields.Many2one(
        related="action_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    note = fields.Text(help="How shared costs reach the action, and other remarks.")
    # amounts
    line_ids = fields.One2many("ess.budget.line", "budget_id")
    charge_line_ids = fields.One2many(
        comodel_name="ess.budget.line",
        inverse_name="budget_id",
        string="Expenses",
        domain=[("side", "in", CHARGE_SIDES)],
        copy=False,
    )
    product_line_ids = fields.One2many(
        comodel_name="ess.budget.line",
        inverse_name="budget_id",
        string="Income",
        domain=[("side", "in", PRODUCT_SIDES)],
        copy=False,
    )
    total_charge = fields.Monetary(string="Expenses total", compute="_compute_totals")
    total_product = fields.Monetary(string="Income total", compute="_compute_totals")
    total_in_kind_charge = fields.Monetary(
        string="Use of voluntary contributions", compute="_compute_totals"
    )
    total_in_kind_product = fields.Monetary(
        string="Voluntary contributions", compute="_compute_totals"
    )
    total_indirect = fields.Monetary(
        string="Of which indirect", compute="_compute_totals"
    )
    grand_total_charge = fields.Monetary(
        string="Grand total of expenses", compute="_compute_totals"
    )
    grand_total_product = fields.Monetary(
        string="Grand total of income", compute="_compute_totals"
    )
    is_balanced = fields.Boolean(compute="_compute_totals")
    balance_message = fields.Char(
        compute="_compute_totals",
        help="Says by how much the budget is out of balance; empty when it balances.",
    )

    _dates = models.Constraint(
        "CHECK(date_to >= date_from)", "The budget must end after it begins."
    )

    @api.depends("charge_line_ids.amount", "product_line_ids.amount", "line_ids.amount")
    def _compute_totals(self):
        for budget in self:
            lines = budget.charge_line_ids | budget.product_line_ids
            totals = dict.fromkeys(statement.SIDES, 0.0)
            for line in lines:
                totals[line.side] += line.amount
            budget.total_charge = totals[statement.CHARGE]
            budget.total_product = totals[statement.PRODUCT]
            budget.total_in_kind_charge = totals[statement.IN_KIND_CHARGE]
            budget.total_in_kind_product = totals[statement.IN_KIND_PRODUCT]
            budget.total_indirect = sum(
                lines.filtered("cerfa_line_id.is_indirect").mapped("amount")
            )
            budget.grand_total_charge = (
                budget.total_charge + budget.total_in_kind_charge
            )
            budget.grand_total_product = (
                budget.total_product + budget.total_in_kind_product
            )
            budget.balance_message = budget._get_balance_message()
            budget.is_balanced = not budget.balance_message

    @api.depends("name", "date_from", "date_to")
    def _compute_display_name(self):
        for budget in self:
            years = {date.year for date in (budget.date_from, budget.date_to) if date}
            period = "-".join(str(year) for year in sorted(years))
            budget.display_name = (
                budget.name
                if period in (budget.name or "")
                else f"{budget.name} {period}"
            )

    @api.constrains("grant_id", "action_id")
    def _check_grant(self):
        for budget in self:
            grant = budget.grant_id
            if grant and budget.action_id not in grant.share_ids.action_id:
                raise ValidationError(
                    self.env._(
                        "“%(grant)s” has no share for “%(action)s”. Add the action to "
                        "the grant, or leave the grant of the budget empty.",
                        grant=grant.name,
                        action=budget.action_id.name,
                    )
                )

    @api.onchange("action_id")
    def _onchange_action_id(self):
        for budget in self:
            action = budget.action_id
            budget.name = budget.name or action.name
            budget.date_from = budget.date_from or action.date_from
            budget.date_to = budget.date_to or action.date_to

    @api.model
    def default_get(self, fields_list):
        """Show the whole form at once on a new budget: every line, at zero."""
        values = super().default_get(fields_list)
        form = self.env["ess.cerfa.line"]._get_form()
        charges = form.filtered(lambda line: line.side in CHARGE_SIDES)
        if "charge_line_ids" in fields_list:
            values["charge_line_ids"] = charges._prepare_budget_lines()
        if "product_line_ids" in fields_list:
            values["product_line_ids"] = (form - charges)._prepare_budget_lines()
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Complete each budget with the lines of the form it does not have yet."""
        # Given here, the two lists get no default: that is for the form on screen.
        lists = {"charge_line_ids": [], "product_line_ids": []}
        budgets = super().create([lists | vals for vals in vals_list])
        form = self.env["ess.cerfa.line"]._get_form()
        self.env["ess.budget.line"].create(
            [
                {"budget_id": budget.id, "cerfa_line_id": line.id}
                for budget in budgets
                for line in form - budget.line_ids.cerfa_line_id
            ]
        )
        budgets.invalidate_recordset(
            ["line_ids", "charge_line_ids", "product_line_ids"]
        )
        return budgets

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for budget, vals in zip(self, vals_list, strict=True):
            vals["line_ids"] = [
                Command.create(values) for values in budget.line_ids.copy_data()
            ]
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_validated(self):
        for budget in self:
            if budget.state == "validated":
                raise UserError(
                    self.env._(
                        "“%(name)s” is validated: figures sent to funders refer to it. "
                        "Set it back to draft to delete it.",
                        name=budget.name,
                    )
                )

    def action_validate(self):
        """Make the budget the plan of the action; it must balance.

        :raises UserError: with the gap, when it does not
        """
        for budget in self:
            if not budget.is_balanced:
                raise UserError(budget.balance_message)
            if not budget.grand_total_charge:
                raise UserError(
                    self.env._(
                        "“%(name)s” is empty: enter its amounts first.",
                        name=budget.name,
                    )
                )
        self.state = "validated"

    def action_reset_to_draft(self):
        """Open the budget again; its plan stays out of new reports meanwhile."""
        self.state = "draft"

    def _get_balance_message(self):
        """By how much, and on which side, the budget is out of balance.

        :return: one or two sentences with figures, empty when it balances
        :rtype: str
        """
        self.ensure_one()
        sentences = []
        gap = self.total_charge - self.total_product
        if not self._is_zero(gap):
            sentences.append(
                self.env._(
                    "Expenses are %(charge)s and income is %(product)s: "
                    "%(gap)s of %(missing)s are missing.",
                    charge=self._money(self.total_charge),
                    product=self._money(self.total_product),
                    gap=self._money(abs(gap)),
                    missing=self.env._("income") if gap > 0 else self.env._("expenses"),
                )
            )
        gap = self.total_in_kind_charge - self.total_in_kind_product
        if not self._is_zero(gap):
            sentences.append(
                self.env._(
                    "Voluntary contributions must be equal on both sides: class 86 is "
                    "%(charge)s and class 87 is %(product)s, %(gap)s apart.",
                    charge=self._money(self.total_in_kind_charge),
                    product=self._money(self.total_in_kind_product),
                    gap=self._money(abs(gap)),
                )
            )
        return " ".join(sentences)

    def _is_zero(self, amount):
        currency = self.currency_id or self.env.company.currency_id
        return currency.is_zero(amount)

    def _money(self, amount):
        currency = self.currency_id or self.env.company.currency_id
        return formatLang(self.env, amount, currency_obj=currency)

    def _get_planned(self):
        """Planned amounts of these budgets by report line.

        :return: ``{cerfa line id: amount}`` in company currency, zeros left out
        :rtype: dict
        """
        groups = self.env["ess.budget.line"]._read_group(
            [("budget_id", "in", self.ids), ("amount", "!=", 0)],
            ["cerfa_line_id"],
            ["amount:sum"],
        )
        return {line.id: amount for line, amount in groups}
