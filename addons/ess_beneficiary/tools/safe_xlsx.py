"""Spreadsheets that open as what they are: text stays text.

A cell that starts with ``= + - @``, TAB or CR is run as a formula by spreadsheet
programs (CWE-1236). In XLSX such a text is written as a *text cell* with Excel's own
"quote prefix" mark, so that its value does not change; in CSV, which has no types, an
apostrophe goes before it. Numbers, negative ones too, stay numbers.
"""

import csv
import datetime
import io
import re

import xlsxwriter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# XML 1.0 has no room for these signs; a spreadsheet with one does not open.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MAX_CELL = 32767  # Excel's own limit of characters in a cell
_MAX_SHEET_NAME = 31


def is_formula_like(text):
    """True when a spreadsheet program would run the text.

    >>> is_formula_like("=1+1"), is_formula_like("Paul"), is_formula_like("")
    (True, False, False)
    """
    return text.startswith(FORMULA_STARTS)


def neutralise(value):
    """A value that is safe in a CSV cell.

    >>> neutralise("=cmd()"), neutralise(-5), neutralise("-5 €"), neutralise(None)
    ("'=cmd()", -5, "'-5 €", '')
    """
    if value is None or value is False:
        return ""
    if isinstance(value, str) and is_formula_like(value):
        return f"'{value}"
    return value


def write_csv(headers, rows, separator=";"):
    r"""CSV in UTF-8 with a byte-order mark (French Excel reads the accents).

    >>> write_csv(["Nom"], [["=1"], [-2]]).decode("utf-8-sig")
    "Nom\r\n'=1\r\n-2\r\n"
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator)
    writer.writerow([neutralise(header) for header in headers])
    writer.writerows([neutralise(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


class SafeWorkbook:
    """An XLSX file written row by row in constant memory.

    Example::

        book = SafeWorkbook()
        book.add_sheet("Rows", ["Name", "Amount"], [["=Paul", -5]])
        data = book.close()

    A sheet is written whole before the next one starts (constant memory).
    """

    def __init__(self):
        self._buffer = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self._buffer,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
            },
        )
        self._quoted = self.book.add_format({"quote_prefix": True})
        self._title = self.book.add_format({"bold": True, "bottom": 1})
        self._date = self.book.add_format({"num_format": "dd/mm/yyyy"})
        self._datetime = self.book.add_format({"num_format": "dd/mm/yyyy hh:mm"})

    def add_format(self, properties):
        """A format of xlsxwriter, to give to :meth:`write`."""
        return self.book.add_format(properties)

    def new_sheet(self, name):
        """An empty sheet with a name that Excel accepts.

        :rtype: xlsxwriter.worksheet.Worksheet
        """
        name = re.sub(r"[\[\]:*?/\\]", " ", _NOT_IN_XML.sub("", name)).strip("' ")
        return self.book.add_worksheet(name[:_MAX_SHEET_NAME] or None)

    def write(self, sheet, row, column, value, style=None):
        """Write one value with its own type; rows go downwards only."""
        if value is None or value is False:
            if style:
                sheet.write_blank(row, column, None, style)
        elif value is True:
            sheet.write_boolean(row, column, value, style)
        elif isinstance(value, datetime.datetime):
            sheet.write_datetime(row, column, value, style or self._datetime)
        elif isinstance(value, datetime.date):
            sheet.write_datetime(row, column, value, style or self._date)
        elif isinstance(value, (int, float)):
            sheet.write_number(row, column, value, style)
        else:
            text = _NOT_IN_XML.sub("", str(value))[:_MAX_CELL]
            if style is None and is_formula_like(text):
                style = self._quoted
            sheet.write_string(row, column, text, style)

    def add_sheet(self, name, headers, rows, widths=None):
        """Write a whole table: titles in bold, first row frozen.

        :param widths: column widths in characters, in order.
        """
        sheet = self.new_sheet(name)
        for column, width in enumerate(widths or []):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        for column, header in enumerate(headers):
            self.write(sheet, 0, column, header, self._title)
        for index, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                self.write(sheet, index, column, value)
        return sheet

    def close(self):
        """End the file.

        :return: its bytes.
        """
        self.book.close()
        return self._buffer.getvalue()


def write_xlsx(name, headers, rows, widths=None):
    """One table as XLSX bytes.

    >>> write_xlsx("Rows", ["Name"], [["=Paul"], [-5]])[:2]
    b'PK'
    """
    book = SafeWorkbook()
    book.add_sheet(name, headers, rows, widths)
    return book.close()
