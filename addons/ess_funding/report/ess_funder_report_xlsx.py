from odoo import models
from odoo.tools import format_date

from odoo.addons.ess_beneficiary.tools.safe_xlsx import SafeWorkbook

from ..tools.statement import CHARGE, IN_KIND_CHARGE, IN_KIND_PRODUCT, PRODUCT

HEADINGS = ("heading", "total", "grand_total")
SUMMED = ("line", "unmatched", "balance")
# Spreadsheet programs show these in the reader's own way: 1 234,50 € in French.
AMOUNT = '#,##0.00\\ "{symbol}"'
RATE = "0.00%"


class EssFunderReport(models.Model):
    """The report as a workbook: what is frozen, for a reader with a calculator.

    Totals of money are live formulas over the lines above them.
    """

    _inherit = "ess.funder.report"

    def _get_file_name(self, extension="xlsx"):
        """Name of the downloaded file."""
        self.ensure_one()
        return f"{self.name.replace('/', '-')}.{extension}"

    def _get_xlsx(self):
        """The workbook.

        :rtype: bytes
        """
        self.ensure_one()
        return _FunderWorkbook(self).build()


class _FunderWorkbook:
    """Writes one report; sheets are written whole, one after the other."""

    def __init__(self, report):
        self.env = report.env
        self.report = report
        self.content = report._get_content()
        self.lines = self.content["lines"]
        self.book = SafeWorkbook()
        self._add_formats()

    def _add_formats(self):
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        add = self.book.add_format
        self.text = add(base | {"text_wrap": True})
        self.bold = add(base | {"bold": True, "text_wrap": True})
        self.title = add(
            base | {"bold": True, "font_size": 16, "font_color": "#6D597A"}
        )
        self.head = add(
            base
            | {
                "bold": True,
                "bg_color": "#6D597A",
                "font_color": "#FFFFFF",
                "text_wrap": True,
                "border": 1,
                "border_color": "#B8A9C0",
            }
        )
        strong = {"bold": True, "bg_color": "#EFEAF2", "top": 1}
        self.strong = add(base | strong | {"text_wrap": True})
        amount = AMOUNT.format(symbol=self.report.currency_id.symbol)
        self.number = {
            (kind, is_strong): add(
                base
                | {"num_format": form, "align": "right"}
                | (strong if is_strong else {})
            )
            for kind, form in (("amount", amount), ("rate", RATE))
            for is_strong in (False, True)
        }
        self.whole = add(base | {"num_format": "#,##0", "align": "right", "bold": True})
        self.decimal = add(
            base | {"num_format": "#,##0.00", "align": "right", "bold": True}
        )
        self.right = add(base | {"align": "right", "bold": True})

    def build(self):
        """:return: the bytes of the file"""
        self._write_summary(self.env._("Summary"))
        self._write_figures(self.env._("People and activity"), ("who", "what"))
        self._write_figures(self.env._("Effect"), ("effect",))
        self._write_money(self.env._("Money"))
        self._write_definitions(self.env._("Definitions"))
        return self.book.close()

    # === SHEETS
    def _new_sheet(self, name, title, widths, landscape=True):
        """A sheet ready to print on A4, with its title in the first row."""
        sheet = self.book.new_sheet(name)
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        footer = self.content["name"].replace("&", "&&")
        sheet.set_footer(f"&L&8{footer[:200]}&R&8&P / &N")
        sheet.hide_gridlines(2)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        self.book.write(sheet, 0, 0, title, self.title)
        return sheet

    def _write_summary(self, name):
        content = self.content
        sheet = self._new_sheet(name, content["name"], (34, 70), landscape=False)
        rows = [
            (self.env._("Association"), content["association"]),
            (self.env._("Funder"), content["funder"]),
            (self.env._("Grant"), content["grant"]),
            (self.env._("Agreement no."), content["ref"]),
            (self.env._("Amount"), content["amount"]),
            (self.env._("Period of the report"), self._period("date_from", "date_to")),
            (self.env._("Actions"), ", ".join(content["actions"])),
            (self.env._("Programmes"), ", ".join(content["programmes"])),
            (self.env._("State"), self._state()),
            (
                self.env._("Seal (SHA-256)"),
                self.report.seal or self.env._("Draft: not sealed"),
            ),
            (self.env._("What was done"), content["story"]),
            (self.env._("Differences explained"), content["variances"]),
            (self.env._("What these figures do not show"), content["limits"]),
        ]
        shown = [(label, value) for label, value in rows if value not in ("", False)]
        for row, (label, value) in enumerate(shown, 2):
            self.book.write(sheet, row, 0, label, self.bold)
            style = self.text
            if isinstance(value, float):
                style = self.number["amount", False]
            self.book.write(sheet, row, 1, value, style)

    def _write_figures(self, name, sections):
        sheet = self._new_sheet(name, name, (26, 46, 22, 16, 80))
        heads = (
            self.env._("By"),
            self.env._("Figure"),
            self.env._("Value"),
            self.env._("Unit"),
            self.env._("Definition"),
        )
        self._write_heads(sheet, 2, heads)
        lines = [line for line in self.lines if line["section"] in sections]
        for row, line in enumerate(lines, 3):
            self.book.write(sheet, row, 0, line["group"], self.text)
            self.book.write(sheet, row, 1, line["label"], self.text)
            self._write_value(sheet, row, 2, line)
            self.book.write(sheet, row, 3, line["unit"], self.text)
            self.book.write(sheet, row, 4, line["definition"], self.text)
        if not lines:
            self.book.write(
                sheet, 3, 0, self.env._("No figure in this part."), self.text
            )

    def _write_money(self, name):
        sheet = self._new_sheet(name, name, (58, 18, 18, 12, 18, 18))
        heads = (
            self.env._("Line"),
            self.env._("Planned"),
            self.env._("Actual"),
            self.env._("%"),
            self.env._("Difference"),
            self.env._("Of which the grant"),
        )
        row, group, block = 2, None, []
        for line in self._money_lines():
            if line["group"] != group:
                row = self._write_block(sheet, row, group, block, heads)
                group, block = line["group"], []
            block.append(line)
        self._write_block(sheet, row, group, block, heads)

    def _write_definitions(self, name):
        sheet = self._new_sheet(name, name, (46, 16, 100))
        self._write_heads(
            sheet,
            2,
            (self.env._("Figure"), self.env._("Unit"), self.env._("Definition")),
        )
        seen, row = set(), 3
        for line in self.lines:
            key = (line["label"], line["definition"])
            if not line["definition"] or key in seen:
                continue
            seen.add(key)
            unit = self.content["currency"] if line["is_money"] else line["unit"]
            self.book.write(sheet, row, 0, line["label"], self.bold)
            self.book.write(sheet, row, 1, unit, self.text)
            self.book.write(sheet, row, 2, line["definition"], self.text)
            row += 1

    # === MONEY
    def _money_lines(self):
        return [line for line in self.lines if line["section"] == "money"]

    def _write_block(self, sheet, row, group, block, heads):
        """Write the table of one action, or the short one on the use of the grant.

        :return: the first free row after it
        :rtype: int
        """
        if not block:
            return row
        self.book.write(sheet, row, 0, group, self.title)
        is_table = any(line["side"] for line in block)
        if is_table:
            row += 1
            self._write_heads(sheet, row, heads)
            sheet.repeat_rows(row)
        first = row + 1
        for row, line in enumerate(block, first):
            if line["side"]:
                self._write_money_row(sheet, row, line, block, first)
            else:
                self.book.write(sheet, row, 0, line["label"], self.text)
                self._write_value(sheet, row, 2, line)
        return row + 3

    def _write_money_row(self, sheet, row, line, block, first):
        strong = line["kind"] in HEADINGS
        amount, rate = self.number["amount", strong], self.number["rate", strong]
        style = self.strong if strong else self.text
        self.book.write(sheet, row, 0, line["label"], style)
        for column, name in ((1, "planned"), (2, "value"), (5, "share")):
            parts = self._get_parts(line, block, first) if strong else []
            if parts:
                formula = self._get_sum(parts, "ABCDEF"[column])
                sheet.write_formula(row, column, formula, amount, line[name])
            else:
                self.book.write(sheet, row, column, line[name], amount)
        number = row + 1
        done = line["rate"] / 100 if line["planned"] else ""
        formula = f'=IF(B{number}=0,"",C{number}/B{number})'
        sheet.write_formula(row, 3, formula, rate, done)
        sheet.write_formula(row, 4, f"=C{number}-B{number}", amount, line["difference"])

    def _get_parts(self, line, block, first):
        """Rows that a heading or a total adds up.

        :return: row numbers as spreadsheets count them
        :rtype: list[int]
        """
        pairs = {IN_KIND_CHARGE: CHARGE, IN_KIND_PRODUCT: PRODUCT}
        sides = {line["side"]}
        if line["kind"] == "grand_total":
            sides.add(pairs[line["side"]])
        return [
            first + index + 1
            for index, other in enumerate(block)
            if other["kind"] in SUMMED
            and other["side"] in sides
            and (line["kind"] != "heading" or other["chapter"] == line["chapter"])
        ]

    @staticmethod
    def _get_sum(rows, column):
        """A SUM over rows, neighbours joined into ranges.

        >>> _FunderWorkbook._get_sum([3, 4, 5, 8], "B")
        '=SUM(B3:B5,B8:B8)'
        """
        ranges = []
        for row in rows:
            if ranges and ranges[-1][1] == row - 1:
                ranges[-1][1] = row
            else:
                ranges.append([row, row])
        text = ",".join(f"{column}{start}:{column}{end}" for start, end in ranges)
        return f"=SUM({text})"

    # === CELLS
    def _write_heads(self, sheet, row, heads):
        for column, head in enumerate(heads):
            self.book.write(sheet, row, column, head, self.head)

    def _write_value(self, sheet, row, column, line):
        """A figure with its own format; a hidden one as the mark of secrecy."""
        if line["is_suppressed"]:
            text = self.env._("s (statistical secrecy)")
            self.book.write(sheet, row, column, text, self.right)
        elif line["is_undefined"]:
            self.book.write(sheet, row, column, "–", self.right)
        elif line["is_money"]:
            style = self.number["amount", False]
            self.book.write(sheet, row, column, line["value"], style)
        else:
            is_whole = line["value"] == round(line["value"])
            style = self.whole if is_whole else self.decimal
            self.book.write(sheet, row, column, line["value"], style)

    def _period(self, start, end):
        dates = [format_date(self.env, self.content[name]) for name in (start, end)]
        return self.env._("from %(start)s to %(end)s", start=dates[0], end=dates[1])

    def _state(self):
        if self.report.state == "final":
            return self.env._(
                "Final, frozen on %(date)s",
                date=format_date(self.env, self.report.finalised_at),
            )
        return self.env._("Draft")
