"""Statistical secrecy: which cells of a table of persons must not be printed.

A cell is *sensitive* when it counts at least one person and fewer than the threshold.
Hiding it alone is not enough: a total minus the other cells gives it back. So further
cells are hidden until no sum or difference of printed cells gives a hidden one
(complementary suppression).

What is promised, and proved by the tests on random tables whose totals are sums:

* no printed number lies between 1 and the threshold;
* in any row or column with a printed total, the hidden cells add up to the threshold or
  more: "total minus printed cells" describes no group smaller than the threshold;
* every hidden cell can take at least two values that agree with everything printed.

Zeros are printed: they describe nobody. What the reader knows from elsewhere (another
indicator, last year's report) is outside of what one table can guard.

Method: the complementary cells are the smallest ones that will do. In two-way tables a
hidden cell is safe when it lies on a closed path that turns at hidden, non-zero cells,
because moving one person around the path leaves every total unchanged; so cells that
are *bridges* of the graph "rows and columns joined by hidden cells" get a rectangle of
hidden cells.
Source of the method: L. H. Cox, "Suppression methodology and statistical disclosure
control", Journal of the American Statistical Association 75 (1980), pages 377-385.
"""

TOTAL = "__total__"

DEFAULT_THRESHOLD = 5


def is_sensitive(count, threshold=DEFAULT_THRESHOLD):
    """Tell whether a count of persons is too small to be printed.

    >>> [is_sensitive(count) for count in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 0 < count < threshold


def suppress_list(counts, total=None, threshold=DEFAULT_THRESHOLD):
    """Return the keys to hide in a one-way table.

    :param dict counts: ``{key: number of persons}``
    :param int total: printed total, or None when none is printed; when the parts
    overlap
        (persons of two programmes) it may be less than their sum
    :param int threshold: smallest number that may be printed
    :return: the keys to hide, with :data:`TOTAL` when the total itself is hidden
    :rtype: set

    >>> sorted(suppress_list({"women": 12, "men": 3, "other": 9}, 24))
    ['men', 'other']
    >>> suppress_list({"women": 12, "men": 0}, 12)
    set()
    >>> sorted(suppress_list({"women": 3, "men": 0}, 3))
    ['__total__', 'women']
    """
    hidden = {key for key, count in counts.items() if is_sensitive(count, threshold)}
    if total is None:
        return hidden
    if is_sensitive(total, threshold):
        return {key for key, count in counts.items() if count} | {TOTAL}
    if not hidden:
        return hidden
    spare = sorted(
        (key for key, count in counts.items() if count and key not in hidden),
        key=lambda key: (counts[key], str(key)),
    )
    while len(hidden) < 2 or sum(counts[key] for key in hidden) < threshold:
        if not spare:
            return hidden | {TOTAL}
        hidden.add(spare.pop(0))
    return hidden


def suppress_table(cells, threshold=DEFAULT_THRESHOLD):
    """Return the cells to hide in a two-way table with its totals.

    :param dict cells: ``{(row, column): number of persons}`` with the totals under
        :data:`TOTAL` as row, as column, and as both; a missing cell counts nobody
    :param int threshold: smallest number that may be printed
    :return: the ``(row, column)`` to hide, totals included
    :rtype: set

    >>> table = {
    ...     ("food", "f"): 8, ("food", "m"): 9, ("food", TOTAL): 17,
    ...     ("work", "f"): 2, ("work", "m"): 11, ("work", TOTAL): 13,
    ...     (TOTAL, "f"): 10, (TOTAL, "m"): 20, (TOTAL, TOTAL): 30,
    ... }
    >>> sorted(suppress_table(table))
    [('food', 'f'), ('food', 'm'), ('work', 'f'), ('work', 'm')]
    """
    return _TableSuppression(cells, threshold).run()


class _TableSuppression:
    """State of the search for the cells to hide in one two-way table."""

    def __init__(self, cells, threshold):
        self.cells = {cell: count for cell, count in cells.items() if count}
        self.threshold = threshold
        self.rows = sorted({row for row, _column in self.cells}, key=str)
        self.columns = sorted({column for _row, column in self.cells}, key=str)
        self.hidden = {
            cell for cell, count in self.cells.items() if is_sensitive(count, threshold)
        }

    def run(self):
        """Hide cells until every line is safe and no hidden cell is a bridge."""
        grand_total = self.cells.get((TOTAL, TOTAL), 0)
        if is_sensitive(grand_total, self.threshold):
            return set(self.cells)
        while self._protect_lines() or self._protect_bridges():
            pass
        return self.hidden

    # --- one line at a time

    def _lines(self):
        """Yield the non-zero cells of each row and column, totals included."""
        for row in self.rows:
            yield [cell for cell in self.cells if cell[0] == row], (row, TOTAL)
        for column in self.columns:
            yield [cell for cell in self.cells if cell[1] == column], (TOTAL, column)

    def _protect_lines(self):
        """Hide one more cell in each line that gives itself away, or return False."""
        changed = False
        for line, total in self._lines():
            hidden = [cell for cell in line if cell in self.hidden]
            if not hidden or self._is_line_safe(hidden, total):
                continue
            spare = [cell for cell in line if cell not in self.hidden]
            if spare:
                self.hidden.add(min(spare, key=self._cost))
                changed = True
        return changed

    def _is_line_safe(self, hidden, total):
        """Two hidden cells at least and, under a printed total, enough persons."""
        if len(hidden) < 2:
            return False
        if total in self.hidden:
            return True
        return sum(self.cells[cell] for cell in hidden) >= self.threshold

    def _cost(self, cell):
        """Order of sacrifice: inner cells before totals, the smallest first."""
        totals = (cell[0] == TOTAL) + (cell[1] == TOTAL)
        return (totals, self.cells[cell], str(cell))

    # --- across lines

    def _protect_bridges(self):
        """Put the first bridge on a rectangle of hidden cells, or return False."""
        for cell in sorted(self._bridges(), key=str):
            rectangle = self._cheapest_rectangle(cell)
            new = (rectangle or set(self.cells)) - self.hidden
            if new:
                self.hidden |= new
                return True
        return False

    def _cheapest_rectangle(self, cell):
        """Return the cheapest rectangle of non-zero cells through a cell."""
        row, column = cell
        best, best_cost = None, None
        for other_row in self.rows:
            for other_column in self.columns:
                if other_row == row or other_column == column:
                    continue
                corners = {
                    cell,
                    (row, other_column),
                    (other_row, column),
                    (other_row, other_column),
                }
                if not all(corner in self.cells for corner in corners):
                    continue
                cost = sorted(
                    (self._cost(corner) for corner in corners - self.hidden),
                    reverse=True,
                )
                if best is None or cost < best_cost:
                    best, best_cost = corners, cost
        return best

    def _bridges(self):
        """Return the hidden cells whose removal cuts the graph of rows and columns."""
        edges = {}
        for row, column in self.hidden:
            edges.setdefault(("row", row), []).append(("column", column))
            edges.setdefault(("column", column), []).append(("row", row))
        order, low, bridges = {}, {}, set()
        for root in edges:
            if root not in order:
                self._walk(root, edges, order, low, bridges)
        return bridges

    @staticmethod
    def _walk(root, edges, order, low, bridges):
        """Depth-first search without recursion (Tarjan's bridges)."""
        stack = [(root, None, iter(edges[root]))]
        order[root] = low[root] = len(order)
        while stack:
            node, parent, following = stack[-1]
            for other in following:
                if other == parent:
                    continue
                if other in order:
                    low[node] = min(low[node], order[other])
                else:
                    order[other] = low[other] = len(order)
                    stack.append((other, node, iter(edges[other])))
                    break
            else:
                stack.pop()
                if parent is not None:
                    low[parent] = min(low[parent], low[node])
                    if low[node] > order[parent]:
                        row, column = (
                            (parent, node) if parent[0] == "row" else (node, parent)
                        )
                        bridges.add((row[1], column[1]))
