"""Domains as plain lists, so that a frozen report can keep the way to its records."""

import datetime


def plain_domain(value):
    """Turn a domain, and the domains inside it, into lists, numbers and texts.

    >>> plain_domain([("day", ">=", datetime.date(2026, 1, 2)), ("id", "in", {2, 1})])
    [['day', '>=', '2026-01-02'], ['id', 'in', [1, 2]]]
    """
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat(sep=" ") if hasattr(value, "hour") else value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(plain_domain(item) for item in value)
    if isinstance(value, (str, bytes, int, float)) or value is None:
        return value
    if hasattr(value, "__iter__"):
        return [plain_domain(item) for item in value]
    return value
