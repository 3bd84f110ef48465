from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL, format_date

from ..tools import accounts as annual

KINDS = [
    ("trial", "Trial balance"),
    ("balance_sheet", "Balance sheet"),
    ("result", "Income statement"),
    ("crod", "Income by origin, expenses by destination"),
]
PARTS = {
    "balance_sheet": ("asset", "liability"),
    "result": ("product", "charge", "result", "kind_product", "kind_charge"),
    "crod": ("origin", "destination", "crod"),
}
COLUMNS = (
    "opening",
    "debit",
    "credit",
    "gross",
    "reduction",
    "amount",
    "previous",
    "generosity",
)
#: one pass over the posted items: balance before the year, movements of the year
BALANCES = """
   SELECT account_id,
          COALESCE(SUM(balance) FILTER (WHERE date < %(first)s), 0),
          COALESCE(SUM(debit) FILTER (WHERE date >= %(first)s), 0),
          COALESCE(SUM(credit) FILTER (WHERE date >= %(first)s), 0)
     FROM account_move_line
    WHERE company_id = ANY(%(companies)s)
      AND parent_state = 'posted'
      AND account_id IS NOT NULL
      AND date <= %(last)s
 GROUP BY account_id
"""


class EssAccountsStatement(models.TransientModel):
    """Annual accounts of an association, read from its posted entries.

    Opened by whoever reads the accounts, for a year of their choice; nothing is kept.
    Every account is in the trial balance, each one on one line of the statements or
    shown as taken by none; the balance sheet and the income statement show the same
    result because both read the same balances.
    """

    _name = "ess.accounts.statement"
    _description = "Annual accounts"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        KINDS, string="Statement", required=True, default="balance_sheet"
    )
    date_to = fields.Date(
        string="Until", required=True, default=fields.Date.context_today
    )
    date_from = fields.Date(
        string="Year from",
        required=True,
        compute="_compute_date_from",
        store=True,
        precompute=True,
        readonly=False,
        help="First day of the year: income and expenses count from here.",
    )
    message = fields.Char(compute="_compute_line_ids", store=True)
    line_ids = fields.One2many(
        comodel_name="ess.accounts.statement.line",
        inverse_name="statement_id",
        compute="_compute_line_ids",
        store=True,
    )

    _dates = models.Constraint(
        "CHECK(date_to >= date_from)", "The year must end after it begins."
    )

    # === COMPUTE
    @api.depends("date_to", "company_id")
    def _compute_date_from(self):
        for statement in self:
            day = statement.date_to or fields.Date.context_today(statement)
            dates = statement.company_id.compute_fiscalyear_dates(day)
            statement.date_from = dates["date_from"]

    @api.depends("company_id", "kind", "date_from", "date_to")
    def _compute_line_ids(self):
        for statement in self:
            rows = statement._get_rows() if statement._is_ready() else []
            names = {"code", "label", "kind", "part", "account_ids", *COLUMNS}
            statement.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {name: row[name] for name in names & row.keys()}
                        | {"sequence": index}
                    )
                    for index, row in enumerate(rows)
                ),
            ]
            statement.message = statement._get_message(rows)

    @api.depends("kind", "date_to")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for statement in self:
            statement.display_name = self.env._(
                "%(kind)s at %(date)s",
                kind=labels.get(statement.kind, ""),
                date=format_date(self.env, statement.date_to),
            )

    def _is_ready(self):
        """Whether there is a year, and a company that the reader works for now."""
        first, last = self.date_from, self.date_to
        is_own = self.company_id in self.env.companies
        return bool(is_own and self.company_id and first and last and first <= last)

    def _get_message(self, rows):
        """What the reader must know: accounts of no line, entries out of balance."""
        texts = []
        if any(row["kind"] == "unmatched" for row in rows):
            texts.append(
                self.env._(
                    "Some accounts are on no line: they are shown apart, and counted. "
                    "An administrator adds them to a line in Configuration."
                )
            )
        totals = {row["code"]: row for row in rows}
        off = 0.0
        if self.kind == "trial" and rows:
            off = totals["TOTAL"]["amount"]
        elif self.kind == "balance_sheet" and {"TA", "TP"} <= totals.keys():
            off = totals["TA"]["amount"] - totals["TP"]["amount"]
        if self.currency_id and not self.currency_id.is_zero(off):
            texts.append(
                self.env._(
                    "The two sides differ by %(amount)s: an entry does not balance.",
                    amount=self.currency_id.format(off),
                )
            )
        return " ".join(texts) or False

    # === ACTIONS
    def action_refresh(self):
        """Read the entries again."""
        self._compute_line_ids()
        return True

    def action_print(self):
        """Print the statement on the screen."""
        action = self.env.ref("ess_funding.action_report_accounts_statement")
        return action.report_action(self)

    def action_export_xlsx(self):
        """Download all statements of the year as one workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/ess_funding/accounts/{self.id}/xlsx",
            "target": "self",
        }

    # === BUSINESS
    @api.model
    def _open(self, kind):
        """Window on a statement of the year that ended last, or of this one."""
        statement = self.create({"kind": kind})
        return self.env["ir.actions.act_window"]._for_xml_id(
            "ess_funding.ess_accounts_statement_action"
        ) | {"res_id": statement.id}

    def _get_previous_year(self):
        """First and last day of the year before.

        :rtype: tuple
        """
        last = self.date_from - relativedelta(days=1)
        return self.company_id.compute_fiscalyear_dates(last)["date_from"], last

    def _get_accounts(self, first, last):
        """Balances of every account that has entries, in one statement.

        :return: dicts ``id code name group opening debit credit balance statement``
            by code, and the results of earlier years that are not yet allocated
        :rtype: tuple
        """
        self.ensure_one()
        self.env["account.move.line"].flush_model()
        # sudo: sums per account for whoever reads the accounts; salaries too are told
        # as sums only
        companies = self.env["res.company"].sudo()
        own = companies.search([("id", "child_of", self.company_id.id)])
        query = SQL(BALANCES, first=first, last=last, companies=own.ids)
        found = {
            account_id: [float(amount) for amount in amounts]
            for account_id, *amounts in self.env.execute_query(query)
        }
        accounts = self.env["account.account"].sudo().with_company(self.company_id)
        rows = [
            self._prepare_account(account, *found[account.id])
            for account in accounts.browse(found)
        ]
        earlier = sum(row.pop("earlier") for row in rows)
        moved = [row for row in rows if row["opening"] or row["debit"] or row["credit"]]
        moved.sort(key=lambda row: row["code"])
        return moved, round(earlier, 2) + 0.0

    @api.model
    def _prepare_account(self, account, opening, debit, credit):
        """Balances of one account; income and expenses start each year from zero.

        :rtype: dict
        """
        code = account.code or ""
        kind = annual.statement_of(code, account.internal_group)
        earlier = opening if kind == annual.RESULT else 0.0
        opening = round(opening - earlier, 2)
        return {
            "id": account.id,
            "code": code,
            "name": account.name,
            "group": account.internal_group,
            "statement": kind,
            "earlier": earlier,
            "opening": opening,
            "debit": round(debit, 2),
            "credit": round(credit, 2),
            "balance": round(opening + debit - credit, 2) + 0.0,
        }

    def _get_rows(self):
        """Rows of the statement on the screen.

        :rtype: list[dict]
        """
        self.ensure_one()
        accounts, earlier = self._get_accounts(self.date_from, self.date_to)
        if self.kind == "trial":
            return self._get_trial_rows(accounts, earlier)
        rows = self._build(self.kind, accounts, earlier, self.date_from, self.date_to)
        before = self._get_previous_year()
        old = self._build(self.kind, *self._get_accounts(*before), *before)
        previous = {row["code"]: row["amount"] for row in old}
        known = {row["code"] for row in rows}
        for row in rows:
            row["previous"] = previous.get(row["code"], 0.0)
        gone = [row for row in old if row["code"] not in known and row["amount"]]
        return rows + [
            row
            | dict.fromkeys(("gross", "reduction", "amount"), 0.0)
            | {"previous": row["amount"]}
            for row in gone
        ]

    def _get_trial_rows(self, accounts, earlier):
        """The trial balance, its total at the foot."""
        rows = [
            {
                "code": account["code"],
                "label": account["name"],
                "kind": "line",
                "part": account["statement"],
                "account_ids": [account["id"]],
                "opening": account["opening"],
                "debit": account["debit"],
                "credit": account["credit"],
                "amount": account["balance"],
            }
            for account in accounts
        ]
        if earlier:
            label = self.env._("Results of earlier years not yet allocated")
            zero = {"debit": 0.0, "credit": 0.0, "account_ids": False}
            rows.append(
                {"code": "–", "label": label, "kind": "line", "part": "balance_sheet"}
                | {"opening": earlier, "amount": earlier}
                | zero
            )
        total = {"code": "TOTAL", "label": self.env._("Total"), "kind": "grand_total"}
        for name in ("opening", "debit", "credit", "amount"):
            total[name] = round(sum(row[name] for row in rows), 2) + 0.0
        return [*rows, total | {"part": False, "account_ids": False}]

    def _build(self, kind, accounts, earlier, first, last):
        """Rows of a statement from the balances of its accounts.

        :param str kind: value of ``kind``, the trial balance left out
        :return: dicts ``code label kind part gross reduction amount generosity
            account_ids sum_of fed_by``
        :rtype: list[dict]
        """
        rows = self.env["ess.accounts.layout"]._get_rows(PARTS[kind])
        if kind == "crod":
            found = self._fill_crod(rows, accounts, first, last)
        else:
            wanted = ("balance_sheet",)
            if kind == "result":
                wanted = ("result", "in_kind")
            own = [one for one in accounts if one["statement"] in wanted]
            part_of = {row["code"]: row["part"] for row in rows}
            filled = [row for row in rows if row["kind"] == "line"]
            found = annual.fill(own, annual.Layout(filled), part_of)
        if kind == "balance_sheet":
            self._feed(rows, found, accounts, earlier)
        lines = self._place(kind, rows, found)
        return annual.add_up(lines, ("gross", "reduction", "amount", "generosity"))

    def _feed(self, rows, found, accounts, earlier):
        """Add the result of the year, and those not yet allocated, to their lines."""
        year = -sum(
            account["balance"]
            for account in accounts
            if account["statement"] == annual.RESULT
        )
        amounts = {"result": year, "earlier": -earlier}
        for row in rows:
            if row["fed_by"]:
                place = found.setdefault(
                    row["code"], {"gross": 0.0, "reduction": 0.0, "accounts": []}
                )
                place["gross"] += amounts[row["fed_by"]]

    def _place(self, kind, rows, found):
        """Lines with their amounts; what no line takes stands before its total."""
        unmatched = {code: part for part, code in annual.UNMATCHED.items()}
        last = {
            part: max(
                (
                    index
                    for index, row in enumerate(rows)
                    if row["part"] == part and row["sum_of"]
                ),
                default=len(rows) - 1,
            )
            for part in PARTS[kind]
        }
        lines = []
        for index, row in enumerate(rows):
            for code in found.keys() & unmatched.keys():
                if last[unmatched[code]] == index:
                    extra = {"code": code, "part": unmatched[code], "sum_of": ""}
                    extra |= {"kind": "unmatched", "name": self._get_unmatched(code)}
                    lines.append(self._prepare_line(extra, found[code]))
            lines.append(self._prepare_line(row, found.get(row["code"], {})))
        return lines

    def _get_unmatched(self, code):
        """Label of the line of what no line takes."""
        if code == "DCX":
            return self.env._("Expenses charged to no action")
        return self.env._("Accounts that no line takes")

    @api.model
    def _prepare_line(self, row, place):
        """Values of one line."""
        gross = round(place.get("gross", 0.0), 2)
        reduction = round(place.get("reduction", 0.0), 2)
        return {
            "code": row["code"],
            "label": row["name"],
            "kind": row["kind"],
            "part": row["part"],
            "sum_of": row["sum_of"],
            "fed_by": row.get("fed_by"),
            "gross": gross,
            "reduction": reduction,
            "amount": round(gross - reduction, 2) + 0.0,
            "generosity": round(place.get("generosity", 0.0), 2),
            "account_ids": place.get("accounts") or False,
        }
