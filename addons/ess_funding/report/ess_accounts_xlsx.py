from odoo import models
from odoo.tools import format_date

from odoo.addons.ess_beneficiary.tools.safe_xlsx import SafeWorkbook

from ..tools import accounts as annual

AMOUNT = "#,##0.00"
TRIALS = ("trial", "trial_before")


class EssAccountsStatement(models.TransientModel):
    """The accounts of a year as a workbook whose figures are live formulas.

    Every line of the balance sheet and of the income statement adds up the rows of
    the trial balance that bear its key, and totals add lines: change a balance, and
    all sheets follow.
    """

    _inherit = "ess.accounts.statement"

    def _get_file_name(self):
        """Name of the downloaded file."""
        name = f"{self.company_id.name} {self.date_to}".replace("/", "-")
        return f"{name}.xlsx"

    def _get_xlsx(self):
        """The workbook.

        :rtype: bytes
        """
        self.ensure_one()
        return _AccountsWorkbook(self).build()


class _AccountsWorkbook:
    """Writes the statements of one year; sheets are written one after the other."""

    def __init__(self, statement):
        self.env = statement.env
        self.statement = statement
        self.book = SafeWorkbook()
        add = self.book.add_format
        self.bold = add({"bold": True})
        self.head = add({"bold": True, "bottom": 1, "text_wrap": True})
        self.amount = add({"num_format": AMOUNT})
        self.total = add({"num_format": AMOUNT, "bold": True, "top": 1})
        self.years = [
            (statement.date_from, statement.date_to),
            statement._get_previous_year(),
        ]
        self.names = {
            "trial": self.env._("Trial balance"),
            "trial_before": self.env._("Trial balance, year before"),
            "result": self.env._("Income statement"),
            "balance_sheet": self.env._("Balance sheet"),
            "crod": self.env._("CROD"),
        }
        self.cells = {}

    def build(self):
        """:return: the bytes of the file"""
        data = [self.statement._get_accounts(*years) for years in self.years]
        built = {
            kind: [
                self.statement._build(kind, *found, *years)
                for found, years in zip(data, self.years, strict=True)
            ]
            for kind in ("crod", "balance_sheet", "result")  # the last two mark lines
        }
        for name, (accounts, earlier) in zip(TRIALS, data, strict=True):
            self._write_trial(name, accounts, earlier)
        for kind in ("result", "balance_sheet", "crod"):
            self._write_statement(kind, *built[kind])
        return self.book.close()

    def _new_sheet(self, name, widths, heads):
        sheet = self.book.new_sheet(self.names[name])
        self.names[name] = sheet.get_name()
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        first, last = self.years[name == "trial_before"]
        title = self.env._(
            "%(company)s, %(sheet)s, from %(start)s to %(end)s",
            company=self.statement.company_id.name,
            sheet=self.names[name],
            start=format_date(self.env, first),
            end=format_date(self.env, last),
        )
        self.book.write(sheet, 0, 0, title, self.bold)
        for column, head in enumerate(heads):
            self.book.write(sheet, 2, column, head, self.head)
        sheet.freeze_panes(3, 0)
        return sheet

    def _write_trial(self, name, accounts, earlier):
        """One row per account, with the key of the line that takes it."""
        heads = (
            self.env._("Account"),
            self.env._("Label"),
            self.env._("Opening"),
            self.env._("Debit"),
            self.env._("Credit"),
            self.env._("Balance"),
            self.env._("Key of the line"),
        )
        sheet = self._new_sheet(name, (12, 50, 15, 15, 15, 15, 14), heads)
        rows = list(accounts)
        if earlier:
            label = self.env._("Results of earlier years not yet allocated")
            rows.append(
                {"code": "–", "name": label, "opening": earlier, "debit": 0.0}
                | {"credit": 0.0, "balance": earlier, "line": "earlier"}
            )
        for index, row in enumerate(rows, 3):
            self.book.write(sheet, index, 0, row["code"])
            self.book.write(sheet, index, 1, row["name"])
            for column, key in ((2, "opening"), (3, "debit"), (4, "credit")):
                self.book.write(sheet, index, column, row[key], self.amount)
            at = index + 1
            formula = f"=C{at}+D{at}-E{at}"
            sheet.write_formula(index, 5, formula, self.amount, row["balance"])
            mark = "|r" if row.get("column") == annual.REDUCTION else ""
            self.book.write(sheet, index, 6, f"{row.get('line', '')}{mark}")
        self._write_trial_total(sheet, rows, len(rows) + 3)
        self.cells[name] = len(rows) + 3

    def _write_trial_total(self, sheet, rows, last):
        self.book.write(sheet, last, 1, self.env._("Total"), self.total)
        columns = ((2, "opening"), (3, "debit"), (4, "credit"), (5, "balance"))
        for column, key in columns:
            letter = "ABCDEF"[column]
            value = round(sum(row[key] for row in rows), 2)
            formula = f"=SUM({letter}4:{letter}{last})" if rows else "=0"
            sheet.write_formula(last, column, formula, self.total, value)

    def _write_statement(self, kind, rows, before):
        """Lines and totals of one statement, the year before beside."""
        is_sheet = kind == "balance_sheet"
        heads = [self.env._("Line")]
        if is_sheet:
            heads += [self.env._("Gross"), self.env._("Depreciation, impairment")]
        heads += [self.env._("Year"), self.env._("Year before")]
        if kind == "crod":
            heads.append(self.env._("Of which public generosity"))
        sheet = self._new_sheet(kind, (64, 16, 16, 16, 16), heads)
        known = {row["code"]: row for row in before}
        missing = {row["code"] for row in rows}
        extra = [row for row in before if row["code"] not in missing]
        blank = dict.fromkeys(("gross", "reduction", "amount", "generosity"), 0.0)
        rows = [*(row | blank for row in extra), *rows]
        places = {row["code"]: index + 4 for index, row in enumerate(rows)}
        if kind == "result":
            self.cells["TR"] = places["TR"]
        at = {
            row["code"]: places[row["code"]]
            for row in rows
            if row["kind"] in annual.SUMMED
        }
        for index, row in enumerate(rows, 3):
            style = self.amount if row["kind"] in annual.SUMMED else self.total
            text = None if row["kind"] in annual.SUMMED else self.bold
            self.book.write(sheet, index, 0, row["label"], text)
            if row["kind"] != "heading":
                old = known.get(row["code"], blank)
                self._write_row(sheet, index, kind, row, old, at, style)

    def _write_row(self, sheet, index, kind, row, old, at, style):
        """Amounts of one line, or the sums of a total."""
        cells = [("amount", row["amount"], "trial"), ("amount", old["amount"], None)]
        if kind == "balance_sheet":
            cells = [("gross", row["gross"], "trial")]
            cells += [("reduction", row["reduction"], "trial")]
            cells += [("net", row["amount"], "trial"), ("amount", old["amount"], None)]
        if kind == "crod":
            cells.append(("generosity", row["generosity"], None))
        for column, (name, value, trial) in enumerate(cells, 1):
            trial = trial or ("trial_before" if name == "amount" else None)
            if row["kind"] not in annual.SUMMED:
                formula = self._get_total(row, at, "ABCDEF"[column])
            elif kind == "crod":
                formula = None
            elif name == "net":
                formula = f"=B{index + 1}-C{index + 1}"
            else:
                formula = self._get_line(row, name, trial)
            if formula:
                sheet.write_formula(index, column, formula, style, value)
            else:
                self.book.write(sheet, index, column, value, style)

    def _get_total(self, row, at, letter):
        """Formula that adds the lines of a total."""
        signs = annual.signs_in(row["sum_of"], at)
        terms = [
            f"{'-' if sign < 0 else '+'}{letter}{at[code]}"
            for code, sign in signs.items()
        ]
        return "=" + ("".join(terms).lstrip("+") or "0")

    def _get_line(self, row, name, trial):
        """Formula that reads the trial balance: rows that bear the key of the line."""
        last = self.cells[trial]
        sheet = "'" + self.names[trial].replace("'", "''") + "'"
        keys, amounts = f"{sheet}!$G$4:$G${last}", f"{sheet}!$F$4:$F${last}"
        is_credit = row["part"] in annual.CREDIT_PARTS

        def read(key, negative):
            sign = "-" if negative else "+"
            return f'{sign}SUMIF({keys},"{key}",{amounts})'

        text = read(row["code"] + ("|r" if name == "reduction" else ""),
                    is_credit != (name == "reduction"))  # fmt: skip
        if name == "amount" and row["part"] == annual.ASSET:
            text += read(f"{row['code']}|r", False)
        if row["fed_by"] == "earlier":
            text += read("earlier", True)
        if row["fed_by"] == "result" and name != "reduction":
            column = "B" if trial == "trial" else "C"
            result = "'" + self.names["result"].replace("'", "''") + "'"
            text += f"+{result}!{column}{self.cells['TR']}"
        return "=" + text.lstrip("+")
