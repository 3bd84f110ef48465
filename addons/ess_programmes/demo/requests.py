"""What people asked the 115 for, and what was answered: 210 requests."""

from datetime import date

#: the answers of the eighteen months; the story of Paulo and that of Zohra are in them
ANSWERS = {
    "served": 61,
    "partly": 9,
    "not_served": 74,
    "no_reply": 31,
    "declined": 14,
    "not_asked": 21,
}
#: the evenings of Paulo with the 115
PAULO = "ferraz-bastos-paulo"
PAULO_CALLS = (
    ("2025-11-21", "not_served", "animal", "30"),
    ("2025-11-25", "no_reply", None, "30"),
    ("2025-11-28", "declined", "not_fit", "15"),
    ("2025-12-02", "not_served", "full", "15"),
    ("2026-02-03", "served", None, "5"),
)
REASONS = ("full", "full", "full", "household", "household", "access", "animal")
OWN_REASONS = ("not_fit", "distance", "not_wanted")
FIRST, LAST = date(2025, 6, 2), date(2026, 11, 20)


def build(story):
    """Write the requests made during the rounds, zone by zone."""
    with story.step("Demandes au 115") as made:
        requests = story.spread_create(story.env["ess.request"], _draw(story))
        counts = dict(story.env["ess.request"]._read_group([], ["state"], ["__count"]))
        made(f"{len(requests)}, dont {counts['not_served']} sans solution")
        story.figures["requests"] = {**counts, "total": len(requests)}


def _draw(story):
    """Return the values of all requests, those of the story first."""
    dice = story.dice("demandes")
    common = _prepare_common(story)
    reasons = story.by_code("ess.refusal.reason")
    territories = story.env["ess.territory"].search([]).ids
    return [
        {
            **common,
            "date": story.day(day),
            "date_answer": story.day(day),
            "state": state,
            "reason_id": reasons[reason] if reason else False,
            "waiting_time": waiting,
            "territory_id": dice.choice(territories),
            **who,
        }
        for day, state, reason, waiting, who in _draw_calls(story, dice)
    ]


def _prepare_common(story):
    """Return what all these requests have in common."""
    return {
        "type_id": story.by_code("ess.request.type")["shelter"],
        "channel": "call_115",
        "programme_id": story.by_code("ess.programme")["veilleuse"],
        "user_id": story.user("terrain").id,
    }


def _draw_calls(story, dice):
    """Yield (day, state, code of the reason, waiting, who) of each call."""
    left = dict(ANSWERS)
    for day, state, reason, waiting in PAULO_CALLS:
        left[state] -= 1
        yield day, state, reason, waiting, {"beneficiary_id": story.people[PAULO]}
    programme = story.by_code("ess.programme")["veilleuse"]
    stays = story.env["ess.enrolment"].search([("programme_id", "=", programme)])
    people, days = stays.beneficiary_id.ids, list(story.days(FIRST, LAST, 1, 4))
    for state, count in left.items():
        for _index in range(count):
            reason = {
                "not_served": dice.choice(REASONS),
                "declined": dice.choice(OWN_REASONS),
            }.get(state)
            who = (
                {"beneficiary_id": dice.choice(people)}
                if dice.random() < 0.7
                else {"headcount": dice.choice((1, 1, 2, 3))}
            )
            waiting = dice.choice(("5", "15", "30", "more"))
            yield dice.choice(days), state, reason, waiting, who
