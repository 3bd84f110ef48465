import base64
from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date, formatLang

from odoo.addons.ess_beneficiary.tools.table_reader import TableError, read_table

from ..tools import payroll as journal

PAYROLL = "ess_funding.group_funding_payroll"


class EssPayroll(models.Model):
    """The payroll journal of one month, from the payroll tool, and its entry.

    The payroll group gives the file, looks at what was read, completes the keys of
    those who have none, and makes the draft entry. The same journal is never booked
    twice. Salary lines stay with the payroll group; others read sums only.
    """

    _name = "ess.payroll"
    _description = "Payroll journal"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="Day of the entry",
        required=True,
        default=lambda self: self._default_date(),
        help="Last day of the month that is paid; the keys of that month hold.",
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        required=True,
        check_company=True,
        domain=[("type", "=", "general")],
        default=lambda self: self.env.company._ess_journal(),
    )
    file = fields.Binary(string="Journal (CSV or XLSX)", attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    # columns of the file: guessed, corrected by hand
    column_code = fields.Char(string="Payroll number in")
    column_name = fields.Char(string="Name in")
    column_account = fields.Char(string="Account in")
    column_label = fields.Char(string="Label in")
    column_debit = fields.Char(string="Debit in")
    column_credit = fields.Char(string="Credit in")
    checksum = fields.Char(readonly=True, copy=False)
    rest_to_structure = fields.Boolean(
        string="Without key: to Structure",
        help="Salaries of those without a key go to Structure instead of stopping.",
    )
    line_ids = fields.One2many(
        "ess.payroll.line", "payroll_id", string="Lines", readonly=True
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Entry",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    state = fields.Selection(
        [("draft", "File to read"), ("read", "Read"), ("booked", "Booked")],
        compute="_compute_state",
        store=True,  # filtered in the list
    )
    cost_amount = fields.Monetary(string="Salary cost", compute="_compute_cost_amount")
    message = fields.Text(compute="_compute_message")

    _journal_once = models.UniqueIndex(
        "(company_id, checksum) WHERE checksum IS NOT NULL",
        "This payroll journal was read already.",
    )

    @api.model
    def _default_date(self):
        """Last day of the month before."""
        return fields.Date.context_today(self) + relativedelta(months=-1, day=31)

    # === COMPUTE
    @api.depends("line_ids", "move_id")
    def _compute_state(self):
        for payroll in self:
            read = "read" if payroll.line_ids else "draft"
            payroll.state = "booked" if payroll.move_id else read

    @api.depends("line_ids.amount", "line_ids.employee_id")
    def _compute_cost_amount(self):
        for payroll in self:
            lines = payroll.line_ids.filtered("employee_id")
            payroll.cost_amount = sum(lines.mapped("amount"))

    @api.depends("line_ids", "date", "move_id", "rest_to_structure")
    def _compute_message(self):
        for payroll in self:
            payroll.message = payroll._get_message() if payroll.line_ids else False

    @api.depends("date")
    def _compute_display_name(self):
        for payroll in self:
            payroll.display_name = self.env._(
                "Payroll of %(month)s",
                month=format_date(self.env, payroll.date, date_format="MMMM y"),
            )

    def _get_message(self):
        """What to know before the entry is made: keys that miss, a month booked."""
        self.ensure_one()
        texts = []
        missing = self._get_without_key()
        if missing and not self.rest_to_structure and not self.move_id:
            texts.append(
                self.env._(
                    "No key in this month for %(names)s: add one in Keys of salaries, "
                    "or send these salaries to Structure.",
                    names=", ".join(missing.mapped("display_name")),
                )
            )
        others = self.search(
            [
                ("id", "!=", self.id or self._origin.id),
                ("company_id", "=", self.company_id.id),
                ("date", ">=", self.date.replace(day=1)),
                ("date", "<=", self.date + relativedelta(day=31)),
                ("move_id", "!=", False),
            ],
            limit=1,
        )
        if others and not self.move_id:
            texts.append(
                self.env._(
                    "A payroll of this month is booked already (%(entry)s): make sure "
                    "that this one is a complement.",
                    entry=others.move_id.name or others.display_name,
                )
            )
        return "\n".join(texts) or False

    # === CRUD
    def write(self, vals):
        """A booked journal does not change: throw its draft entry away first.

        :raises UserError: what to do
        """
        self.check_access("write")  # before any answer about the journal
        guarded = {"date", "file", "line_ids", "company_id", "journal_id"}
        if not self.env.su and guarded & vals.keys():
            self._check_not_booked()
        if not self.env.su and {"move_id", "checksum", "state"} & vals.keys():
            raise UserError(self.env._("The buttons of the journal write this."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        self._check_not_booked()

    def _check_not_booked(self):
        """Refuse to change a journal whose entry exists.

        :raises UserError: what to do
        """
        for payroll in self:
            if payroll.move_id and not payroll.move_id.reversal_move_ids:
                raise UserError(
                    self.env._(
                        "“%(name)s” is booked: delete its draft entry, or reverse it, "
                        "first.",
                        name=payroll.display_name,
                    )
                )

    # === ACTIONS
    def action_read(self):
        """Read the file: who, which account, how much; nothing is booked.

        :raises UserError: what is wrong with the file
        """
        for payroll in self:
            payroll.check_access("write")
            payroll._check_not_booked()
            rows = payroll._read_file()
            month = payroll.date.strftime("%Y-%m")
            payroll._replace_lines(rows, journal.checksum(month, rows))
        return True

    def action_book(self):
        """Make the draft entry, each salary spread by its keys.

        :raises UserError: when a key misses, or the day is in a closed period
        """
        moves = self.env["account.move"]
        for payroll in self:
            payroll.check_access("write")
            payroll._check_bookable()
            # sudo: only the buttons write the entry
            payroll.sudo().move_id = payroll._make_entry()
            moves |= payroll.move_id
        return moves._ess_get_window_action()

    def action_discard(self):
        """Throw the draft entry away, to correct keys and book again."""
        for payroll in self:
            payroll.check_access("write")
            if payroll.move_id.state == "posted":
                raise UserError(
                    self.env._(
                        "%(entry)s is posted: reset it to draft or reverse it first.",
                        entry=payroll.move_id.name,
                    )
                )
            payroll.move_id.unlink()
        return True

    # === BUSINESS: reading
    def _read_file(self):
        """Rows of the file.

        :raises UserError: no file, no such columns, rows without amount
        """
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose the journal of the payroll tool first."))
        try:
            table = read_table(base64.b64decode(self.file), self.file_name or "")
        except TableError as error:
            raise UserError(self.env["ess.import"]._table_error(error)) from error
        columns = self._get_columns(table.headers)
        rows, wrong = journal.read_rows(table, columns)
        if wrong:
            raise UserError(
                self.env._(
                    "Rows %(rows)s have no account, or an amount that cannot be read. "
                    "Nothing was read: correct the file.",
                    rows=", ".join(str(number) for number in wrong[:10]),
                )
            )
        total = round(sum(row["amount"] for row in rows), 2)
        if not rows or total:
            raise UserError(
                self.env._(
                    "Debits and credits of the journal differ by %(amount)s: the file "
                    "is not whole.",
                    amount=formatLang(self.env, total, currency_obj=self.currency_id),
                )
            )
        return rows

    def _get_columns(self, headers):
        """Which column holds what: as entered, else guessed from the titles.

        :raises UserError: naming what is missing and the columns of the file
        :rtype: dict
        """
        guessed = journal.guess_columns(headers)
        columns, missing = {}, []
        for key in journal.COLUMNS:
            wanted = (self[f"column_{key}"] or "").strip()
            found = (
                wanted if wanted in headers else None if wanted else guessed.get(key)
            )
            if found:
                columns[key] = found
                self[f"column_{key}"] = found
            elif wanted or key in journal.NEEDED:
                missing.append(
                    self._fields[f"column_{key}"]._description_string(self.env)
                )
        if missing:
            raise UserError(
                self.env._(
                    "Say which columns hold: %(missing)s. The file has: %(headers)s.",
                    missing=", ".join(missing),
                    headers=", ".join(headers),
                )
            )
        return columns

    def _replace_lines(self, rows, checksum):
        """Keep what was read; the same journal is recognised.

        :raises UserError: when it was read before, or an account is missing
        """
        same = self.search(
            [
                ("checksum", "=", checksum),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if same:
            raise UserError(
                self.env._(
                    "This journal was read already: “%(name)s”, on %(date)s. Nothing "
                    "was changed.",
                    name=same.display_name,
                    date=format_date(self.env, same.create_date),
                )
            )
        accounts = self._find_accounts({row["account"] for row in rows})
        employees = self._find_employees(rows)
        # sudo: lines belong to the buttons, nobody types them
        self.sudo().write(
            {
                "checksum": checksum,
                "line_ids": [
                    Command.clear(),
                    *self._prepare_lines(rows, accounts, employees),
                ],
            }
        )

    def _prepare_lines(self, rows, accounts, employees):
        """Commands of the lines: costs by employee, the rest by account."""
        sums = defaultdict(float)
        for row in rows:
            account = accounts[row["account"]]
            is_cost = account.internal_group == "expense"
            employee = employees.get(row["code"]) if is_cost else None
            label = row.get("label") or account.name
            sums[employee, account, label if is_cost else account.name] += row["amount"]
        keyed = self.env["ess.payroll.key"]._get_shares(
            self.env["ess.payroll.employee"].union(*employees.values()), self.date
        )
        return [
            Command.create(
                {
                    "employee_id": employee.id if employee else False,
                    "account_id": account.id,
                    "name": label,
                    "amount": round(amount, 2),
                    "has_key": bool(employee and employee.id in keyed),
                }
            )
            for (employee, account, label), amount in sums.items()
            if round(amount, 2)
        ]

    def _find_accounts(self, codes):
        """Accounts by the code of the file; 641 finds 641000.

        :raises UserError: naming the codes that the company has not
        :rtype: dict
        """
        accounts = self.env["account.account"].with_company(self.company_id)
        known = accounts.search([("company_ids", "in", self.company_id.ids)])
        by_code = {account.code: account for account in known if account.code}
        found = {}
        for code in codes:
            account = by_code.get(code) or by_code.get(code.ljust(6, "0")[:6])
            found[code] = account or by_code.get(code.rstrip("0").ljust(6, "0"))
        missing = sorted(code for code, account in found.items() if not account)
        if missing:
            raise UserError(
                self.env._(
                    "The company has no account %(codes)s: create them, or correct "
                    "the file.",
                    codes=", ".join(missing),
                )
            )
        return found

    def _find_employees(self, rows):
        """Employees by payroll number; new ones are made with their name.

        :rtype: dict
        """
        names = {row["code"]: row.get("name") or row["code"] for row in rows}
        names.pop("", None)
        employees = self.env["ess.payroll.employee"].with_context(active_test=False)
        domain = [("company_id", "=", self.company_id.id), ("code", "in", list(names))]
        known = {one.code: one for one in employees.search(domain)}
        made = employees.create(
            [
                {"code": code, "name": name, "company_id": self.company_id.id}
                for code, name in names.items()
                if code not in known
            ]
        )
        return known | {one.code: one for one in made}
