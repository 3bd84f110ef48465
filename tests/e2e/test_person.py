"""The person's own side, as Naïla of the demo: a small phone, no JavaScript.

Needs the served demo (``./ess demo``) at ``ESS_URL``. Pictures go to
``var/screenshots/personne``.
"""

import pytest
from visitor import ROOT, SMALL, URL, enter, open_person

SCREENSHOTS = ROOT / "var" / "screenshots" / "personne"
PAGES = ("project", "people", "meetings", "papers", "readings", "rights")


@pytest.fixture(scope="module")
def phone(browser):
    """Naïla's phone, logged in."""
    page = open_person(browser)
    picture(page, "entree")
    enter(page)
    return page


def fits(page):
    """Whether nothing sticks out of the screen."""
    box = page.locator("body").bounding_box()
    boxes = [one.bounding_box() for one in page.locator("main *:visible").all()]
    return box["width"] <= SMALL["width"] and all(
        one["x"] >= 0 and one["x"] + one["width"] <= SMALL["width"] + 1
        for one in boxes
        if one
    )


def picture(page, name):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def test_she_lands_on_her_file(phone):
    assert phone.url.endswith("/my/file")
    assert "Naïla" in phone.locator("h1").inner_text()
    assert phone.title() == "Mon espace"
    picture(phone, "accueil")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_and_says_something(phone, name):
    answer = phone.goto(f"{URL}/my/file/{name}")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    picture(phone, name)
    assert fits(phone), name
    assert phone.locator("main article").count()


def test_her_words_are_there(phone):
    phone.goto(f"{URL}/my/file/project")
    assert "CAP pâtisserie" in phone.locator("main").inner_text()


def test_everything_is_reached_with_the_keyboard(phone):
    phone.goto(f"{URL}/my/file")
    seen = set()
    for _ in range(10):
        phone.keyboard.press("Tab")
        seen |= set(phone.locator(":focus").all_inner_texts())
    assert "Quitter vite" in seen
    assert len(seen) >= len(PAGES) + 1


def test_she_asks_for_a_correction(phone):
    phone.goto(f"{URL}/my/file/rights")
    before = phone.locator("main article").count()
    phone.check("input[value=rectification]")
    phone.fill("textarea[name=words]", "Mon prénom s'écrit avec un tréma.")
    phone.click("main button[type=submit]")
    assert "enregistré" in phone.locator("[role=status]").inner_text()
    assert phone.locator("main article").count() == before + 1


def test_she_leaves_quickly(phone):
    leaving = phone.request.get(f"{URL}/my/file/leave", max_redirects=0)
    assert leaving.status == 303
    assert URL not in leaving.headers["location"]
    phone.goto(f"{URL}/my/file")
    assert phone.url.endswith("/my/file/login")
