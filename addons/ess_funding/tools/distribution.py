"""The arithmetic of the guard on analytic distributions, without the ORM.

A distribution is what Odoo stores on a journal item: ``{"12,40": 60.0, "12": 40.0}``,
where a key joins the accounts of one share and the value is a percentage. Two plans
matter here: *actions* (what the cost is for) and *funding* (who pays). The rule:

* one share names at most one action and one grant;
* a grant is always joined to an action;
* no share is negative;
* the shares of the actions add up to 100 % at most.

Since a grant never stands alone, the grants of an action can then never exceed the
action's own share.
"""

from collections import defaultdict
from typing import NamedTuple

ACTION, GRANT = "action", "grant"


class Problem(NamedTuple):
    """What is wrong with a distribution: a kind, the accounts and the percentage."""

    kind: str
    account_ids: tuple
    percent: float


def shares_of(distribution):
    """Yield ``(account ids, percentage)`` of each share; technical keys are skipped.

    >>> list(shares_of({"7,9": 40, "__update__": ["account_id"]}))
    [((7, 9), 40.0)]
    """
    for key, percent in (distribution or {}).items():
        ids = tuple(int(part) for part in str(key).split(",") if part.strip().isdigit())
        if ids:
            yield ids, float(percent)


def find_problems(distribution, role_of, digits=8):
    """Check one distribution against the rule of the module.

    :param dict distribution: what Odoo stores on the line, percentages
    :param dict role_of: ``{analytic account id: "action" | "grant"}``; accounts of
        other plans are absent
    :param int digits: decimals of a percentage; each share may be half a unit off
    :return: problems, the most telling first; empty when the distribution is accepted
    :rtype: list[Problem]

    >>> role_of = {1: "action", 2: "action", 8: "grant"}
    >>> find_problems({"1,8": 60, "1": 40}, role_of)
    []
    >>> find_problems({"1,8": 60, "2": 50}, role_of)
    [Problem(kind='over', account_ids=(1, 2), percent=110.0)]
    >>> find_problems({"8": 60}, role_of)
    [Problem(kind='alone', account_ids=(8,), percent=60.0)]
    >>> find_problems({"1": 33.33333333, "1,8": 66.66666667}, role_of)
    []
    """
    problems, actions, total, count = [], {}, 0.0, 0
    for ids, percent in shares_of(distribution):
        on_action = [account for account in ids if role_of.get(account) == ACTION]
        on_grant = [account for account in ids if role_of.get(account) == GRANT]
        problems += _problems_of_share(on_action, on_grant, percent)
        if on_action:
            actions.update(dict.fromkeys(on_action))
            total += percent
            count += 1
    if total > 100 + count * 10**-digits:
        problems.insert(0, Problem("over", tuple(actions), round(total, digits)))
    return problems


def _problems_of_share(on_action, on_grant, percent):
    """Yield what is wrong with one share, whatever the others are.

    >>> list(_problems_of_share([1, 2], [], -5.0))  # doctest: +NORMALIZE_WHITESPACE
    [Problem(kind='negative', account_ids=(1, 2), percent=-5.0),
     Problem(kind='two_actions', account_ids=(1, 2), percent=-5.0)]
    """
    if percent < 0 and (on_action or on_grant):
        yield Problem("negative", tuple(on_action + on_grant), percent)
    if len(on_action) > 1:
        yield Problem("two_actions", tuple(on_action), percent)
    if len(on_grant) > 1:
        yield Problem("two_grants", tuple(on_grant), percent)
    if on_grant and not on_action:
        yield Problem("alone", tuple(on_grant), percent)


def share_per_action(distribution, role_of):
    """Percentages by action and by (action, grant).

    >>> role_of = {1: "action", 8: "grant"}
    >>> share_per_action({"1,8": 60, "1": 40}, role_of)
    ({1: 100.0}, {(1, 8): 60.0})
    """
    actions, grants = defaultdict(float), defaultdict(float)
    for ids, percent in shares_of(distribution):
        on_action = [account for account in ids if role_of.get(account) == ACTION]
        on_grant = [account for account in ids if role_of.get(account) == GRANT]
        for action in on_action:
            actions[action] += percent
            for grant in on_grant:
                grants[action, grant] += percent
    return dict(actions), dict(grants)
