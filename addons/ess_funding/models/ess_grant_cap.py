from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import formatLang

from ..tools.prefixes import split_prefixes

BASES = [("amount", "An amount"), ("award", "A part of the grant (%)")]


class EssGrantCap(models.Model):
    """The most that the agreement lets the grant pay on some accounts.

    Entered by the fundraiser from the agreement: travel at most 2 000, equipment at
    most 10 % of the grant, with the tolerance that it gives between lines. What is
    above is shown as a problem, or refused, as the grant says.
    """

    _name = "ess.grant.cap"
    _description = "Ceiling of a grant on some costs"
    _order = "grant_id, id"

    grant_id = fields.Many2one(
        comodel_name="ess.grant", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="grant_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(string="Costs", required=True)
    account_prefixes = fields.Char(
        required=True,
        help="Beginnings of account codes, separated by commas: 625, 626.",
    )
    basis = fields.Selection(BASES, required=True, default="amount")
    amount = fields.Monetary(string="At most")
    percent = fields.Float(string="At most (%)")
    tolerance = fields.Float(
        string="Tolerance (%)",
        help="What the agreement lets this line exceed without an amendment.",
    )
    ceiling = fields.Monetary(
        compute="_compute_ceiling", help="Most that is charged, tolerance included."
    )
    used = fields.Monetary(string="Charged", compute="_compute_used")

    _positive = models.Constraint(
        "CHECK(tolerance >= 0 AND ((basis = 'amount' AND amount >= 0)"
        " OR (basis = 'award' AND percent >= 0 AND percent <= 100)))",
        "Enter a ceiling and a tolerance that are not negative.",
    )

    # === COMPUTE
    @api.depends("basis", "amount", "percent", "tolerance", "grant_id.amount")
    def _compute_ceiling(self):
        for cap in self:
            base = cap.amount
            if cap.basis == "award":
                base = cap.grant_id.amount * cap.percent / 100
            currency = cap.currency_id or self.env.company.currency_id
            cap.ceiling = currency.round(base * (1 + cap.tolerance / 100))

    @api.depends("account_prefixes", "grant_id")
    def _compute_used(self):
        for cap in self:
            cap.used = cap._get_used() if cap.grant_id.ids else 0.0

    # === CONSTRAINTS
    @api.constrains("account_prefixes")
    def _check_account_prefixes(self):
        for cap in self:
            prefixes = split_prefixes(cap.account_prefixes)
            wrong = [prefix for prefix in prefixes if not prefix.isalnum()]
            if wrong or not prefixes:
                raise ValidationError(
                    self.env._(
                        "“%(prefix)s” is not the beginning of an account code.",
                        prefix=wrong[0] if wrong else "",
                    )
                )

    # === BUSINESS
    def _get_accounts(self):
        """Accounts under the ceiling.

        :rtype: account.account
        """
        self.ensure_one()
        company = self.grant_id.company_id
        prefixes = split_prefixes(self.account_prefixes)
        codes = Domain.OR(Domain("code", "=like", f"{one}%") for one in prefixes)
        # sudo: ids of the accounts of the company
        accounts = self.env["account.account"].sudo().with_company(company)
        return accounts.search(codes & Domain("company_ids", "in", company.ids))

    def _get_used(self, pending=None):
        """What is charged under the ceiling.

        :param pending: account.analytic.line of an entry that is being posted
        :rtype: float
        """
        accounts = self._get_accounts()
        domain = Domain(self.grant_id._get_cost_domain()) & Domain(
            "general_account_id", "in", accounts.ids
        )
        # sudo: a total, told to those who read the grant
        lines = self.env["account.analytic.line"].sudo()
        used = -(lines._read_group(domain, [], ["amount:sum"])[0][0] or 0.0)
        column = self.env["account.analytic.plan"]._ess_column("grant")
        payer = self.grant_id.sudo().analytic_account_id
        for line in (pending or lines).sudo():
            # core makes analytic lines just before it posts their entry
            is_new = line.move_line_id.parent_state != "posted"
            if is_new and line[column] == payer and line.general_account_id in accounts:
                used -= line.amount
        return (self.currency_id or self.env.company.currency_id).round(used)

    def _get_excess(self, pending=None):
        """Ceilings that are passed, in words.

        :param pending: as in ``_get_used``
        :rtype: list[str]
        """
        texts = []
        for cap in self:
            used, currency = cap._get_used(pending), cap.currency_id
            if currency.compare_amounts(used, cap.ceiling) > 0:
                texts.append(
                    self.env._(
                        "“%(name)s” takes %(used)s, the agreement allows %(ceiling)s.",
                        name=cap.name,
                        used=formatLang(self.env, used, currency_obj=currency),
                        ceiling=formatLang(
                            self.env, cap.ceiling, currency_obj=currency
                        ),
                    )
                )
        return texts

    def _check_charged(self, pending):
        """Refuse what passes a ceiling of a grant that refuses.

        :param pending: account.analytic.line that are written
        :raises UserError: ceilings and amounts
        """
        written = pending.sudo().general_account_id  # sudo: ids of accounts
        strict = self.filtered(
            lambda cap: (
                cap.grant_id.guard == "refuse" and cap._get_accounts() & written
            )
        )
        texts = strict._get_excess(pending)
        if texts:
            texts.append(
                self.env._("Charge the rest elsewhere, or enter the amendment.")
            )
            raise UserError("\n".join(texts))
