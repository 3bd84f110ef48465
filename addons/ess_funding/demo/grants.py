"""Three grants, the actions they pay, and their budgets in the Cerfa layout."""

from datetime import timedelta

from odoo.fields import Command

from odoo.addons.ess_beneficiary.demo.story import DEMO_MARK

#: action: (name, programme)
ACTIONS = {
    "veilleuse": ("La Veilleuse", "veilleuse"),
    "etal": ("L'Étal", "etal"),
    "mots": ("Les Mots d'ici", "mots"),
    "tandem": ("Tandem", "tandem"),
    "cap": ("Cap Métiers", "cap"),
    "recyclerie": ("Recyclerie et atelier", None),
}
#: name and invented SIRET number of each funder
FUNDERS = {
    "ddets": ("État – DDETS de la Haute-Vienne", "99999991500013"),
    "departement": ("Département (FSE+)", "99999992300017"),
    "fondation": ("Fondation Terres Communes", "99999993100010"),
}
GRANTS = {
    "G1": {
        "name": "Veille sociale",
        "ref": "VS-2026-087",
        "funder": "ddets",
        "nature": "public",
        "line": "74etat",
        "amount": 68000,
        "period": ("2026-01", "2026-12"),
        "shares": {"veilleuse": 68000},
        "indicators": (
            "rounds",
            "encounters",
            "active_file",
            "unnamed_encounters",
            "volunteer_hours",
            "exits",
            "moved_into_home",
        ),
        "terms": (
            "<p>80 % en mars, solde après le compte rendu financier (Cerfa "
            "15059). "
            "Indicateurs : tournées, personnes rencontrées, demandes et réponses.</p>"
        ),
    },
    "G2": {
        "name": "Cap Métiers, FSE+",
        "ref": "FSE-25-0412",
        "funder": "departement",
        "nature": "public",
        "line": "74dep",
        "amount": 96000,
        "period": ("2025-07", "2026-12"),
        "shares": {"cap": 96000},
        "indicators": (
            "entries",
            "exits",
            "positive_exits",
            "positive_exit_rate",
            "found_work",
            "attendance_rate",
        ),
        "terms": (
            "<p>Dépenses directes de personnel et forfait de 15 % pour le "
            "reste. 32 participants, "
            "avec leur situation à l'entrée, à la sortie et six mois après. "
            "Trois versements.</p>"
        ),
    },
    "G3": {
        "name": "Grandir ici, Fondation Terres Communes",
        "ref": "FTC-2025-31",
        "funder": "fondation",
        "nature": "patronage",
        "line": "74aidespriv",
        "amount": 40000,
        "period": ("2025-09", "2027-08"),
        "shares": {"tandem": 24000, "mots": 16000},
        "indicators": (
            "active_file",
            "entries",
            "passages",
            "attendance_rate",
            "goals_reached",
        ),
        "terms": (
            "<p>24 000 € pour Tandem et 16 000 € pour Les Mots d'ici. Récit "
            "et résultats chaque année ; "
            "la part non dépensée est reportée.</p>"
        ),
    },
}


def build(story):
    """Create funders, actions, grants and budgets, as the accountant does."""
    env = story.as_user("compta")
    with story.step("Financements") as made:
        story.actions = _open_actions(story, env)
        story.grants = _open_grants(story, env)
        budgets = _write_budgets(story, env)
        application = _write_application(story, env)
        made(
            f"{len(story.grants)} financements, {len(story.actions)} "
            f"actions, {len(budgets)} budgets, une demande : {application.name}"
        )
        story.figures["grants"] = {
            key: {"name": grant.name, "amount": grant.amount}
            for key, grant in story.grants.items()
        }
        for budget in budgets:
            story.check(
                f"Budget « {budget.display_name} » : charges et produits",
                budget.grand_total_charge,
                budget.grand_total_product,
            )


def _open_actions(story, env):
    """Return ``{key: action}``, *Structure* included."""
    programmes = story.by_code("ess.programme")
    actions = env["ess.funding.action"].create(
        [
            {
                "name": name,
                "programme_ids": [Command.set([programmes[code]] if code else [])],
            }
            for name, code in ACTIONS.values()
        ]
    )
    structure = env.company._get_structure_action()
    return {**dict(zip(ACTIONS, actions, strict=True)), "structure": structure}


def _open_funders(env):
    """Return ``{key: partner}``."""
    return {
        key: env["res.partner"].create(
            {
                "name": name,
                "company_registry": siret,
                "is_company": True,
                "comment": DEMO_MARK,
                "city": "Limoges",
            }
        )
        for key, (name, siret) in FUNDERS.items()
    }


def _open_grants(story, env):
    """Return ``{key: grant}``, running."""
    funders = _open_funders(env)
    natures, lines = story.by_code("ess.grant.nature"), story.by_code("ess.cerfa.line")
    indicators = story.by_code("ess.indicator")
    grants = {}
    for key, facts in GRANTS.items():
        first, last = facts["period"]
        grants[key] = env["ess.grant"].create(
            {
                "name": facts["name"],
                "ref": facts["ref"],
                "funder_id": funders[facts["funder"]].id,
                "nature_id": natures[facts["nature"]],
                "cerfa_line_id": lines[facts["line"]],
                "amount": facts["amount"],
                "date_from": story.month(first),
                "date_to": story.month(last, 31),
                "is_earmarked": True,
                "terms": facts["terms"],
                "share_ids": [
                    Command.create(
                        {"action_id": story.actions[action].id, "amount": amount}
                    )
                    for action, amount in facts["shares"].items()
                ],
                "indicator_ids": [
                    Command.set([indicators[code] for code in facts["indicators"]])
                ],
            }
        )
        grants[key].action_notify()
        grants[key].action_start()
    return grants


def _write_budgets(story, env):
    """Write the budgets of the applications and validate them."""
    lines = story.by_code("ess.cerfa.line")
    rows = {}
    for row in story.read(__file__, "budgets.csv"):
        rows.setdefault(
            (row["grant"], row["action"], row["from"], row["to"]), []
        ).append(row)
    budgets = env["ess.budget"].create(
        [
            {
                "name": f"Budget {story.actions[action].name}",
                "action_id": story.actions[action].id,
                "grant_id": story.grants[grant].id,
                "date_from": story.month(first),
                "date_to": story.month(last, 31),
                "note": "Électricité et chauffage : selon la surface qu'occupe chaque "
                "action, d'après le plan de 2025.",
                "line_ids": [
                    Command.create(
                        {
                            "cerfa_line_id": lines[row["line"]],
                            "amount": float(row["amount"]),
                            "note": row["note"],
                        }
                    )
                    for row in budget_rows
                ],
            }
            for (grant, action, first, last), budget_rows in rows.items()
        ]
    )
    budgets.action_validate()
    return budgets


def _write_application(story, env):
    """A call that closes in six weeks, and the application to it."""
    call = env["ess.call"].create(
        {
            "name": "Outils numériques des associations de terrain",
            "kind": "foundation",
            "is_digital": True,
            "funder_id": story.grants["G3"].funder_id.id,
            "date_open": story.monday - timedelta(weeks=2),
            "date_deadline": story.monday + timedelta(weeks=6),
            "amount_min": 3000,
            "amount_max": 15000,
            "rate_max": 70,
            "criteria": "Associations de moins de 50 salariés. Devis, comptes "
            "approuvés et plan d'action demandés.",
            "opinion_reason": "Paie les téléphones de maraude et la formation de "
            "l'équipe ; un seul rapport à rendre.",
        }
    )
    call.action_go()
    application = call.application_ids
    application.write(
        {
            "action_id": story.actions["veilleuse"].id,
            "amount_asked": 9500,
            "date_answer": story.monday + timedelta(weeks=14),
        }
    )
    return application
