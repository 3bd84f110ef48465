from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang

from ..tools import statement
from . import ess_funding_twin  # noqa: F401  (Odoo wants the parent defined first)

RESOURCE_GUARDS = [("flag", "Shown as a problem"), ("refuse", "Refused")]
DESTINATIONS = [
    ("mission_france", "Social mission in France"),
    ("mission_abroad", "Social mission abroad"),
    ("public_appeal", "Calls to public generosity"),
    ("fundraising", "Search for other resources"),
    ("running", "Running costs"),
]


class EssFundingAction(models.Model):
    """What costs are for: an action that funders pay, or the association's structure.

    Made by the fundraiser or the accountant for one or several programmes. It has an
    analytic account of its own in the plan *Actions*; its budget and what is charged
    to that account give planned and actual. Cost of the whole action, not only of what
    a grant pays.
    """

    _name = "ess.funding.action"
    _description = "Funded action"
    _inherit = ["ess.funding.twin"]
    _order = "is_structure, date_from desc, name"
    _check_company_auto = True

    name = fields.Char(required=True, index="trigram")
    active = fields.Boolean(default=True)
    is_structure = fields.Boolean(
        string="Structure",
        help="The action that bears what belongs to no funded action: head office, "
        "general assembly… One per company.",
    )
    programme_ids = fields.Many2many(
        comodel_name="ess.programme",
        string="Programmes",
        check_company=True,
        help="Programmes whose people and activity the reports of this action show.",
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")
    description = fields.Text()
    destination = fields.Selection(
        DESTINATIONS,
        required=True,
        default="mission_france",
        help="Where the costs of the action go in the statement of income by origin "
        "and expenses by destination (CROD). Structure: running costs.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    budget_ids = fields.One2many("ess.budget", "action_id", string="Budgets")
    share_ids = fields.One2many("ess.grant.share", "action_id", string="Grants")
    resource_guard = fields.Selection(
        RESOURCE_GUARDS,
        string="Grants above the cost",
        required=True,
        default="refuse",
        help="Refused once the validated budgets cover the whole action: the same cost "
        "would be declared to two funders.",
    )
    # figures
    planned_cost = fields.Monetary(
        compute="_compute_figures",
        help="Expenses of the budget in force, contributions in kind left out.",
    )
    actual_cost = fields.Monetary(
        compute="_compute_figures",
        help="Posted expenses charged to the action since it began.",
    )
    actual_rate = fields.Float(string="Done (%)", compute="_compute_figures")
    planned_resources = fields.Monetary(
        string="Grants awarded",
        compute="_compute_figures",
        help="Shares that the grants give to this action, whatever their period.",
    )
    over_funding = fields.Monetary(
        compute="_compute_figures",
        help="What the grants give beyond the cost of the action.",
    )
    over_funding_message = fields.Char(compute="_compute_figures")

    _structure_uniq = models.UniqueIndex(
        "(company_id) WHERE is_structure",
        "The company already has its Structure action.",
    )
    _dates = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "The action must end after it begins.",
    )

    # === COMPUTE
    @api.depends("budget_ids.state", "budget_ids.line_ids.amount", "share_ids.amount")
    @api.depends_context("lang")
    def _compute_figures(self):
        costs = self._get_actual_costs()
        for action in self:
            currency = action.currency_id or self.env.company.currency_id
            budgets = action._get_current_budgets()
            action.planned_cost = sum(budgets.mapped("total_charge"))
            action.actual_cost = currency.round(costs.get(action.id, 0.0))
            action.actual_rate = (
                statement.rate(action.planned_cost, action.actual_cost) or 0.0
            )
            resources = action.share_ids.filtered(
                lambda share: share.state not in ("draft", "refused")
            )
            action.planned_resources = sum(resources.mapped("amount"))
            cost = max(action.planned_cost, action.actual_cost)
            over = action.planned_resources - cost
            action.over_funding = over if cost and over > 0 else 0.0
            action.over_funding_message = action._get_over_funding_message()

    def _get_over_funding_message(self):
        """The warning "resources above cost", with its figures, or nothing."""
        self.ensure_one()
        if not self.over_funding:
            return ""

        def money(amount):
            return formatLang(self.env, amount, currency_obj=self.currency_id)

        return self.env._(
            "Grants give %(resources)s to this action, which costs %(cost)s: "
            "%(over)s too much. The same cost may be declared to two funders.",
            resources=money(self.planned_resources),
            cost=money(max(self.planned_cost, self.actual_cost)),
            over=money(self.over_funding),
        )

    # === ACTIONS
    def action_open_statement(self):
        """Open planned and actual of the action."""
        self.ensure_one()
        wizard = self.env["ess.funding.statement"].create({"action_id": self.id})
        return wizard._get_window_action()

    def action_open_costs(self):
        """Open the analytic lines of the action, with the reader's own rights."""
        self.ensure_one()
        return self._get_line_action(self._get_cost_domain())

    # === BUSINESS
    @api.model
    def _twin_role(self):
        return "action"

    def _get_current_budgets(self):
        """Budgets that give the plan: validated ones, else the newest draft.

        :rtype: ess.budget
        """
        self.ensure_one()
        validated = self.budget_ids.filtered(lambda budget: budget.state == "validated")
        return validated or self.budget_ids[:1]

    def _get_cost_domain(self, date_from=None, date_to=None):
        """Analytic lines that count: euros of posted entries, nothing else.

        Hours of timesheets have no general account and are no cost. Override to count
        other documented lines.

        :param date date_from: first day, inclusive; no limit when ``None``
        :param date date_to: last day, inclusive
        :rtype: list
        """
        column = self.env["account.analytic.plan"]._ess_column("action")
        domain = [
            (column, "in", self.sudo().analytic_account_id.ids),  # sudo: ids only
            ("general_account_id", "!=", False),
            ("move_line_id.parent_state", "=", "posted"),
            ("company_id", "in", self.company_id.ids),
        ]
        if date_from:
            domain.append(("date", ">=", date_from))
        if date_to:
            domain.append(("date", "<=", date_to))
        return domain

    def _get_actual_amounts(self, date_from=None, date_to=None):
        """What is charged to these actions, in one grouped statement.

        :return: ``{(action id, general account, analytic account of the grant or
            empty, is indirect): amount}``; costs are negative, income positive, company
            currency
        :rtype: dict
        """
        plans = self.env["account.analytic.plan"]
        action, grant = plans._ess_column("action"), plans._ess_column("grant")
        # sudo: totals per account of the company's own actions; opening the lines
        # themselves needs accounting rights.
        groups = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                self._get_cost_domain(date_from, date_to),
                [action, "general_account_id", grant, "ess_is_indirect"],
                ["amount:sum"],
            )
        )
        action_of = {record.analytic_account_id.id: record.id for record in self.sudo()}
        return {
            (action_of[account.id], general, payer, bool(is_indirect)): amount
            for account, general, payer, is_indirect, amount in groups
        }

    def _get_actual_costs(self):
        """Actual cost of each action over its whole life.

        :return: ``{action id: cost}``, positive
        :rtype: dict
        """
        costs = dict.fromkeys(self.ids, 0.0)
        if not self.ids:
            return costs
        funds = self.company_id._ess_fund_cost_ids()  # money kept is no cost
        for key, amount in self._get_actual_amounts().items():
            action_id, general, *_rest = key
            if general.internal_group == "expense" and general.id not in funds:
                costs[action_id] -= amount
        return costs

    def _get_activity_costs(self, date_from=None, date_to=None):
        """Cost of each action for whoever measures: SROI, cost per person or outcome.

        Dedicated funds are no cost, nor is money given back to a funder: transfers
        of class 689 and refunds of grants are left out.

        :return: ``{action id: cost}``, positive
        :rtype: dict
        """
        costs = dict.fromkeys(self.ids, 0.0)
        if not self.ids:
            return costs
        funds = self.company_id._ess_fund_cost_ids()
        found = self._get_actual_amounts(date_from, date_to)
        for (action_id, account, *_rest), amount in found.items():
            if account.internal_group == "expense" and account.id not in funds:
                costs[action_id] -= amount
        column = self.env["account.analytic.plan"]._ess_column("action")
        domain = [
            *self._get_cost_domain(date_from, date_to),
            ("move_line_id.move_id.ess_kind", "=", "refund"),
            ("general_account_id.internal_group", "=", "expense"),
        ]
        # sudo: as in _get_actual_amounts
        lines = self.env["account.analytic.line"].sudo()
        action_of = {record.analytic_account_id.id: record.id for record in self.sudo()}
        for account, amount in lines._read_group(domain, [column], ["amount:sum"]):
            costs[action_of[account.id]] += amount
        return {action_id: round(cost, 2) for action_id, cost in costs.items()}

    def _get_statement(self, budgets, date_from=None, date_to=None, grant=None):
        """Planned and actual of the whole action, with a grant's part.

        :param budgets: ess.budget giving the plan
        :param grant: ess.grant whose part is shown, or empty
        :return: rows of ``tools/statement.py``; ``sources`` of a row are the triples
            (general account id, analytic account id of the payer or ``False``, is
            indirect) that it is made of
        :rtype: list[dict]
        """
        self.ensure_one()
        layout = self.env["ess.cerfa.line"]._get_layout()
        cells = self._get_statement_cells(layout, date_from, date_to)
        payer = grant.sudo().analytic_account_id.id if grant else None  # sudo: its id
        actual, share, sources = {}, {}, {}
        for key, source, amount in cells:
            actual[key] = actual.get(key, 0.0) + amount
            sources.setdefault(key, []).append(source)
            if payer and source[1] == payer:
                share[key] = share.get(key, 0.0) + amount
        planned = budgets._get_planned()
        labels = self._get_statement_labels()
        rows = statement.build_rows(layout, planned, actual, share, labels)
        return statement.attach_sources(rows, sources, layout)

    def _get_statement_cells(self, layout, date_from=None, date_to=None):
        """Actual amounts, each with the place where the form shows it.

        :return: ``((side, cerfa line id or False), (general account id, payer id or
            False, is indirect), amount that goes the way of its side)``
        :rtype: list[tuple]
        """
        form = self.env["ess.cerfa.line"]
        direct = form._get_prefix_map().find
        indirect = form._get_prefix_map(is_indirect=True).find
        own_lines = self._get_grant_lines()
        side_of = {line["id"]: line["side"] for line in layout}
        cells = []
        found = self._get_actual_amounts(date_from, date_to)
        for (_action, general, payer, is_indirect), amount in found.items():
            code = general.with_company(self.company_id).code
            line_id = (is_indirect and indirect(code)) or direct(code) or False
            if payer and general.internal_group == "income":
                line_id = own_lines.get(payer.id) or line_id
            side = side_of.get(line_id) or self._get_side(general)
            source = (general.id, payer.id or False, is_indirect)
            cells.append(((side, line_id), source, statement.SIGN[side] * amount))
        return cells

    def _get_source_domain(self, sources, date_from=None, date_to=None):
        """Analytic lines behind a row of the statement.

        :param sources: triples (general account id, payer id or ``False``, is
            indirect)
        :rtype: list
        """
        column = self.env["account.analytic.plan"]._ess_column("grant")
        by_payer = {}
        for general_id, payer, is_indirect in sources:
            by_payer.setdefault((payer, is_indirect), []).append(general_id)
        parts = [
            Domain(column, "=", payer)
            & Domain("general_account_id", "in", accounts)
            & Domain("ess_is_indirect", "=", is_indirect)
            for (payer, is_indirect), accounts in by_payer.items()
        ]
        return list(
            Domain(self._get_cost_domain(date_from, date_to)) & Domain.OR(parts)
        )

    @api.model
    def _get_side(self, account):
        """Side of an account that no report line covers.

        :param account: account.account
        :rtype: str
        """
        sides = {"expense": statement.CHARGE, "income": statement.PRODUCT}
        return sides.get(account.internal_group, statement.OTHER)

    def _get_grant_lines(self):
        """Report line of the income of each grant: one account, many funders.

        :return: ``{analytic account id of the grant: cerfa line id}``
        :rtype: dict
        """
        # sudo: which line a grant of the company is shown on, no more
        grants = self.env["ess.grant"].sudo().with_context(active_test=False)
        grants = grants.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("cerfa_line_id", "!=", False),
            ]
        )
        return {
            grant.analytic_account_id.id: grant.cerfa_line_id.id for grant in grants
        }

    @api.model
    def _get_statement_labels(self):
        """Texts of the rows that are not lines of the form."""
        return {
            "unmatched_charge": self.env._("Expenses on accounts of no line"),
            "unmatched_product": self.env._("Income on accounts of no line"),
            "unmatched_in_kind_charge": self.env._(
                "Voluntary contributions of no line (86)"
            ),
            "unmatched_in_kind_product": self.env._(
                "Voluntary contributions of no line (87)"
            ),
            "other": self.env._("Accounts outside the income statement"),
            "total_charge": self.env._("TOTAL EXPENSES"),
            "total_product": self.env._("TOTAL INCOME"),
            "total_in_kind_charge": self.env._("Total of class 86"),
            "total_in_kind_product": self.env._("Total of class 87"),
            "grand_total_in_kind_charge": self.env._("GRAND TOTAL (expenses)"),
            "grand_total_in_kind_product": self.env._("GRAND TOTAL (income)"),
        }

    def _get_line_action(self, domain):
        """Window on analytic lines.

        :param list domain: on account.analytic.line
        """
        return self.env["ir.actions.act_window"]._for_xml_id(
            "ess_funding.account_analytic_line_action_costs"
        ) | {"domain": domain}
