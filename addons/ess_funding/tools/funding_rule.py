"""What a funder owes by the rule of the agreement, without the ORM."""

#: what a flat rate is a part of, and the rate: regulation (EU) 2021/1060, art. 54 to
#: 56. With the 40 % rate no other cost may be declared, save what participants get.
FLAT_RATES = {
    "none": (None, 0.0),
    "staff15": ("staff", 15.0),
    "staff40": ("staff", 40.0),
    "direct7": ("direct", 7.0),
    "nonstaff20": ("nonstaff", 20.0),
}


def eligible_cost(flat, staff, other, participants=0.0):
    """Cost that the funder accepts, flat rate included.

    :param str flat: key of `FLAT_RATES`
    :param float staff: direct staff costs
    :param float other: other direct costs, what participants get left out
    :param float participants: pay and allowances of participants

    >>> round(eligible_cost("staff15", 58152, 0), 2)
    66874.8
    >>> round(eligible_cost("staff40", 58152, 9999), 2)
    81412.8
    >>> eligible_cost("direct7", 100, 100)
    214.0
    >>> eligible_cost("nonstaff20", 999, 100)
    120.0
    """
    base, rate = FLAT_RATES[flat]
    if base is None:
        return staff + other + participants
    if flat == "staff40":
        return staff + participants + staff * rate / 100
    if base == "staff":
        return staff + other + participants + staff * rate / 100
    if base == "nonstaff":
        # Staff costs are the flat part: the real ones are not declared.
        return (other + participants) * (1 + rate / 100)
    return (staff + other + participants) * (1 + rate / 100)


def earned(rule, award, cost=0.0, rate=100.0, units=0.0, price=0.0, others=None):
    """What the grant finally is, never above the award.

    :param str rule: "fixed", "rate", "unit" or "real"
    :param float cost: eligible cost (of the action for a rate, charged for "real")
    :param float others: other resources of the same cost, when they limit the grant

    >>> earned("rate", 50000, 108840, 40)
    43536.0
    >>> earned("rate", 60000, 81412.80, 60)
    48847.68
    >>> round(earned("rate", 60000, 81412.80, 60, others=35000), 2)
    46412.8
    >>> earned("unit", 1000, units=12, price=50)
    600
    >>> earned("real", 1000, 1200), earned("fixed", 1000, 3)
    (1000, 1000)
    """
    if rule == "fixed":
        return award
    due = {"rate": cost * rate / 100, "unit": units * price, "real": cost}[rule]
    if others is not None:
        due = min(due, max(0.0, cost - others))
    return min(award, round(due, 2) if isinstance(due, float) else due)
