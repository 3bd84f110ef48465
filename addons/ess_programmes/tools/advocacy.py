"""The page of unmet needs: tables that leave the team, without small groups.

A cell counts requests; what must not be seen is a small number of *people*. So each
cell carries the distinct askers behind it: lines of fewer people than the threshold are
put together, then the cells that are left are hidden as in any other table.
"""

from .suppression import DEFAULT_THRESHOLD, TOTAL, suppress_table

OTHERS = "__others__"


def count_people(askers):
    """Add up distinct askers.

    :param dict askers: ``{key of an asker: number of people}``

    >>> count_people({"file 1": 1, "household 2": 4})
    5
    """
    return sum(askers.values())


def fold_small(lines, axis, threshold=DEFAULT_THRESHOLD):
    """Say under which name each line of a table is printed.

    :param dict lines: ``{(row, column): (requests, askers)}``
    :param int axis: 0 for rows, 1 for columns
    :param int threshold: smallest number of people of a printed line
    :return: ``{line: line or OTHERS}``; when the others are too few together, the
        smallest of the printed lines joins them
    :rtype: dict

    >>> small = {("food", "north"): (9, {"a": 9}), ("work", "north"): (3, {"b": 3})}
    >>> fold_small(small, 0)
    {'food': '__others__', 'work': '__others__'}
    >>> fold_small(small, 1)
    {'north': 'north'}
    """
    askers = {}
    for key, (_requests, people) in lines.items():
        askers.setdefault(key[axis], {}).update(people)
    sizes = {line: count_people(people) for line, people in askers.items()}
    names = {
        line: line if size >= threshold else OTHERS for line, size in sizes.items()
    }
    while OTHERS in names.values():
        together = {}
        for line, name in names.items():
            if name == OTHERS:
                together.update(askers[line])
        printed = [line for line, name in names.items() if name != OTHERS]
        if count_people(together) >= threshold or not printed:
            break
        names[min(printed, key=lambda line: (sizes[line], str(line)))] = OTHERS
    return names


def build_table(lines, threshold=DEFAULT_THRESHOLD):
    """Return a two-way table of requests whose small cells are hidden.

    :param dict lines: ``{(row, column): (requests, {asker: number of people})}``
    :param int threshold: smallest number of people behind a printed cell
    :return: ``{(row, column): requests, or None when it is hidden}`` with the totals
        under :data:`TOTAL`; empty when there are too few people in all
    :rtype: dict

    >>> build_table({("food", "north"): (7, {"a": 1})})
    {}
    >>> table = build_table({("food", "north"): (7, {"a": 6})})
    >>> table["food", "north"], table[TOTAL, TOTAL]
    (7, 7)
    """
    everybody = {}
    for _requests, people in lines.values():
        everybody.update(people)
    if count_people(everybody) < threshold:
        return {}
    rows, columns = (fold_small(lines, axis, threshold) for axis in (0, 1))
    requests, askers = {}, {}
    for (row, column), (number, people) in lines.items():
        cell = rows[row], columns[column]
        requests[cell] = requests.get(cell, 0) + number
        askers.setdefault(cell, {}).update(people)
    people = {cell: count_people(found) for cell, found in askers.items()}
    hidden = suppress_table(_with_totals(people), threshold)
    return {
        cell: None if cell in hidden else number
        for cell, number in _with_totals(requests).items()
    }


def _with_totals(cells):
    """Add the totals of rows, of columns and of all.

    >>> _with_totals({("a", "x"): 2})["a", TOTAL]
    2
    """
    totals = dict(cells)
    for (row, column), number in cells.items():
        for cell in ((row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            totals[cell] = totals.get(cell, 0) + number
    return totals
