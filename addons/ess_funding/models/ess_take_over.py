from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date, formatLang, html_escape


class EssTakeOver(models.Model):
    """Grants under way when the association begins with the suite.

    The accountant has booked the opening balance, by account. Here they say which part
    of 441, 487, 19x, 131 and 139 belongs to which grant. The draft entry moves nothing
    between accounts: it puts the name of the grant on its part, and is refused when
    the parts are not those of the opening balance.
    """

    _name = "ess.take.over"
    _description = "Take-over of grants under way"
    _inherit = ["mail.thread"]
    _order = "date desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="Opening on",
        required=True,
        default=lambda self: self._default_date(),
        help="Day of the opening balance: first day of the first year in Odoo.",
    )
    line_ids = fields.One2many("ess.take.over.line", "take_over_id", string="Grants")
    rest_reason = fields.Char(
        string="The rest belongs to no grant because",
        help="Needed when grants do not make the whole balance of an account.",
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Entry",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    message = fields.Text(compute="_compute_message")

    @api.model
    def _default_date(self):
        """First day of the current year."""
        today = fields.Date.context_today(self)
        return self.env.company.compute_fiscalyear_dates(today)["date_from"]

    # === COMPUTE
    @api.depends("date")
    def _compute_display_name(self):
        for take_over in self:
            take_over.display_name = self.env._(
                "Take-over on %(date)s", date=format_date(self.env, take_over.date)
            )

    @api.depends(
        "date",
        "company_id",
        "line_ids.grant_id",
        "line_ids.receivable",
        "line_ids.advance",
        "line_ids.deferred",
        "line_ids.fund",
        "line_ids.equity",
        "line_ids.taken",
    )
    def _compute_message(self):
        for take_over in self:
            take_over.message = "\n".join(take_over._get_gaps()) or False

    # === CRUD
    def write(self, vals):
        """A booked take-over does not change; its entry comes from the button."""
        self.check_access("write")  # before any answer about the take-over
        if not self.env.su:
            if "move_id" in vals:
                raise UserError(self.env._("The entry is made by the button."))
            self._check_not_booked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        self._check_not_booked()

    def _check_not_booked(self):
        """Refuse to change what the entry holds.

        :raises UserError: what to do first
        """
        for take_over in self:
            if take_over.move_id and not take_over.move_id.reversal_move_ids:
                raise UserError(
                    self.env._(
                        "“%(name)s” is booked: delete its draft entry, or reverse it, "
                        "first.",
                        name=take_over.display_name,
                    )
                )

    # === ACTIONS
    def action_fill(self):
        """Add a line for each grant under way on the day of the opening."""
        for take_over in self:
            take_over._check_not_booked()
            grants = self.env["ess.grant"].search(
                [
                    ("company_id", "=", take_over.company_id.id),
                    ("state", "not in", ("draft", "refused", "closed")),
                    ("date_from", "<", take_over.date),
                    ("id", "not in", take_over.line_ids.grant_id.ids),
                ]
            )
            take_over.line_ids = [
                Command.create({"grant_id": grant.id}) for grant in grants
            ]
        return True

    def action_book(self):
        """Make the draft entry that puts the grants on the opening balance.

        :raises UserError: when the parts are not those of the ledger
        """
        for take_over in self:
            take_over.check_access("write")
            take_over._check_not_booked()
            take_over._check_tied()
            # sudo: only the button writes the entry
            take_over.sudo().move_id = take_over._make_entry()
        return self.move_id._ess_get_window_action()

    # === BUSINESS
    def _get_parts(self):
        """What the lines say of each account.

        :return: ``{account.account: [(grant, balance)]}``, debit positive
        :rtype: dict
        """
        self.ensure_one()
        parts = defaultdict(list)
        for line in self.line_ids:
            for code, balance in line._get_balances():
                if balance:
                    account = self.company_id._ess_account(code)
                    parts[account].append((line.grant_id, balance))
        return parts

    def _get_open_balances(self, accounts):
        """Posted balance of accounts that bears no grant, the opening day included.

        :rtype: dict
        """
        # sudo: sums of accounts of the company, told to its accountants
        items = self.env["account.move.line"].sudo()
        groups = items._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("account_id", "in", accounts.ids),
                ("parent_state", "=", "posted"),
                ("ess_grant_id", "=", False),
                ("date", "<=", self.date),
            ],
            ["account_id"],
            ["balance:sum"],
        )
        return {account.id: balance for account, balance in groups}

    def _get_gaps(self):
        """Where the grants and the opening balance differ, in words.

        :rtype: list[str]
        """
        return [text for _is_over, text in self._compare()]

    def _compare(self):
        """Each account whose grants are not its balance.

        :return: (more than the ledger holds?, text)
        :rtype: list[tuple]
        """
        self.ensure_one()
        if not self.line_ids.grant_id or not self.date:
            return []
        parts = self._get_parts()
        accounts = self.env["account.account"].union(*parts)
        held = self._get_open_balances(accounts)
        found = []
        for account in accounts.with_company(self.company_id).sorted("code"):
            total = sum(balance for _grant, balance in parts[account])
            ledger = held.get(account.id, 0.0)
            if self.currency_id.is_zero(ledger - total):
                continue
            is_over = abs(total) > abs(ledger) or total * ledger < 0
            text = self.env._(
                "%(account)s: grants make %(total)s, the opening balance holds "
                "%(ledger)s without a grant.",
                account=account.code,
                total=self._money(total),
                ledger=self._money(ledger),
            )
            found.append((is_over, text))
        return found

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _check_tied(self):
        """Refuse what does not tie to the ledger.

        :raises UserError: account, grants and balance
        """
        if not any(
            balance for line in self.line_ids for _c, balance in line._get_balances()
        ):
            raise UserError(self.env._("Enter at least one amount of a grant."))
        gaps = self._compare()
        if any(is_over for is_over, _text in gaps) or (gaps and not self.rest_reason):
            raise UserError(
                "\n".join(
                    [
                        *(text for _is_over, text in gaps),
                        self.env._(
                            "Post the opening balance first, or correct the amounts. "
                            "Where a rest belongs to no grant, say why."
                        ),
                    ]
                )
            )

    def _make_entry(self):
        """Draft entry of the day before: each account against itself, by grant.

        :rtype: account.move
        """
        day = self.date - relativedelta(days=1)
        self.env["account.move"]._ess_check_open(self.company_id, day)
        commands = []
        for account, parts in self._get_parts().items():
            for grant, balance in parts:
                values = {
                    "account_id": account.id,
                    "name": self.env._("%(grant)s, take-over", grant=grant.name),
                    "partner_id": grant.funder_id.id,
                }
                own = values | {"balance": balance, "ess_grant_id": grant.id}
                commands += [
                    Command.create(own),
                    Command.create(values | {"balance": -balance}),
                ]
        reason = self.env._(
            "Says to which grant the opening balance belongs; no account changes. "
            "%(rest)s",
            rest=self.rest_reason or "",
        )
        return self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company_id._ess_journal().id,
                "company_id": self.company_id.id,
                "date": day,
                "ref": self.display_name,
                "ess_kind": "opening",
                "narration": html_escape(reason.strip()),
                "line_ids": commands,
            }
        )
