"""Who lives with whom, how people may be reached, and two files that must not meet."""

from .people import PROTECTED, PROTECTED_BY

#: they lived together until she left; from then on their households are strangers
PARTNER, SEPARATED = "marchais-thierry", "2026-02-12"
#: the year from which somebody is a child in a household
CHILD_FROM = 2008
#: (programme's list, how many people there said how to reach them)
ASKED = ("tandem", "cap", "mots")


def build(story):
    """Write households, safe contacts and the parting of the Marchais."""
    with story.step("Foyers et contacts") as made:
        households = _write_households(story)
        _part(story, households)
        asked = _ask_contacts(story)
        made(f"{len(households) + 1} foyers, {asked} contacts sûrs")
    story.figures["households"] = len(households) + 1


def _write_households(story):
    """Write the households as they came to the food aid.

    :return: ``{code of the household: record}``
    """
    members = {}
    for row in story.facts.values():
        if row["household"]:
            members.setdefault(row["household"], []).append(row)
    records = story.env["ess.household"].create(
        [
            {
                "member_ids": [(0, 0, _member(story, row)) for row in rows],
                "declared_children": 1
                if PARTNER in [row["key"] for row in rows]
                else 0,
            }
            for rows in members.values()
        ]
    )
    return dict(zip(members, records, strict=True))


def _member(story, row):
    year = row["birth"][-4:] if "/" in row["birth"] else row["birth"][:4]
    return {
        "beneficiary_id": story.people[row["key"]],
        "role": "child" if year and int(year) >= CHILD_FROM else "adult",
        "date_from": story.day(row["first_seen"]),
    }


def _part(story, households):
    """Élodie leaves with Lina: two households that do not know each other."""
    shared = households[story.facts[PROTECTED]["household"]]
    leaving = shared.member_ids.filtered(
        lambda member: member.beneficiary_id.id == story.people[PROTECTED]
    )
    leaving.write({"date_to": story.day("2026-02-11"), "end_reason": "separation"})
    shared.declared_children = 0
    story.env["ess.household"].create(
        {
            "declared_children": 1,
            "member_ids": [
                (
                    0,
                    0,
                    {
                        "beneficiary_id": story.people[PROTECTED],
                        "role": "adult",
                        "date_from": story.day(SEPARATED),
                    },
                )
            ],
        }
    )
    leaving.beneficiary_id.write(
        {
            "date_contact_asked": story.day("2026-02-11"),
            "contact_post": True,
            "safe_address": f"À l'attention de {story.user(PROTECTED_BY).name}, à la "
            "Maison des Deux Ponts",
            "contact_days": "tue",
            "contact_hour_from": 10,
            "contact_hour_to": 11,
            "contact_voicemail": "no",
            "contact_shared": "yes",
            "contact_sender": "Maud",
        }
    )


def _ask_contacts(story):
    """Write how people of some programmes said that they may be reached."""
    keys = [
        key
        for key, row in story.facts.items()
        if row["list"] in ASKED and row["phone"] and key != PROTECTED
    ]
    files = story.env["ess.beneficiary"].browse([story.people[key] for key in keys])
    for file, key in zip(files, keys, strict=True):
        file.write(
            {
                "date_contact_asked": story.day(story.facts[key]["first_seen"]),
                "contact_phone": True,
                "contact_sms": True,
                "contact_email": bool(story.facts[key]["email"]),
                "contact_voicemail": "yes",
            }
        )
    return len(files) + 1
