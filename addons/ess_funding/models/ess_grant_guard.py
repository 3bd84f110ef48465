from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from ..tools.prefixes import split_prefixes

#: a grant is behind when less than this part of what time asks for is charged
BEHIND = 0.8
MANAGER = "ess_funding.group_funding_manager"
#: financial aid to other bodies and shares of generosity passed on
PASSED_ON = "657"
GUARDS = [
    ("flag", "Shown as problems"),
    ("refuse", "Cannot be charged"),
]


class EssGrant(models.Model):
    """What may be charged to a grant, and until when its charges may still change.

    Costs outside the dates or on accounts that the funder does not accept are shown or
    refused, as the grant says. When a report is final, the charges of its period are
    locked; only an administrator moves that day, and it is kept in the history.
    """

    _inherit = "ess.grant"

    guard = fields.Selection(
        GUARDS,
        string="Costs that do not fit",
        required=True,
        default="flag",
        tracking=True,
        help="Costs outside the dates or on accounts that are not accepted.",
    )
    date_cost_from = fields.Date(
        string="Costs from", help="First day of costs; that of the grant when empty."
    )
    date_cost_to = fields.Date(
        string="Costs until", help="Last day of costs; that of the grant when empty."
    )
    date_paid_until = fields.Date(
        string="Paid until",
        help="Day by which costs must be paid, when the funder asks for paid expenses.",
    )
    ineligible_prefixes = fields.Char(
        string="Accounts not accepted",
        help="Beginnings of account codes, separated by commas: 67, 681.",
    )
    is_eu = fields.Boolean(
        string="European operation",
        help="A cost is never charged to two European operations.",
    )
    date_charges_locked = fields.Date(
        string="Charges locked until",
        copy=False,
        tracking=True,
        help="Set when a report is final: what is charged up to this day does not "
        "change. An administrator may move it.",
    )
    cap_ids = fields.One2many("ess.grant.cap", "grant_id", string="Ceilings")
    passes_on = fields.Boolean(
        string="May be passed on",
        tracking=True,
        help="The agreement lets the association give a part to other bodies (657). "
        "Otherwise such a cost is refused.",
    )
    cost_message = fields.Char(compute="_compute_cost_message")
    is_under_used = fields.Boolean(
        string="Under-used",
        compute="_compute_is_under_used",
        search="_search_is_under_used",
        help="Much less is charged than the time gone by asks for.",
    )
    due_amount = fields.Monetary(
        string="Should be charged",
        compute="_compute_is_under_used",
        help="Amount of the grant times the part of its period that is gone by.",
    )

    _cost_dates = models.Constraint(
        "CHECK(date_cost_from IS NULL OR date_cost_to IS NULL"
        " OR date_cost_to >= date_cost_from)",
        "Costs must end after they begin.",
    )

    # === COMPUTE
    @api.depends(
        "date_cost_from", "date_cost_to", "date_paid_until", "ineligible_prefixes"
    )
    @api.depends_context("lang")
    def _compute_cost_message(self):
        for grant in self:
            parts = grant._get_cost_problems() if grant.ids else []
            grant.cost_message = " ".join(parts) if parts else False

    def _get_cost_problems(self):
        """Charged costs that do not fit, in words.

        :rtype: list[str]
        """
        self.ensure_one()
        # sudo: totals of costs that do not fit, told to those who read the grant
        lines = self.env["account.analytic.line"].sudo()
        texts = {
            "dates": self.env._("%s is charged outside the dates of costs."),
            "accounts": self.env._("%s is charged on accounts that are not accepted."),
        }
        parts = []
        for key, domain in self._get_problem_domains().items():
            amount = lines._read_group(domain, [], ["amount:sum"])[0][0]
            if amount and not self.currency_id.is_zero(amount):
                money = formatLang(self.env, -amount, currency_obj=self.currency_id)
                parts.append(texts[key] % money)
        # sudo: totals of the ceilings, as above
        return parts + self.sudo().cap_ids._get_excess()

    def _get_problem_domains(self):
        """Analytic lines that do not fit, by kind of problem.

        :rtype: dict
        """
        self.ensure_one()
        charged = Domain(self._get_cost_domain())
        first, last = self._get_cost_dates()
        dates = Domain("date", "<", first) | Domain("date", ">", last)
        domains = {"dates": charged & dates}
        if accounts := self._get_ineligible_accounts():
            domains["accounts"] = charged & Domain(
                "general_account_id", "in", accounts.ids
            )
        return domains

    def _get_cost_dates(self):
        """First and last day of the costs of the grant."""
        first = self.date_cost_from or self.date_from
        return first, self.date_cost_to or self.date_to

    def _get_ineligible_accounts(self):
        """Accounts that the funder does not accept.

        :rtype: account.account
        """
        # sudo: ids of accounts, to leave their costs out
        accounts = self.env["account.account"].sudo().with_company(self.company_id)
        prefixes = split_prefixes(self.ineligible_prefixes)
        if not prefixes:
            return accounts
        codes = Domain.OR(Domain("code", "=like", f"{one}%") for one in prefixes)
        return accounts.search(codes & Domain("company_ids", "in", self.company_id.ids))

    @api.depends("amount", "date_from", "date_to", "state")
    def _compute_is_under_used(self):
        today = fields.Date.context_today(self)
        for grant in self:
            grant.due_amount = grant._get_due_amount(today)
            late = grant.spent_amount < grant.due_amount * BEHIND
            is_open = grant.state in ("notified", "running", "reporting")
            grant.is_under_used = is_open and late

    def _get_due_amount(self, today):
        """What the time gone by asks to be charged; nothing for investment grants."""
        if not (self.date_from and self.date_to) or self.is_investment:
            return 0.0
        gone = (min(today, self.date_to) - self.date_from).days + 1
        days = (self.date_to - self.date_from).days + 1
        currency = self.currency_id or self.env.company.currency_id
        return currency.round(self.amount * max(gone, 0) / days)

    def _search_is_under_used(self, operator, value):
        if operator != "in":
            return NotImplemented
        grants = self.search([("state", "in", ("notified", "running", "reporting"))])
        return Domain("id", "in", grants.filtered("is_under_used").ids)

    # === CRUD
    def write(self, vals):
        """Only an administrator moves the lock of charges.

        :raises UserError: for the others
        """
        is_manager = self.env.su or self.env.user.has_group(MANAGER)
        if "date_charges_locked" in vals and not is_manager:
            raise UserError(
                self.env._(
                    "Charges are locked by a final report: an administrator of "
                    "funding may move that day."
                )
            )
        return super().write(vals)

    @api.constrains("ineligible_prefixes")
    def _check_ineligible_prefixes(self):
        for grant in self:
            wrong = [
                prefix
                for prefix in split_prefixes(grant.ineligible_prefixes)
                if not prefix.isalnum()
            ]
            if wrong:
                raise ValidationError(
                    self.env._(
                        "“%(prefix)s” is not the beginning of an account code.",
                        prefix=wrong[0],
                    )
                )

    # === ACTIONS
    def action_open_cost_problems(self):
        """Open the costs that do not fit, with the reader's own rights."""
        self.ensure_one()
        domain = Domain.OR(self._get_problem_domains().values())
        return self.env["ess.funding.action"]._get_line_action(list(domain))

    # === BUSINESS
    def _lock_charges(self, date):
        """Lock what is charged up to a day, when a report is final."""
        for grant in self:
            if not grant.date_charges_locked or grant.date_charges_locked < date:
                # sudo: the lock comes with the report, whoever makes it final
                grant.sudo().date_charges_locked = date

    def _is_passed_on(self, account_id):
        """Whether an account holds money given to other bodies (657).

        :param int account_id: id of an account.account
        """
        # sudo: the code of an account
        account = self.env["account.account"].sudo().browse(account_id)
        return (account.with_company(self.company_id).code or "").startswith(PASSED_ON)

    def _check_charge(self, date, account_id, name, is_removal=False):
        """Refuse a charge that a sent report, or the rules of the grant, forbid.

        :param date date: day of the cost
        :param int account_id: its general account
        :param str name: how the line is named in the message
        :raises UserError: with the reason
        """
        self.ensure_one()
        values = {"grant": self.name, "line": name, "date": format_date(self.env, date)}
        if self.date_charges_locked and date <= self.date_charges_locked:
            text = self.env._(
                "“%(line)s” of %(date)s is charged to “%(grant)s”, whose report is "
                "final for that day. Charge the cost elsewhere, or have an "
                "administrator move the lock of the grant."
            )
        elif is_removal:
            return
        elif not self.passes_on and self._is_passed_on(account_id):
            text = self.env._(
                "“%(line)s” gives money of “%(grant)s” to another body, and the "
                "agreement does not allow it. Ask the funder, then tick May be passed "
                "on."
            )
        elif self.guard != "refuse":
            return
        elif not self._get_cost_dates()[0] <= date <= self._get_cost_dates()[1]:
            text = self.env._(
                "“%(line)s” of %(date)s is outside the dates of costs of “%(grant)s”."
            )
        elif account_id in self._get_ineligible_accounts().ids:
            text = self.env._(
                "“%(line)s” is on an account that “%(grant)s” does not accept."
            )
        else:
            return
        raise UserError(text % values)
