"""The person's own side: Naïla reads her file, and asked two things about it."""

from .story import DEMO_PASSWORD

#: opened on her eighteenth birthday, with a card and a code
PERSON, LOGIN, WORKER = "benoit-naila", "personne", "tandem"


def build(story):
    """Open the file to Naïla, and write what she asked."""
    with story.step("Le dossier lu par la personne") as made:
        asked = _ask(story)
        _open(story)
        made(f"1 accès, {len(asked)} demandes")
    story.figures["rights_requests"] = len(asked)


def _open(story):
    """Give her the login of the demo instead of the number of her card."""
    as_worker = story.as_user(WORKER)["ess.beneficiary"]
    as_worker.browse(story.people[PERSON])._open_portal(LOGIN)
    user = story.user(LOGIN)
    user.write({"password": DEMO_PASSWORD, "lang": "fr_FR", "tz": "Europe/Paris"})
    file = story.env["ess.beneficiary"].browse(story.people[PERSON])
    file.date_portal = story.day("2026-05-04")


def _ask(story):
    """A copy, answered in nine days; a correction, which waits for its answer."""
    requests = story.env["ess.rights.request"]
    made = requests.create(
        [
            {
                "beneficiary_id": story.people[PERSON],
                "kind": "access",
                "words": "Je voudrais tout mon dossier sur papier.",
                "source": "spoken",
                "date": story.day("2026-07-06"),
            },
            {
                "beneficiary_id": story.people[PERSON],
                "kind": "rectification",
                "words": "J'ai changé de téléphone en avril, l'ancien est encore là.",
                "source": "portal",
                "date": story.day("2026-11-16"),
            },
        ]
    )
    copy, _correction = made
    answered = copy.with_user(story.user("dpo"))
    answered.write(
        {
            "answer": "Votre dossier imprimé vous a été remis en main propre.",
            "is_granted": "yes",
            "is_identity_checked": True,
        }
    )
    answered.action_answer()
    copy.date_answered = story.day("2026-07-15")
    return made
