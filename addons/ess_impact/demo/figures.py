"""Targets that the board has set, and the figures of the eighteen months."""

from odoo.addons.ess_impact.tools.periods import months_between

#: (indicator, programme or none, first and last month, target, where it comes from)
TARGETS = [
    (
        "rounds",
        "veilleuse",
        "2026-01",
        "2026-12",
        104,
        "Convention de veille sociale 2026",
    ),
    (
        "encounters",
        "veilleuse",
        "2026-01",
        "2026-12",
        560,
        "Convention de veille sociale 2026",
    ),
    ("entries", "cap", "2025-07", "2026-12", 32, "Convention FSE+"),
    ("positive_exit_rate", "cap", "2025-07", "2026-12", 55, "Convention FSE+"),
    ("entries", "tandem", "2025-09", "2026-08", 24, "Fondation Terres Communes"),
    ("attendance_rate", "mots", "2026-01", "2026-12", 70, "Projet de l'atelier"),
    (
        "volunteer_hours",
        None,
        "2026-01",
        "2026-12",
        2200,
        "Conseil d'administration du 12 janvier",
    ),
]


def build(story):
    """Set the targets, then compute and keep the figures month by month."""
    with story.step("Indicateurs") as made:
        env = story.as_user("direction")
        indicators = story.by_code("ess.indicator")
        programmes = story.by_code("ess.programme")
        targets = env["ess.indicator.target"].create(
            [
                {
                    "indicator_id": indicators[code],
                    "programme_id": programmes.get(programme, False),
                    "date_from": story.month(first),
                    "date_to": story.month(last, 31),
                    "target": target,
                    "source": source,
                }
                for code, programme, first, last, target, source in TARGETS
            ]
        )
        values = _keep_months(story)
        made(f"{len(indicators)} indicateurs, {len(targets)} cibles, {values} valeurs")
        story.figures.update(indicators=len(indicators), indicator_values=values)


def _keep_months(story):
    """Compute the months of every indicator, as the monthly job does.

    :return: number of values kept
    """
    periods = months_between(story.month("2025-06"), story.month("2026-10", 31))
    for indicator in story.env["ess.indicator"].search([]):
        indicator._store_months(periods)
    return story.env["ess.indicator.value"].search_count([])
