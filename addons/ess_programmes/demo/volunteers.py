"""The forty-one volunteers, and the mentors around the young people."""

from odoo.addons.ess_beneficiary.demo.story import DEMO_MARK

from . import engagement


def build(story):
    """Create the volunteers as ordinary contacts and put the mentors around their young
    person.
    """
    with story.step("Bénévoles") as made:
        rows = story.read(__file__, "volunteers.csv")
        partners = [_partner(story, row) for row in rows]
        volunteers = story.env["ess.volunteer"].create(
            [
                {
                    "partner_id": partner.id,
                    "engagement": row["engagement"],
                    "date_start": story.day(row["date_start"]),
                    "date_stop": story.day(row["date_stop"]),
                }
                for row, partner in zip(rows, partners, strict=True)
            ]
        )
        story.volunteers.update(
            {
                row["key"]: volunteer.id
                for row, volunteer in zip(rows, volunteers, strict=True)
            }
        )
        engagement.build(story, rows, volunteers)
        mentors = _write_mentors(story, rows, volunteers)
        made(f"{len(volunteers)} bénévoles, {len(mentors)} mentors")
        story.figures["volunteers"] = len(volunteers)


def _partner(story, row):
    """Return the contact of a volunteer; one of them has a login already."""
    name = f"{row['first']} {row['last']}"
    user = story.env["res.users"].search([("name", "=", name)], limit=1)
    return user.partner_id or story.env["res.partner"].create(
        {
            "name": name,
            "email": row["email"],
            "phone": row["phone"],
            "lang": "fr_FR",
            "city": "Limoges",
            "comment": DEMO_MARK,
        }
    )


def _write_mentors(story, rows, volunteers):
    """Put each mentor around one young person, as long as the stay lasts."""
    stays = {
        row["person"]: row
        for row in story.read(__file__, "enrolments.csv")
        if row["programme"] == "tandem" and row["date_start"]
    }
    vals_list = []
    for row, volunteer in zip(rows, volunteers, strict=True):
        if not row["mentor_of"]:
            continue
        stay = stays[row["mentor_of"]]
        user = volunteer.user_id
        vals_list.append(
            {
                "beneficiary_id": story.people[row["mentor_of"]],
                "user_id": user.id,
                "partner_id": False if user else volunteer.partner_id.id,
                "role": "mentor",
                "date_from": story.day(stay["date_start"]),
                "date_to": story.day(stay["date_end"]),
                "end_reason": "programme_left" if stay["date_end"] else False,
            }
        )
    return story.env["ess.followup"].create(vals_list)
