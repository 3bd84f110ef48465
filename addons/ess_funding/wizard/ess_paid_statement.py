from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.ess_beneficiary.tools.safe_xlsx import SafeWorkbook

AMOUNT = "#,##0.00"
#: lines that are printed one by one; above, the paper gives totals per account
PRINTED = 1500


class EssPaidStatement(models.TransientModel):
    """The paid expenses of one grant at a date, ready for the auditor's certificate.

    Opened by the accountant; every cost is there with the part that is paid, partial
    payments pro rata. Downloaded as a workbook or printed.
    """

    _name = "ess.paid.statement"
    _description = "Statement of paid expenses"
    _check_company_auto = True

    grant_id = fields.Many2one(
        comodel_name="ess.grant", required=True, check_company=True
    )
    company_id = fields.Many2one(related="grant_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="Paid until",
        required=True,
        default=fields.Date.context_today,
        help="Costs and payments up to this day, included.",
    )
    charged_amount = fields.Monetary(string="Charged", compute="_compute_amounts")
    paid_amount = fields.Monetary(string="Paid part", compute="_compute_amounts")
    unpaid_amount = fields.Monetary(string="Still to pay", compute="_compute_amounts")
    idle_amount = fields.Monetary(
        string="Moves no money",
        compute="_compute_amounts",
        help="Depreciation, provisions: charged to the grant, never paid to anybody.",
    )

    @api.depends("grant_id", "date")
    def _compute_amounts(self):
        for statement in self:
            rows = statement._get_rows()
            idle = [row["amount"] for row in rows if row["ratio"] is None]
            charged = sum(row["amount"] for row in rows)
            statement.charged_amount = charged
            statement.paid_amount = sum(row["paid"] for row in rows)
            statement.idle_amount = sum(idle)
            statement.unpaid_amount = (
                charged - statement.paid_amount - statement.idle_amount
            )

    @api.depends("grant_id", "date")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._(
                "Paid expenses of %(grant)s at %(date)s",
                grant=statement.grant_id.name,
                date=format_date(self.env, statement.date),
            )

    # === ACTIONS
    def action_export_xlsx(self):
        """Download the statement as a workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/ess_funding/paid/{self.grant_id.id}/{self.date}/xlsx",
            "target": "self",
        }

    def action_print(self):
        """Print the statement, with the room for the certificate."""
        action = self.env.ref("ess_funding.action_report_paid_statement")
        return action.report_action(self)

    def action_open_unpaid(self):
        """Open the costs that are not wholly paid."""
        self.ensure_one()
        ids = [row["line_id"] for row in self._get_rows() if row["ratio"] != 1]
        return self.env["ess.funding.action"]._get_line_action([("id", "in", ids)])

    # === BUSINESS
    def _get_rows(self):
        """Rows of the statement; see ``ess.grant``."""
        if not self.grant_id or not self.date:
            return []
        return self.grant_id._get_paid_rows(self.date)

    def _get_details(self):
        """Rows with the texts that are shown.

        :return: dicts with ``account code name partner entry action`` beside the
            figures
        :rtype: list[dict]
        """
        rows = self._get_rows()
        if not self.env.user.has_group("ess_funding.group_funding_payroll"):
            rows = self._join_salaries(rows)
        column = self.env["account.analytic.plan"]._ess_column("action")
        # sudo: entry, account and action of rows that are the reader's, or sums of
        # salaries, whose label is not shown
        lines = self.env["account.analytic.line"].sudo()
        lines = lines.browse([row["line_id"] for row in rows])
        lines.fetch(
            ["name", "partner_id", "general_account_id", "move_line_id", column]
        )
        moves = lines.move_line_id.move_id
        moves.fetch(["name", "ref"])
        for row, line in zip(rows, lines, strict=True):
            account = line.general_account_id.with_company(self.company_id)
            is_sum = row.get("is_sum")
            row |= {
                "account": account.code or "",
                "account_name": account.name,
                "name": self.env._("Salaries, sum") if is_sum else line.name,
                "partner": "" if is_sum else line.partner_id.name or "",
                "entry": line.move_line_id.move_id.name,
                "action": line[column].name or "",
            }
        return rows

    def _join_salaries(self, rows):
        """One row for the salaries of an entry on one account and action.

        :rtype: list[dict]
        """
        column = self.env["account.analytic.plan"]._ess_column("action")
        # sudo: account and action of salaries that are told as sums
        lines = self.env["account.analytic.line"].sudo()
        joined, sums = [], {}
        for row in rows:
            if not row["is_salary"]:
                joined.append(row)
                continue
            line = lines.browse(row["line_id"])
            key = (row["move_id"], line.general_account_id.id, line[column].id)
            if key not in sums:
                sums[key] = row | {"is_sum": True, "amount": 0.0, "paid": 0.0}
                joined.append(sums[key])
            for name in ("amount", "paid"):
                sums[key][name] = round(sums[key][name] + row[name], 2)
        return joined

    def _get_totals(self, rows):
        """Totals per account, for the paper.

        :rtype: list[dict]
        """
        totals = {}
        for row in rows:
            total = totals.setdefault(
                (row["account"], row["account_name"]), {"amount": 0.0, "paid": 0.0}
            )
            total["amount"] += row["amount"]
            total["paid"] += row["paid"]
        return [
            {"account": code, "name": name, **total}
            for (code, name), total in sorted(totals.items())
        ]

    def _get_print_values(self):
        """Rows and totals for the QWeb template.

        :rtype: dict
        """
        self.ensure_one()
        rows = self._get_details()
        return {
            "rows": rows if len(rows) <= PRINTED else [],
            "totals": self._get_totals(rows),
            "count": len(rows),
            "day": format_date(self.env, self.date),
        }

    def _get_xlsx(self):
        """The workbook; totals are live formulas.

        :rtype: bytes
        """
        self.ensure_one()
        book = SafeWorkbook()
        amount = book.add_format({"num_format": AMOUNT})
        strong = book.add_format({"num_format": AMOUNT, "bold": True, "top": 1})
        bold = book.add_format({"bold": True})
        sheet = book.new_sheet(self.env._("Paid expenses"))
        for column, width in enumerate((12, 18, 28, 10, 44, 24, 14, 14, 14, 12)):
            sheet.set_column(column, column, width)
        book.write(sheet, 0, 0, self.display_name, bold)
        for column, head in enumerate(self._get_heads()):
            book.write(sheet, 2, column, head, bold)
        sheet.freeze_panes(3, 0)
        rows = self._get_details()
        names = ("date", "entry", "partner", "account", "name", "action")
        for index, row in enumerate(rows, 3):
            for column, name in enumerate(names):
                book.write(sheet, index, column, row[name])
            book.write(sheet, index, 6, row["amount"], amount)
            book.write(sheet, index, 7, row["paid"], amount)
            rest = round(row["amount"] - row["paid"], 2)
            formula = f"=G{index + 1}-H{index + 1}"
            sheet.write_formula(index, 8, formula, amount, rest)
            book.write(sheet, index, 9, row["paid_on"])
        self._write_total(book, sheet, rows, strong)
        return book.close()

    def _get_heads(self):
        """Titles of the columns of the workbook."""
        return (
            self.env._("Date"),
            self.env._("Entry"),
            self.env._("Supplier"),
            self.env._("Account"),
            self.env._("Label"),
            self.env._("Action"),
            self.env._("Charged"),
            self.env._("Paid part"),
            self.env._("Not paid"),
            self.env._("Paid on"),
        )

    def _write_total(self, book, sheet, rows, style):
        """The last row: live sums of the three columns of amounts."""
        last = len(rows) + 3
        book.write(sheet, last, 5, self.env._("Total"), style)
        charged = round(sum(row["amount"] for row in rows), 2)
        paid = round(sum(row["paid"] for row in rows), 2)
        values = (charged, paid, round(charged - paid, 2))
        for column, letter, value in zip((6, 7, 8), "GHI", values, strict=True):
            formula = f"=SUM({letter}4:{letter}{last})" if rows else "=0"
            sheet.write_formula(last, column, formula, style, value)
