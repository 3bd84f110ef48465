"""What the volunteers like and can, when they come, and the papers they showed."""

from datetime import timedelta

from odoo.fields import Command

#: missions of `volunteers.csv`: type of mission, weekday, hours, where
MISSIONS = {
    "mentor": ("mentoring", "5", 9, 19, None),
    "veilleuse": ("outreach", "4", 18, 26, "gare"),
    "etal": ("food", "2", 13, 18, "centre"),
    "mots": ("french", "0", 9, 12, "centre"),
}
SKILLS = ("Cuisine", "Couture", "Écoute", "Informatique", "Musique", "Pâtisserie")
LANGUAGES = ("Anglais", "Arabe", "Dari", "Espagnol", "Portugais", "Wolof")
#: their papers are not in order: so that a screen of work has something to do
LATE = ("hervy", "dufraisse", "ribiere")


def build(story, rows, volunteers):
    """Note what each volunteer said at the first hello, and the papers shown."""
    dice = story.dice("engagement")
    names = {True: LANGUAGES, False: SKILLS}
    skills = {
        is_language: story.env["ess.skill"].create(
            [{"name": name, "is_language": is_language} for name in values]
        )
        for is_language, values in names.items()
    }
    types = story.by_code("ess.mission.type")
    territories = story.by_code("ess.territory")
    manager = story.user("benevoles")
    for row, volunteer in zip(rows, volunteers, strict=True):
        missions = [MISSIONS[name] for name in row["missions"].split()]
        volunteer.write(
            {
                "referent_id": manager.id,
                "stop_reason": row["date_stop"] and "moved",
                "mission_type_ids": [Command.set([types[m[0]] for m in missions])],
                "territory_ids": [
                    Command.set([territories[m[4]] for m in missions if m[4]])
                ],
                "skill_ids": [Command.set(_pick(skills[False], dice))],
                "language_ids": [Command.set(_pick(skills[True], dice))],
                "availability_ids": [
                    Command.create({"weekday": day, "hour_from": start, "hour_to": end})
                    for _type, day, start, end, _where in missions
                ],
            }
        )
    _lend(story, rows, volunteers)
    _show_papers(story, rows, volunteers)


def _pick(skills, dice):
    """Return one skill for two volunteers out of three."""
    return [dice.choice(skills.ids)] if dice.random() < 0.66 else []


def _lend(story, rows, volunteers):
    """Say which company lends the time of its employee."""
    company = story.env["res.partner"].create(
        {"name": "Porcelaines du Val (exemple inventé)", "is_company": True}
    )
    for row, volunteer in zip(rows, volunteers, strict=True):
        if row["engagement"] == "skills_sponsor":
            volunteer.employer_id = company


def _show_papers(story, rows, volunteers):
    """Note the papers: charter and secrecy for all, the certificate for mentors."""
    types = story.by_code("ess.paper.type")
    vals_list = []
    for row, volunteer in zip(rows, volunteers, strict=True):
        start = volunteer.date_start
        asked = () if row["key"] in LATE else ("charter", "secrecy")
        vals_list += [
            {"volunteer_id": volunteer.id, "type_id": types[code], "date_shown": start}
            for code in asked
        ]
        if row["mentor_of"]:
            shown = max(start, story.day("2025-09-08"))
            issued = shown - timedelta(days=6)
            if row["key"] == "garrigue":
                # the story: that of 2025-09-02 was renewed ten days before its end
                shown = story.day("2026-02-20")
                issued = story.day("2026-02-18")
            vals_list.append(
                {
                    "volunteer_id": volunteer.id,
                    "type_id": types["honour"],
                    "date_shown": shown,
                    "date_issued": issued,
                    "reference": f"EX-{row['key'].upper()}",
                }
            )
    story.env["ess.volunteer.paper"].create(vals_list)
