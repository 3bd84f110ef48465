import itertools
import random

from odoo.tests import TransactionCase, tagged

from ..tools.suppression import TOTAL, is_sensitive, suppress_list, suppress_table

THRESHOLD = 5


@tagged("post_install", "-at_install", "ess")
class TestSuppression(TransactionCase):
    """What is printed never gives a small group back."""

    def test_zero_is_printed(self):
        self.assertEqual(suppress_list({"a": 0, "b": 9}, 9), set())

    def test_one_small_cell_takes_another_with_it(self):
        hidden = suppress_list({"a": 1, "b": 20, "c": 30}, 51)
        self.assertEqual(hidden, {"a", "b"})

    def test_two_small_cells_of_a_small_sum_are_not_enough(self):
        hidden = suppress_list({"a": 1, "b": 2, "c": 30}, 33)
        self.assertEqual(hidden, {"a", "b", "c"})

    def test_small_total_hides_everything(self):
        self.assertEqual(suppress_list({"a": 1, "b": 2}, 3), {"a", "b", TOTAL})

    def test_lists_at_random(self):
        """From the printed cells and total, no hidden cell can be computed."""
        rng = random.Random(1)
        for _index in range(3000):
            counts = {
                i: rng.choice([0, rng.randint(0, 9)]) for i in range(rng.randint(1, 7))
            }
            total = sum(counts.values())
            hidden = suppress_list(counts, total, THRESHOLD)
            for key, count in counts.items():
                self.assertTrue(key in hidden or not is_sensitive(count, THRESHOLD))
            if TOTAL not in hidden:
                self.assertFalse(is_sensitive(total, THRESHOLD))
                missing = sum(counts[key] for key in hidden)
                # "total minus printed" is nobody, or a group of the threshold or more
                self.assertTrue(not hidden or missing >= THRESHOLD)
                self.assertNotEqual(len(hidden), 1)

    def test_tables_at_random(self):
        """No row, column or total gives a hidden cell or a small group."""
        rng = random.Random(2)
        for _index in range(1500):
            table = _random_table(
                rng, rng.randint(1, 5), rng.randint(1, 5), rng.choice([6, 12, 40])
            )
            hidden = suppress_table(table, THRESHOLD)
            for cell, count in table.items():
                self.assertTrue(cell in hidden or not is_sensitive(count, THRESHOLD))
            for line, total in _lines(table):
                if total in hidden:
                    continue
                missing = [table[cell] for cell in line if cell in hidden]
                self.assertTrue(not missing or sum(missing) >= THRESHOLD, table)

    def test_tables_have_several_solutions(self):
        """Every hidden cell can take two values that agree with all that is printed.

        Checked by looking for a path that moves one person around without changing a
        printed number, then by trying every table in small cases.
        """
        rng = random.Random(3)
        for _index in range(1500):
            table = _random_table(
                rng, rng.randint(1, 4), rng.randint(1, 4), rng.choice([6, 15])
            )
            hidden = suppress_table(table, THRESHOLD)
            for cell in hidden:
                self.assertTrue(_is_on_closed_path(cell, hidden), (table, hidden, cell))
                self.assertGreater(table[cell], 0)

    def test_small_tables_by_exhaustion(self):
        rng = random.Random(4)
        checked = 0
        while checked < 60:
            table = _random_table(rng, 2, 3, 6)
            hidden = suppress_table(table, THRESHOLD)
            inner = [cell for cell in hidden if TOTAL not in cell]
            if not inner or len(inner) > 4:
                continue
            checked += 1
            solutions = _solutions(table, hidden, inner)
            for index, cell in enumerate(inner):
                values = {solution[index] for solution in solutions}
                self.assertGreater(len(values), 1, (table, hidden, cell))

    def test_same_input_same_output(self):
        rng = random.Random(5)
        table = _random_table(rng, 4, 4, 10)
        shuffled = dict(sorted(table.items(), key=lambda item: str(item[0])[::-1]))
        self.assertEqual(suppress_table(table), suppress_table(shuffled))


def _random_table(rng, rows, columns, highest):
    table = {
        (r, c): rng.choice([0, 0, rng.randint(0, 4), rng.randint(0, highest)])
        for r in range(rows)
        for c in range(columns)
    }
    for r in range(rows):
        table[r, TOTAL] = sum(table[r, c] for c in range(columns))
    for c in range(columns):
        table[TOTAL, c] = sum(table[r, c] for r in range(rows))
    table[TOTAL, TOTAL] = sum(table[r, TOTAL] for r in range(rows))
    return table


def _lines(table):
    rows = {row for row, _column in table}
    columns = {column for _row, column in table}
    for row in rows:
        yield [(row, c) for c in columns if c != TOTAL], (row, TOTAL)
    for column in columns:
        yield [(r, column) for r in rows if r != TOTAL], (TOTAL, column)


def _is_on_closed_path(cell, hidden):
    """Tell whether a row and a column stay joined once the cell between them is cut."""
    row, column = cell
    edges = {}
    for one in hidden - {cell}:
        edges.setdefault(("row", one[0]), set()).add(("column", one[1]))
        edges.setdefault(("column", one[1]), set()).add(("row", one[0]))
    reached, todo = set(), [("row", row)]
    while todo:
        node = todo.pop()
        if node not in reached:
            reached.add(node)
            todo += edges.get(node, ())
    return ("column", column) in reached


def _solutions(table, hidden, inner):
    """Return every filling of the hidden cells that agrees with printed totals."""
    highest = max(table[TOTAL, TOTAL], 1)
    found = []
    for values in itertools.product(range(min(highest, 12) + 1), repeat=len(inner)):
        filled = {**table, **dict(zip(inner, values, strict=True))}
        rows = {r for r, _c in table if r != TOTAL}
        columns = {c for _r, c in table if c != TOTAL}
        row_totals = {r: sum(filled[r, c] for c in columns) for r in rows}
        column_totals = {c: sum(filled[r, c] for r in rows) for c in columns}
        agrees = all(
            (r, TOTAL) in hidden or total == table[r, TOTAL]
            for r, total in row_totals.items()
        ) and all(
            (TOTAL, c) in hidden or total == table[TOTAL, c]
            for c, total in column_totals.items()
        )
        if agrees and (
            (TOTAL, TOTAL) in hidden or sum(row_totals.values()) == table[TOTAL, TOTAL]
        ):
            found.append(values)
    return found
