from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

STATES = [
    ("draft", "In preparation"),
    ("notified", "Notified"),
    ("running", "Running"),
    ("reporting", "Report due"),
    ("closed", "Closed"),
    ("refused", "Refused"),
]
# States in which costs may be charged and the grant counts as a resource.
OPEN_STATES = ("notified", "running", "reporting")


class EssGrant(models.Model):
    """Money promised by one funder: a subsidy, a foundation's gift, patronage…

    The fundraiser records the agreement; the accountant charges costs to its analytic
    account (plan *Funding*), always joined to one of the actions it pays for. In
    preparation → notified → running → report due → closed, or refused.
    """

    _name = "ess.grant"
    _description = "Grant"
    _inherit = ["ess.funding.twin", "mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"
    _rec_names_search = ["name", "ref"]
    _check_company_auto = True

    # identity
    name = fields.Char(required=True, index="trigram", tracking=True)
    ref = fields.Char(
        string="Agreement no.",
        index="trigram",
        copy=False,
        help="Number that the funder gave to the agreement.",
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    funder_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    nature_id = fields.Many2one(
        comodel_name="ess.grant.nature",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_nature(),
        help="Says where accountants book it and whether unspent money becomes a "
        "dedicated fund.",
    )
    cerfa_line_id = fields.Many2one(
        comodel_name="ess.cerfa.line",
        string="Line of the report",
        index=True,
        ondelete="restrict",
        domain=[("side", "=", "product"), ("is_heading", "=", False)],
        help="Line of the financial report that shows this grant, for example the "
        "State or the town: accounts alone do not tell funders apart.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Followed by",
        index=True,
        default=lambda self: self.env.user,
        tracking=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    # terms
    date_from = fields.Date(string="From", required=True, tracking=True)
    date_to = fields.Date(string="To", required=True, tracking=True)
    amount = fields.Monetary(required=True, tracking=True)
    is_earmarked = fields.Boolean(
        string="Earmarked",
        default=True,
        help="The funder gives it for stated actions only; what is not spent is kept "
        "for them.",
    )
    terms = fields.Html(help="Conditions of the agreement: instalments, rules, dates.")
    # what for
    share_ids = fields.One2many(
        "ess.grant.share", "grant_id", string="Actions", copy=True
    )
    action_ids = fields.Many2many(
        comodel_name="ess.funding.action",
        string="Funded actions",
        compute="_compute_action_ids",
        search="_search_action_ids",
    )
    indicator_ids = fields.Many2many(
        comodel_name="ess.indicator",
        string="Figures to report",
        help="Indicators that the funder asks for; the report computes them for the "
        "programmes of the actions.",
    )
    budget_ids = fields.One2many("ess.budget", "grant_id", string="Budgets")
    report_ids = fields.One2many("ess.funder.report", "grant_id", string="Reports")
    report_count = fields.Integer(compute="_compute_report_count")
    # figures
    unshared_amount = fields.Monetary(
        string="Not allotted", compute="_compute_unshared_amount"
    )
    spent_amount = fields.Monetary(
        string="Charged",
        compute="_compute_spent_amount",
        help="Posted expenses charged to the grant.",
    )
    remaining_amount = fields.Monetary(
        string="Left to spend", compute="_compute_spent_amount"
    )
    spent_rate = fields.Float(string="Charged (%)", compute="_compute_spent_amount")
    over_spent_message = fields.Char(compute="_compute_spent_amount")

    _dates = models.Constraint(
        "CHECK(date_to >= date_from)", "The grant must end after it begins."
    )
    _positive = models.Constraint(
        "CHECK(amount >= 0)", "The amount of a grant cannot be negative."
    )

    @api.model
    def _default_nature(self):
        return self.env["ess.grant.nature"].search([], limit=1)

    # === COMPUTE
    @api.depends("share_ids.action_id")
    def _compute_action_ids(self):
        for grant in self:
            grant.action_ids = grant.share_ids.action_id

    def _search_action_ids(self, operator, value):
        return [("share_ids.action_id", operator, value)]

    @api.depends("report_ids")
    def _compute_report_count(self):
        groups = self.env["ess.funder.report"]._read_group(
            [("grant_id", "in", self.ids)], ["grant_id"], ["__count"]
        )
        counts = {grant.id: count for grant, count in groups}
        for grant in self:
            grant.report_count = counts.get(grant.id, 0)

    @api.depends("amount", "share_ids.amount")
    def _compute_unshared_amount(self):
        for grant in self:
            grant.unshared_amount = grant.amount - sum(grant.share_ids.mapped("amount"))

    @api.depends("amount")
    @api.depends_context("lang")
    def _compute_spent_amount(self):
        spent = self._get_spent_amounts()
        for grant in self:
            currency = grant.currency_id or self.env.company.currency_id
            grant.spent_amount = currency.round(spent.get(grant.id, 0.0))
            grant.remaining_amount = grant.amount - grant.spent_amount
            grant.spent_rate = (
                round(grant.spent_amount / grant.amount * 100, 2) if grant.amount else 0
            )
            over = -grant.remaining_amount
            grant.over_spent_message = (
                self.env._(
                    "Costs charged to this grant are %(over)s above its amount.",
                    over=formatLang(self.env, over, currency_obj=currency),
                )
                if currency.compare_amounts(over, 0) > 0
                else ""
            )

    @api.constrains("amount")
    def _check_amount(self):
        self.share_ids._check_amount()

    @api.constrains("state")
    def _check_resources(self):
        """A grant that is announced fits the cost of its actions."""
        announced = self.filtered(lambda grant: grant.state == "notified")
        announced.share_ids.action_id._check_resources()

    @api.onchange("funder_id")
    def _onchange_funder_id(self):
        for grant in self:
            grant.name = grant.name or grant.funder_id.name

    # === ACTIONS
    def action_notify(self):
        """The funder has announced the grant."""
        self._set_state("notified", ("draft", "refused"))

    def action_start(self):
        """Work and spending have begun."""
        self._set_state("running", ("notified", "reporting", "closed"))

    def action_report(self):
        """The grant is spent or its period is over: the report is due."""
        self._set_state("reporting", ("notified", "running"))

    def action_close(self):
        """The funder has accepted the report."""
        self._set_state("closed", ("running", "reporting"))

    def action_refuse(self):
        """The funder said no, or the association withdrew."""
        self._set_state("refused", ("draft", "notified"))

    def action_open_costs(self):
        """Open the analytic lines charged to the grant, with the reader's rights."""
        self.ensure_one()
        return self.env["ess.funding.action"]._get_line_action(self._get_cost_domain())

    def action_open_reports(self):
        """Open the funder reports of the grant."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_funding.ess_funder_report_action"
        )
        return action | {
            "domain": [("grant_id", "=", self.id)],
            "context": {"default_grant_id": self.id},
        }

    def action_open_statement(self):
        """Open planned and actual of the first action, with this grant's part."""
        self.ensure_one()
        if not self.action_ids:
            raise UserError(
                self.env._(
                    "“%(name)s” pays for no action yet. Add the actions and their "
                    "shares first.",
                    name=self.name,
                )
            )
        wizard = self.env["ess.funding.statement"].create(
            {"action_id": self.action_ids[0].id, "grant_id": self.id}
        )
        return wizard._get_window_action()

    # === BUSINESS
    @api.model
    def _twin_role(self):
        return "grant"

    def _prepare_twin_values(self):
        return super()._prepare_twin_values() | {"code": self.ref or False}

    def _set_state(self, state, allowed):
        """Move to a state, from one of the states that lead to it.

        :param str state: new state
        :param tuple allowed: states it may come from
        :raises UserError: naming both states
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for grant in self:
            if grant.state not in allowed:
                raise UserError(
                    self.env._(
                        "“%(name)s” is “%(old)s”: it cannot become “%(new)s” from "
                        "there.",
                        name=grant.name,
                        old=labels[grant.state],
                        new=labels[state],
                    )
                )
        self.state = state

    def _get_cost_domain(self):
        """Analytic lines charged to these grants: posted expenses.

        Transfers to dedicated funds keep money for later: they are no cost.
        """
        column = self.env["account.analytic.plan"]._ess_column("grant")
        return [
            ("general_account_id", "not in", self.company_id._ess_fund_cost_ids()),
            (column, "in", self.sudo().analytic_account_id.ids),  # sudo: ids only
            ("general_account_id.internal_group", "=", "expense"),
            ("move_line_id.parent_state", "=", "posted"),
            ("company_id", "in", self.company_id.ids),
        ]

    def _get_spent_amounts(self):
        """What is charged to each grant, in one statement.

        :return: ``{grant id: amount}``, positive, company currency
        :rtype: dict
        """
        if not self.ids:
            return {}
        column = self.env["account.analytic.plan"]._ess_column("grant")
        # sudo: the total of the grants that the reader may see
        groups = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(self._get_cost_domain(), [column], ["amount:sum"])
        )
        spent = {account.id: -amount for account, amount in groups}
        return {
            grant.id: spent.get(grant.sudo().analytic_account_id.id, 0.0)
            for grant in self
        }
