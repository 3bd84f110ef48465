"""Which line of a financial report does an account belong to?

Accountants write the answer as account prefixes (``601,602,603``); the longest prefix
that starts the account's code wins, so that a line can be refined without touching the
others.
"""


def split_prefixes(text):
    """Turn the text of a field into clean prefixes.

    >>> split_prefixes(" 601, 602 ;603,")
    ['601', '602', '603']
    >>> split_prefixes(None)
    []
    """
    parts = (text or "").replace(";", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


class PrefixMap:
    """Finds the line of an account code by its longest known prefix.

    >>> lines = PrefixMap([("60x", "60"), ("601", "601,602"), ("604", "604")])
    >>> lines.find("604000"), lines.find("602100"), lines.find("606300")
    ('604', '601', '60x')
    >>> lines.find("512001") is None
    True
    """

    def __init__(self, pairs):
        """:param list pairs: ``(line, text of prefixes)``, in any order"""
        self._line_of = {}
        for line, text in pairs:
            for prefix in split_prefixes(text):
                self._line_of.setdefault(prefix, line)
        self._lengths = sorted({len(prefix) for prefix in self._line_of}, reverse=True)

    def find(self, code):
        """:return: the line of this account code, ``None`` when no prefix fits"""
        for length in self._lengths:
            line = self._line_of.get((code or "")[:length])
            if line is not None:
                return line
        return None


def duplicated_prefixes(pairs):
    """Prefixes given to more than one line: a report could not choose.

    >>> duplicated_prefixes([("a", "60,61"), ("b", "61")])
    ['61']
    """
    seen, doubled = set(), set()
    for _line, text in pairs:
        for prefix in split_prefixes(text):
            (doubled if prefix in seen else seen).add(prefix)
    return sorted(doubled)
