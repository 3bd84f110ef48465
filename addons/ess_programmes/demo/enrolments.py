"""Who came into which programme, when, and how it ended."""

from collections import Counter, defaultdict

from odoo.fields import Command

#: programme: (role of the worker around the person, how logins share the people)
ROLES = {
    "veilleuse": ("social_worker", ("terrain",)),
    "etal": ("referent", ("etal",)),
    "mots": ("referent", ("mots",)),
    "tandem": ("referent", ("tandem",)),
    "cap": ("job_coach", ("insertion", "insertion2")),
}
#: people of the story whose worker goes on following them after the exit
STILL_FOLLOWED = {"ferraz-bastos-paulo", "lacoste-vidal-bruno", "benoit-naila"}
#: who follows whom when turns would say otherwise
CHOSEN = {"lacoste-vidal-bruno": "insertion"}


def build(story):
    """Write the stays, then the team around each person."""
    with story.step("Inscriptions") as made:
        enrolments = _write_stays(story)
        counts = dict(
            story.env["ess.enrolment"]._read_group([], ["bucket"], ["__count"])
        )
        made(f"{len(enrolments)}, dont {counts['waitlisted']} en attente")
        story.figures["enrolments"] = {**counts, "total": len(enrolments)}
    with story.step("Équipes de suivi") as made:
        made(f"{len(_write_followups(story))} suivis")


def _write_stays(story):
    """Create the stays; goals of the person's project are linked to the programme that
    serves them.
    """
    programmes = story.by_code("ess.programme")
    cohorts = {
        (cohort.programme_id.code, cohort.name): cohort.id
        for cohort in story.env["ess.cohort"].search([])
    }
    stages = story.by_code("ess.enrolment.stage")
    reasons = story.by_code("ess.exit.reason")
    refusals = story.by_code("ess.refusal.reason")
    enrolments = story.spread_create(
        story.env["ess.enrolment"],
        [
            {
                "beneficiary_id": story.people[row["person"]],
                "programme_id": programmes[row["programme"]],
                "cohort_id": cohorts.get((row["programme"], row["cohort"]), False),
                "stage_id": stages[row["stage"]],
                "date_request": story.day(row["date_request"]),
                "requested_at": story.day(row["date_request"]),
                "date_start": story.day(row["date_start"]),
                "date_end": story.day(row["date_end"]),
                "exit_reason_id": reasons.get(row["exit_reason"], False),
                "refusal_reason_id": refusals.get(row["refusal_reason"], False),
            }
            for row in story.read(__file__, "enrolments.csv")
        ],
    )
    _link_goals(story, enrolments)
    return enrolments


#: what each programme answers among the themes of goals
SERVED = {
    "veilleuse": ("housing", "papers", "health"),
    "etal": ("food", "money"),
    "mots": ("french",),
    "tandem": ("project", "confidence", "mobility"),
    "cap": ("job", "project", "mobility"),
}


def _link_goals(story, enrolments):
    """Link the stays to the goals that they serve."""
    goals = {}
    for goal in story.env["ess.goal"].search([("is_current", "=", True)]):
        goals.setdefault((goal.beneficiary_id.id, goal.theme_id.code), []).append(
            goal.id
        )
    for enrolment in enrolments.filtered("date_start"):
        served = [
            goal
            for theme in SERVED[enrolment.programme_id.code]
            for goal in goals.get((enrolment.beneficiary_id.id, theme), ())
        ]
        if served:
            enrolment.goal_ids = [Command.set(served)]


def _write_followups(story):
    """Put the worker of each programme around its people, from entry to exit."""
    Followup = story.env["ess.followup"]
    known = {
        (followup.beneficiary_id.id, followup.user_id.id): followup
        for followup in Followup.search([])
    }
    new, dated = [], set()
    for vals in _draw_followups(story):
        followup = known.get((vals["beneficiary_id"], vals["user_id"]))
        if followup and followup.id not in dated and vals["is_referent"]:
            # the worker who opened the file follows it already: the stay gives the
            # dates
            dated.add(followup.id)
            followup.write(
                {name: vals[name] for name in ("date_from", "date_to", "end_reason")}
            )
        else:
            new.append(vals)
    # ends must be in the table before the next follow-up of the same worker
    Followup.flush_model()
    return Followup.create(new) | Followup.search([])


def _draw_followups(story):
    """Return the values of the follow-ups that the stays call for.

    The first programme gives the referent; when it is over, the first one that goes on
    takes over. Two stays at once with one worker make one follow-up.
    """
    opened, vals_list = {}, []
    referents_of, open_for = defaultdict(set), defaultdict(bool)
    for row, role, user in _draw_workers(story):
        story.workers[row["programme"], row["person"]] = user.id
        key = (row["person"], user.id)
        referents = referents_of[row["person"]]
        if not referents or not (row["date_end"] or open_for[row["person"]]):
            referents.add(user.id)
        open_for[row["person"]] |= not row["date_end"]
        is_referent = user.id in referents
        end = "" if row["person"] in STILL_FOLLOWED else row["date_end"]
        vals = {
            "beneficiary_id": story.people[row["person"]],
            "user_id": user.id,
            "role": "referent" if is_referent else role,
            "is_referent": is_referent,
            "date_from": story.day(row["date_start"]),
            "date_to": story.day(end),
            "end_reason": "programme_left" if end else False,
        }
        if key in opened and not opened[key]["date_to"]:
            continue
        opened[key] = vals
        vals_list.append(vals)
    return vals_list


def _draw_workers(story):
    """Yield each stay that began, by date, with the role and the user who takes it:
    the workers of a programme take turns.
    """
    rows = [row for row in story.read(__file__, "enrolments.csv") if row["date_start"]]
    users = {
        login: story.user(login) for _role, logins in ROLES.values() for login in logins
    }
    turns = Counter()
    for row in sorted(rows, key=lambda row: row["date_start"]):
        role, logins = ROLES[row["programme"]]
        turn = turns[row["programme"]]
        turns[row["programme"]] += 1
        login = CHOSEN.get(row["person"], logins[turn % len(logins)])
        yield row, role, users[login]
