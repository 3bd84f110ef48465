import datetime
import doctest
import io

import openpyxl

from odoo.tests import TransactionCase, tagged

from ..tools import (
    allocation,
    append_only,
    batches,
    headers,
    matching,
    matching_keys,
    memo_envelope,
    nir,
    row_values,
    safe_xlsx,
    seals,
    staging,
    table_reader,
    text_diff,
    timelines,
    values,
)

PURE = (
    append_only,
    batches,
    headers,
    matching,
    matching_keys,
    memo_envelope,
    nir,
    row_values,
    safe_xlsx,
    seals,
    staging,
    table_reader,
    text_diff,
    timelines,
    values,
)


@tagged("post_install", "-at_install", "ess")
class TestTools(TransactionCase):
    def test_doctests(self):
        for module in PURE:
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)

    def test_copy_keeps_every_sign(self):
        self.env.cr.execute("CREATE TEMPORARY TABLE copied (a text, b int, c jsonb)")
        text = "tab\t line\n back\\slash \\N é 汉 ' \" end\r"
        staging.copy_rows(
            self.env.cr,
            "copied",
            ["a", "b", "c"],
            [(text, 3, {"k": text}), (None, None, None)],
        )
        self.env.cr.execute("SELECT a, b, c FROM copied")
        self.assertEqual(
            self.env.cr.fetchall(), [(text, 3, {"k": text}), (None, None, None)]
        )

    def test_own_cursor_call_in_place_under_test(self):
        seen = []
        allocation.own_cursor_call(self.env, lambda env: seen.append(env.cr))
        self.assertEqual(seen, [self.env.cr])

    def test_xlsx_text_stays_text(self):
        rows = [["=1+1", "+33 6", "-x", "@y", "\tz", "\rw", -5, -2.5, None]]
        rows.append([datetime.date(2026, 1, 2), True, "bad\x00sign", "long" * 10_000])
        data = safe_xlsx.write_xlsx("A/B:" + "c" * 40, ["=h"], rows)
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        cells = list(sheet.iter_rows())[1]
        self.assertEqual([cell.data_type for cell in cells[:8]], ["s"] * 6 + ["n"] * 2)
        self.assertTrue(all(cell.quotePrefix for cell in cells[:6]))
        self.assertEqual(cells[0].value, "=1+1")
        self.assertEqual(cells[6].value, -5)
        self.assertEqual(sheet["C3"].value, "badsign")

    def test_csv_neutralised_and_read_back(self):
        rows = [["=1+1", "-5 €", "@x", "Paul", -5]]
        data = safe_xlsx.write_csv(["a", "b", "c", "d", "e"], rows)
        self.assertIn("'=1+1;'-5 €;'@x;Paul;-5", data.decode("utf-8-sig"))
        table = table_reader.read_table(data)
        self.assertEqual(table.rows[0][1], ["=1+1", "-5 €", "@x", "Paul", "-5"])
