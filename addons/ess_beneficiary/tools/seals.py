"""Seals: a short text that changes when anything it was made from changes.

Used for sealed logs, frozen reports and uploaded files. A chain of seals also shows
when a line was removed or moved, because each seal is made from the one before.
"""

import datetime
import hashlib
import json
from decimal import Decimal


def _plain(value):
    """Values that JSON does not know, written in one way only."""
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"Cannot seal a value of type {type(value).__name__}")


def canonical_json(value):
    """Write ``value`` as JSON in one way only: sorted keys, no spaces, UTF-8.

    >>> canonical_json({"b": 1, "a": [datetime.date(2026, 1, 2), "é"]})
    '{"a":["2026-01-02","é"],"b":1}'
    """
    return json.dumps(
        value,
        default=_plain,
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
        allow_nan=False,
    )


def digest(value):
    """SHA-256 of bytes, or of the canonical JSON of any other value.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    >>> digest(b"")[:12]
    'e3b0c44298fc'
    """
    if not isinstance(value, bytes):
        value = canonical_json(value).encode()
    return hashlib.sha256(value).hexdigest()


def seal(previous, digests):
    """Seal of a group of line digests, chained to the previous seal.

    :param str previous: the seal before, empty for the first one.
    :param list digests: digests of the lines, in the order of the lines.
    :rtype: str

    >>> first = seal("", ["a", "b"])
    >>> seal(first, ["c"]) != seal("", ["c"])
    True
    >>> seal("", ["a", "b"]) == seal("", ["b", "a"])
    False
    """
    return digest([previous or "", list(digests)])


def broken_links(groups):
    """Positions of the seals that do not match their lines.

    :param groups: iterable of ``(seal, [line digest, …])``, oldest first.
    :return: list of positions, empty when nothing was altered.

    >>> one = seal("", ["a"]); two = seal(one, ["b"])
    >>> broken_links([(one, ["a"]), (two, ["b"])])
    []
    >>> broken_links([(one, ["x"]), (two, ["b"])])
    [0]
    """
    broken, previous = [], ""
    for position, (written, digests) in enumerate(groups):
        if written != seal(previous, digests):
            broken.append(position)
        previous = written
    return broken
