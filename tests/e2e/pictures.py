"""Take the pictures of the user guide from the served demo: ``python
tests/e2e/pictures.py``.

Each line of ``PICTURES`` is one picture: file name, login, xmlid of the menu to open
(empty: the start page), selector of what to click there (empty: nothing; several: one
after the other), size. Same
environment as visitor.py.
"""

import sys

from visitor import DESKTOP, PHONE, ROOT, URL, Visitor, chromium, enter, open_person

FOLDER = ROOT / "docs" / "img"
PICTURES = [
    ("accueil-terrain.png", "terrain", "", "", DESKTOP),
    ("dossiers.png", "terrain", "ess_beneficiary.ess_beneficiary_menu", "", DESKTOP),
    (
        "dossier.png",
        "terrain",
        "ess_beneficiary.ess_beneficiary_menu",
        ".o_data_cell:has-text('Paulo')",
        DESKTOP,
    ),
    (
        "situations.png",
        "terrain",
        "ess_beneficiary.ess_beneficiary_menu",
        (".o_data_cell:has-text('Paulo')", ".o_notebook_headers a[name=situations]"),
        DESKTOP,
    ),
    (
        "situations-chiffres.png",
        "coordination",
        "ess_beneficiary.ess_situation_figures_menu",
        "button[name=action_count]",
        DESKTOP,
    ),
    ("seances.png", "terrain", "ess_programmes.ess_session_menu", "", DESKTOP),
    ("feuille-telephone.png", "terrain", "", ".o_kanban_record", PHONE),
    (
        "programmes.png",
        "coordination",
        "ess_programmes.ess_programme_menu",
        "",
        DESKTOP,
    ),
    ("indicateurs.png", "coordination", "ess_impact.ess_indicator_menu", "", DESKTOP),
    ("financements.png", "compta", "ess_funding.ess_grant_menu", "", DESKTOP),
    (
        "rapport-financeur.png",
        "compta",
        "ess_funding.ess_funder_report_menu",
        ".o_data_cell",
        DESKTOP,
    ),
    ("direction.png", "direction", "", "", DESKTOP),
    ("aujourdhui.png", "coordination", "", "", DESKTOP),
    ("projets.png", "coordination", "ess_programmes.ess_need_menu", "", DESKTOP),
    ("benevoles.png", "benevoles", "ess_programmes.ess_volunteer_menu", "", DESKTOP),
    ("registre.png", "dpo", "ess_beneficiary.ess_processing_menu", "", DESKTOP),
    ("bilan.png", "compta", "ess_funding.ess_accounts_statement_menu", "", DESKTOP),
]


def take(browser, name, login, menu, click, size):
    """Take one picture; return what went wrong on the way."""
    with Visitor(browser, login, size=size) as visitor:
        if menu:
            visitor.open_menu(menu)
        for selector in [click] if isinstance(click, str) else click:
            if selector:
                visitor.page.locator(f"{selector}:visible").first.click()
                visitor.settle()
        print(visitor.picture(FOLDER / name))
        return visitor.errors


def take_person(browser):
    """Take the pictures of the file that its owner reads."""
    page = open_person(browser)
    enter(page)
    for name in ("project", "readings", "rights", "complaint"):
        page.goto(f"{URL}/my/file/{name}")
        page.screenshot(path=FOLDER / f"portal-{name}.png")


def main():
    """Take all pictures; the exit code tells whether a screen was broken."""
    errors = []
    with chromium() as browser:
        for picture in PICTURES:
            errors += take(browser, *picture)
        take_person(browser)
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
