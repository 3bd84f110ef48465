"""Cutting long work into pieces that can be repeated and resumed.

The list of work is frozen once (ids or id ranges): an ``OFFSET`` over a filter that
the work itself changes would skip records.
"""


def chunks(items, size):
    """Cut a sequence in lists of at most ``size`` items.

    >>> list(chunks([1, 2, 3, 4, 5], 2))
    [[1, 2], [3, 4], [5]]
    >>> list(chunks([], 2))
    []
    """
    items = list(items)
    for start in range(0, len(items), size):
        yield items[start : start + size]


def id_ranges(first, last, size):
    """Cut the ids ``first``..``last`` (inclusive) in inclusive ranges.

    >>> list(id_ranges(1, 10, 4))
    [(1, 4), (5, 8), (9, 10)]
    >>> list(id_ranges(3, 2, 4))
    []
    """
    for low in range(first, last + 1, size):
        yield low, min(low + size - 1, last)


def frozen_ranges(ids, size):
    """Ranges of ids that hold about ``size`` of the given ids each.

    Unlike :func:`id_ranges` it is not misled by holes between ids.

    >>> frozen_ranges([9, 1, 2, 7, 8], 2)
    [(1, 2), (7, 8), (9, 9)]
    """
    return [(part[0], part[-1]) for part in chunks(sorted(ids), size)]
