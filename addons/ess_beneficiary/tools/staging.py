"""Bulk entry of rows by PostgreSQL's COPY, through Odoo's own cursor.

COPY sees no access rule, default or compute: only for tables of this suite, with
values checked before, inside the transaction of the caller.
"""

import datetime
import io
import itertools
import json

from odoo.tools import SQL

_ESCAPES = str.maketrans(
    {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
)


def copy_value(value):
    r"""One value in the text format of COPY.

    ``None`` and ``False`` become NULL: callers write a false boolean ``"f"``.

    >>> copy_value(None), copy_value("a\tb\\"), copy_value(12)
    ('\\N', 'a\\tb\\\\', '12')
    >>> copy_value(True), copy_value(datetime.date(2026, 1, 2)), copy_value({"a": "é"})
    ('t', '2026-01-02', '{"a": "é"}')
    """
    if value is None or value is False:
        return "\\N"
    if isinstance(value, str):
        if value.isprintable() and "\\" not in value:
            return value
        return value.translate(_ESCAPES)
    if value is True:
        return "t"
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
    return str(value)


# Rows that are made into text at a time, while PostgreSQL takes in the ones before.
_ROWS_AT_A_TIME = 500


class CopyText(io.TextIOBase):
    """The rows as the text that COPY reads, made as it is read.

    PostgreSQL works while the next lines are made, and the whole text is never held.

    >>> CopyText([("a", 1), (None, "b")]).read(1)
    'a\\t1\\n\\\\N\\tb\\n'
    """

    def __init__(self, rows):
        self.rows = iter(rows)

    def read(self, _size=-1):
        """Return the next lines; they may be more than asked for."""
        lines = [
            # Plain text and nothing, most of a list, without a call for each.
            "\t".join(
                [
                    "\\N"
                    if value is None
                    else value
                    if type(value) is str and value.isprintable() and "\\" not in value
                    else copy_value(value)
                    for value in row
                ]
            )
            for row in itertools.islice(self.rows, _ROWS_AT_A_TIME)
        ]
        if not lines:
            return ""
        lines.append("")
        return "\n".join(lines)


def copy_rows(cr, table, columns, rows):
    """Add ``rows`` to ``table`` in one COPY, within the caller's transaction.

    :param cr: Odoo cursor (real or test cursor).
    :param str table: table name.
    :param list columns: column names, in the order of the values.
    :param rows: iterable of sequences of values.
    """
    statement = SQL(
        "COPY %s (%s) FROM STDIN",
        SQL.identifier(table),
        SQL(", ").join(SQL.identifier(column) for column in columns),
    )
    # An ordinary statement first: a test cursor opens its savepoint on it.
    cr.execute("SELECT 1")
    cr.copy_expert(statement.code, CopyText(rows))
