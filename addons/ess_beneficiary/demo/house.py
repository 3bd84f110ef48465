"""The association itself: its name and address, and the logins of the people of the
house.
"""

from .story import DEMO_MARK, DEMO_PASSWORD

#: login: (name, profile, function). The first ten are the people of the story.
STAFF = {
    "terrain": ("Maud Ferrandi", "field_worker", "Travailleuse sociale, La Veilleuse"),
    "equipage": ("Équipage de la maraude", "crew", "Téléphone partagé"),
    "insertion": ("Olivier Sautron", "field_worker", "Conseiller emploi"),
    "accueil": ("Josiane Petit-Roy", "reception", "Accueil"),
    "coordination": ("Nadège Tisserand", "coordinator", "Coordinatrice"),
    "benevoles": ("Étienne Caudal", "volunteer_manager", "Vie bénévole"),
    "benevole": ("Hélène Garrigue", "lead_volunteer", "Bénévole, mentor"),
    "compta": ("Sylvie Marchandon", "accountant", "Comptable"),
    "direction": ("Renaud Alquier", "director", "Directeur"),
    "dpo": ("Aïcha Bellanger", "dpo", "Déléguée à la protection des données"),
    "etal": ("Rosa Carvalheira", "field_worker", "Responsable de L'Étal"),
    "mots": ("Claire Dumontet", "field_worker", "Formatrice de français"),
    "tandem": ("Jordan Mbemba", "field_worker", "Coordinateur de Tandem"),
    "insertion2": ("Farida Benslama", "field_worker", "Conseillère emploi"),
}
#: The administrator of the database keeps the login ``admin``.
ADMINISTRATOR = ("Kévin Laforêt", "administrator")
#: Reads her own file; her login is opened in own_side.py.
PERSON = {"personne": ("Naïla Benoît", "portal")}

COMPANY = {
    "name": "La Maison des Deux Ponts",
    "street": "14 quai des Deux Ponts",
    "zip": "87000",
    "city": "Limoges",
    "phone": "05 36 49 10 00",
    "email": "bonjour@deuxponts.example",
    "website": "https://deuxponts.example",
    # keys are valid, the numbers belong to nobody
    "company_registry": "99999999800019",
    "beneficiary_word": "personne accompagnée",
}


def build(story):
    """Name the company and open the logins."""
    with story.step("La maison") as made:
        company = _name_company(story)
        users = _open_logins(story)
        _name_administrator(story)
        _set_passwords(story)
        made(f"{company.name}, {len(users) + 1} comptes")
        story.figures["logins"] = len(users) + 1


def describe_logins():
    """Return the logins that a visitor can use.

    :rtype: list of dict
    """
    people = {"admin": ADMINISTRATOR, **STAFF, **PERSON}
    return [
        {
            "login": login,
            "password": DEMO_PASSWORD,
            "name": facts[0],
            "profile": facts[1],
        }
        for login, facts in people.items()
    ]


def _name_company(story):
    """Turn the main company into the association."""
    company = story.env.ref("base.main_company")
    country = story.env.ref("base.fr")
    values = {key: value for key, value in COMPANY.items() if key in company._fields}
    company.write({**values, "country_id": country.id})
    partner = company.partner_id
    extra = {"tz": "Europe/Paris", "lang": "fr_FR", "comment": DEMO_MARK}
    partner.write(extra)
    return company


def _open_logins(story):
    """Open one login per colleague, with the profile that gives the rights."""
    profiles = story.by_code("ess.profile")
    users = story.env["res.users"].create(
        [
            {
                "name": name,
                "login": login,
                "email": f"{login}@deuxponts.example",
                "lang": "fr_FR",
                "tz": "Europe/Paris",
                "ess_profile_id": profiles[profile],
                "notification_type": "inbox",
            }
            for login, (name, profile, _function) in STAFF.items()
        ]
    )
    for user in users:
        user.partner_id.write({"function": STAFF[user.login][2], "comment": DEMO_MARK})
    return users


def _name_administrator(story):
    """Give the administrator a name, a password and the rights of the profile."""
    name, profile = ADMINISTRATOR
    story.env.ref("base.user_admin").write(
        {
            "name": name,
            "email": "admin@deuxponts.example",
            "lang": "fr_FR",
            "tz": "Europe/Paris",
            "ess_profile_id": story.by_code("ess.profile")[profile],
        }
    )


def _set_passwords(story):
    """Give everybody the password of the demo; hashed once, since hashing is slow by
    design.
    """
    Users = story.env["res.users"]
    digest = Users._crypt_context().hash(DEMO_PASSWORD)
    for login in ("admin", *STAFF):
        Users._set_encrypted_password(story.user(login).id, digest)
    Users.invalidate_model(["password"])
