"""Putting two histories of one thing on one time line, without any overlap.

Days are `datetime.date`, both ends included; no end means "still true".
"""

import datetime

DAY = datetime.timedelta(days=1)
FOREVER = datetime.date.max


def one_line(spells):
    """Cut the spells of one time line so that no day is covered twice.

    What begins later is nearer to the truth of its days: it covers what began before,
    which takes up again afterwards if it lasted longer. What is not known covers
    nothing that is. Between equals, the later in the list wins.

    :param list spells: ``(key, first day, last day or None, is known)``
    :return: ``{key: [(first day, last day or None), …]}``: the parts left of each
        spell, none when others cover it all
    :rtype: dict

    >>> day = lambda month, number=1: datetime.date(2026, month, number)
    >>> months = lambda parts: [(a.month, b and b.month) for a, b in parts]
    >>> line = one_line([("street", day(1), None, True),
    ...                  ("shelter", day(3), day(5, 31), True)])
    >>> months(line["street"]), months(line["shelter"])
    ([(1, 2), (6, None)], [(3, 5)])
    >>> one_line([("a", day(1), None, True), ("b", day(1), None, True)])["a"]
    []
    >>> one_line([("known", day(1), None, True), ("b", day(3), None, False)])["b"]
    []
    """
    ranked = sorted(
        enumerate(spells), key=lambda item: (item[1][3], item[1][1], item[0])
    )
    spans = [(key, first, last or FOREVER) for _n, (key, first, last, _known) in ranked]
    parts = {}
    for place, (key, first, last) in enumerate(spans):
        left = [(first, last)]
        for _other, start, end in spans[place + 1 :]:
            left = [part for whole in left for part in _without(whole, start, end)]
        parts[key] = [(start, None if end == FOREVER else end) for start, end in left]
    return parts


def _without(whole, start, end):
    """The one or two parts of a spell that another one does not cover."""
    first, last = whole
    if end < first or start > last:
        return [whole]
    parts = []
    if first < start:
        parts.append((first, start - DAY))
    if end < last:
        parts.append((end + DAY, last))
    return parts
