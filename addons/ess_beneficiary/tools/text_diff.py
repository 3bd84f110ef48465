"""What changed between two texts, word by word."""

import difflib
import re

SAME, REMOVED, ADDED = "same", "removed", "added"
_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")


def word_changes(before, after):
    """Compare two texts word by word; what is said stays whole and in order.

    >>> word_changes("I want a room", "I want a flat")
    [('same', 'I want a '), ('removed', 'room'), ('added', 'flat')]
    >>> word_changes("", "Hello")
    [('added', 'Hello')]
    >>> word_changes("Same", "Same")
    [('same', 'Same')]

    :param str before: former text
    :param str after: new text
    :return: pieces (``"same"``, ``"removed"`` or ``"added"``, text); all but the
        added ones make `before`, all but the removed ones make `after`
    :rtype: list of tuple
    """
    old, new = _TOKENS.findall(before or ""), _TOKENS.findall(after or "")
    # never by popularity: in a text as short as this every word counts
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    pieces = []
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append((SAME, "".join(old[start:end])))
            continue
        if end > start:
            pieces.append((REMOVED, "".join(old[start:end])))
        if new_end > new_start:
            pieces.append((ADDED, "".join(new[new_start:new_end])))
    return pieces
