"""The demo in a real browser: each person of the house opens every screen, in French.

Needs the served demo (``./ess demo``) at ``ESS_URL``. A missing server or browser is a
failure. Pictures of what each person sees go to ``var/screenshots/``.
"""

import re

import pytest
from visitor import PHONE, ROOT, Visitor

SCREENSHOTS = ROOT / "var" / "screenshots"
LOGINS = ["terrain", "coordination", "compta", "direction"]
# English words that our screens would show if a translation were missing
ENGLISH = re.compile(
    r"\b("
    r"today|files|people|person|beneficiary|beneficiaries|followup|"
    r"followups|goal|goals|project|rights|quality|duplicate|duplicates|"
    r"advanced|settings|enrolment|enrolments|calendar|sheet|sheets|"
    r"presences|attendance|outreach|territory|territories|stages|reasons|"
    r"cohort|cohorts|volunteer|volunteers|hours|figures|indicator|"
    r"indicators|target|targets|value|values|grant|grants|funding|"
    r"fundraising|share|shares|costs|report|reports|planned|actual|start|"
    r"end|search|new|create|save|name|company|draft"
    r")\b",
    re.IGNORECASE,
)
# what a screen says by itself, without the records
HEADINGS = (
    ".o_breadcrumb, .o_column_title, thead th, .o_form_label, .o_horizontal_separator,"
    " .o_control_panel_main_buttons, .o_view_nocontent"
)
RECORDS = (
    ".o_data_row .o_data_cell:visible, .o_kanban_record:not(.o_kanban_ghost):visible"
)
# records that cannot be clicked: invented ones, or a window lies over them
COVERED = ".o_view_sample_data, .modal"


@pytest.fixture(scope="module", params=LOGINS)
def visitor(request, browser):
    with Visitor(browser, request.param) as someone:
        yield someone


def english_words(text):
    """English words of a text that a French reader would stumble on."""
    return sorted({word[0].lower() for word in ENGLISH.finditer(text)})


def test_start_page_opens_in_french(visitor):
    assert visitor.language() == "fr_FR"
    visitor.picture(SCREENSHOTS / f"{visitor.login_name}-accueil.png")
    assert not visitor.errors


def test_menus_are_french(visitor):
    menus = visitor.menus()
    assert menus, f"{visitor.login_name} sees none of our apps"
    leftovers = {
        " › ".join(names): english_words(names[-1])
        for names, _menu in menus
        if english_words(names[-1])
    }
    assert not leftovers


def test_menus_have_three_levels_at_most(visitor):
    assert max(len(names) for names, _menu in visitor.menus()) <= 3


def test_every_screen_opens(visitor):
    """Each menu entry of our apps opens without an error, in French, and leaves a
    picture; so does the first record of its list.
    """
    visitor.errors.clear()
    leftovers = {}
    for number, (names, menu) in enumerate(visitor.menus()):
        if not menu:
            continue
        known = len(visitor.errors)
        visitor.choose(menu)
        if len(visitor.errors) > known:
            visitor.open("/odoo")  # away from the broken screen: there are others
            continue
        headings = visitor.page.locator(HEADINGS).all_inner_texts()
        words = english_words(" | ".join(headings))
        if words:
            leftovers[" › ".join(names)] = words
        visitor.picture(SCREENSHOTS / visitor.login_name / f"{number:02d}.png")
        row = visitor.page.locator(RECORDS)
        if row.count() and not visitor.page.locator(COVERED).count():
            row.first.click()
            visitor.settle()
    visitor.page.reload()
    visitor.settle()
    assert not visitor.errors
    assert not leftovers


@pytest.mark.parametrize("login", LOGINS)
def test_start_page_fits_a_phone(browser, login):
    with Visitor(browser, login, size=PHONE) as someone:
        someone.picture(SCREENSHOTS / f"{login}-telephone.png")
        assert not someone.is_wider_than_screen()
        assert not someone.errors


def test_wrong_password_is_refused(browser, monkeypatch):
    monkeypatch.setenv("ESS_PASSWORD", "not-the-password")
    with (
        pytest.raises(AssertionError, match="cannot log in"),
        Visitor(browser, "terrain"),
    ):
        pass
