"""The five programmes, their teams, groups and territories."""

from odoo.fields import Command

TERRITORIES = {
    "gare": "Gare",
    "centre": "Centre",
    "vienne": "Bords de Vienne",
    "nord": "Nord",
    "sud": "Sud",
}

#: code: values; `team` are logins, the first one is responsible; the rest are codes of
#: data·inclusion
PROGRAMMES = {
    "veilleuse": {
        "name": "La Veilleuse",
        "kind": "outreach",
        "team": ("terrain", "equipage"),
        "day_start_hour": 12,
        "is_unconditional": True,
        "person_word": "personne rencontrée",
        "schedule": "Tu,Fr 20:30-24:00",
        "description": (
            "Maraude à pied et en camionnette, deux soirs par semaine : une "
            "boisson chaude, une présence, "
            "un lien vers les soins, les droits et l'hébergement. On ne "
            "demande rien à personne."
        ),
        "publics": ("personnes-en-situation-durgence",),
        "themes": (
            "logement-hebergement--rechercher-une-solution-dhebergement-temporaire",
            "difficultes-administratives-ou-juridiques--accompagnement-"
            "pour-lacces-aux-droits",
        ),
        "service_type": "accompagnement",
    },
    "etal": {
        "name": "L'Étal",
        "kind": "distribution",
        "team": ("etal",),
        "capacity": 0,
        "is_unconditional": True,
        "person_word": "habitant·e",
        "schedule": "We 14:00-17:00",
        "description": (
            "Colis et repas à emporter chaque mercredi après-midi, pour "
            "soixante foyers. "
            "Les trois premières fois, rien n'est demandé."
        ),
        "publics": ("familles", "beneficiaires-des-minimas-sociaux"),
        "themes": ("equipement-et-alimentation--alimentation",),
        "service_type": "aide-materielle",
    },
    "mots": {
        "name": "Les Mots d'ici",
        "kind": "course",
        "team": ("mots",),
        "capacity": 24,
        "person_word": "apprenant·e",
        "schedule": "Mo,Th 09:30-11:30; SH off; PH off",
        "description": (
            "Cours de français en deux groupes de douze, A1 et A2, pendant "
            "les semaines d'école."
        ),
        "publics": ("personnes-exilees",),
        "themes": ("lecture-ecriture-calcul--maitriser-le-francais",),
        "service_type": "formation",
    },
    "tandem": {
        "name": "Tandem",
        "kind": "mentoring",
        "minors": "protected",
        "team": ("tandem",),
        "capacity": 24,
        "person_word": "jeune",
        "schedule": "We 14:00-18:00",
        "description": (
            "Un jeune de 16 à 25 ans et un mentor se voient deux fois par "
            "mois pendant un an, "
            "autour de ce que le jeune veut faire."
        ),
        "publics": ("jeunes",),
        "themes": (
            "choisir-un-metier--decouvrir-un-metier-ou-un-secteur-dactivite",
            "remobilisation--bien-etre-confiance-en-soi",
        ),
        "service_type": "accompagnement",
    },
    "cap": {
        "name": "Cap Métiers",
        "kind": "insertion",
        "team": ("insertion", "insertion2"),
        "capacity": 32,
        "person_word": "participant·e",
        "date_from": ("2025-07", 1),
        "schedule": "Mo-Fr 09:00-17:00",
        "description": (
            "Deux conseillères et conseillers, des rendez-vous, un atelier le"
            " jeudi, des immersions en "
            "entreprise : retrouver un emploi à son rythme."
        ),
        "publics": ("demandeurs-emploi",),
        "themes": (
            "trouver-un-emploi--maintien-dans-lemploi",
            "preparer-sa-candidature--realiser-un-cv-et-ou-une-lettre-de-motivation",
        ),
        "service_type": "accompagnement",
    },
}
PUBLIC_DESCRIPTION = (
    "Association loi 1901 déclarée en 1994, avec une recyclerie dans un "
    "quartier prioritaire. Elle va vers les personnes "
    "à la rue, distribue de la nourriture, apprend le français, relie des"
    " jeunes et des mentors, accompagne vers l'emploi."
)


def build(story):
    """Open the programmes."""
    with story.step("Programmes") as made:
        _describe_house(story)
        territories = story.env["ess.territory"].create(
            [
                {"name": name, "code": code, "sequence": sequence}
                for sequence, (code, name) in enumerate(TERRITORIES.items(), 1)
            ]
        )
        programmes = story.env["ess.programme"].create(
            [
                _prepare_programme(story, code, sequence)
                for sequence, code in enumerate(PROGRAMMES, 1)
            ]
        )
        cohorts = _open_cohorts(story)
        made(
            f"{len(programmes)} programmes, {len(cohorts)} groupes, "
            f"{len(territories)} secteurs"
        )
        story.figures.update(programmes=len(programmes), territories=len(territories))


def _describe_house(story):
    """Say in the public catalogue what the association is."""
    story.env.ref("base.main_company").write(
        {
            "commune_code": "87085",
            "opening_hours": "Mo-Fr 09:00-12:00,14:00-17:00; PH off",
            "public_description": PUBLIC_DESCRIPTION,
        }
    )


def _codes(story, scheme, codes):
    """Return the codes of one of the shared lists.

    :raises KeyError: when a code is not in the list
    """
    known = story.by_code("ess.code", domain=[("scheme", "=", scheme)])
    return [known[code] for code in codes]


def _prepare_programme(story, code, sequence):
    """Return the values of one programme."""
    facts = dict(PROGRAMMES[code])
    team = [story.user(login).id for login in facts.pop("team")]
    month = facts.pop("date_from", None)
    service_type = _codes(story, "service_type", (facts.pop("service_type"),))[0]
    many = {
        "theme_ids": _codes(story, "theme", facts.pop("themes")),
        "public_ids": _codes(story, "public", facts.pop("publics")),
        "reception_mode_ids": _codes(story, "reception_mode", ("en-presentiel",)),
        "mobilisation_ids": _codes(
            story, "mobilisation", ("se-presenter", "telephoner")
        ),
        "mobilising_person_ids": _codes(
            story, "mobilising_person", ("usagers", "professionnels")
        ),
    }
    return {
        **facts,
        **{name: [Command.set(records)] for name, records in many.items()},
        "code": code,
        "sequence": sequence,
        "manager_id": team[0],
        "team_user_ids": [Command.set(team)],
        "date_from": month and story.month(*month),
        "service_type_id": service_type,
        "fee_id": _codes(story, "fee", ("gratuit",))[0],
        "eligibility_zones": "87",
    }


def _open_cohorts(story):
    """Open the groups that the stays name: French classes by level and year, pairs by
    year.
    """
    programmes = story.by_code("ess.programme")
    names = {
        (row["programme"], row["cohort"])
        for row in story.read(__file__, "enrolments.csv")
        if row["cohort"]
    }
    return story.env["ess.cohort"].create(
        [
            {
                "name": name,
                "programme_id": programmes[programme],
                "capacity": 12 if programme == "mots" else 0,
                "date_from": story.day(f"{name[-9:-5]}-09-01"),
                "date_to": story.day(f"{name[-4:]}-07-05"),
            }
            for programme, name in sorted(names)
        ]
    )
