"""A visitor of the demo association: one login, one window, and what went wrong.

Used by the end-to-end tests and by the script that takes the pictures of the user
guide. Environment: ``ESS_URL`` and ``ESS_DB`` (the served demo), ``ESS_PASSWORD`` (of
the demo logins), ``ESS_CHROMIUM`` (path of the browser).
"""

import os
import re
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
URL = os.environ.get("ESS_URL", "http://127.0.0.1:8069").rstrip("/")
DESKTOP = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 360, "height": 640}
TIMEOUT = 60_000
# the first visit of a database compiles its assets
FIRST_TIMEOUT = 240_000
# a screen, or the window of a menu entry that opens one
READY = ".o_action_manager > *:not(.o_loading_indicator), .modal .o_form_view"
ERROR_DIALOG = ".o_error_dialog, .o_dialog_error, .modal:has(.o_error_detail)"
# messages of the browser that say nothing about our screens
NOISE = re.compile(r"favicon|service-worker|ResizeObserver loop|websocket|WebSocket")


def find_chromium():
    """Path of the browser; a missing browser is an error, never a skip."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("ESS_CHROMIUM") or next(
        filter(None, map(shutil.which, names)), None
    )
    if not path:
        raise RuntimeError(
            "no Chromium found: install the package chromium, or set ESS_CHROMIUM"
        )
    return path


@contextmanager
def chromium():
    """Start the machine's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        try:
            yield browser
        finally:
            browser.close()


def open_person(browser):
    """A small phone without JavaScript, on the file that its owner reads.

    :return: page of the browser, on the way in
    """
    page = browser.new_context(
        viewport=SMALL, java_script_enabled=False, locale="fr-FR", is_mobile=True
    ).new_page()
    page.goto(f"{URL}/my/file")
    return page


def enter(page):
    """Enter as the person of the demo who reads her file."""
    page.fill("input[name=login]", "personne")
    page.fill("input[name=code]", os.environ.get("ESS_PASSWORD", "deux-ponts"))
    page.click("button[type=submit]")


class Visitor:
    """One logged-in window of the demo; ``errors`` collects everything that a user must
    not meet.
    """

    def __init__(self, browser, login, size=None):
        self.login_name = login
        self.errors = []
        self.context = browser.new_context(
            viewport=size or DESKTOP,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            has_touch=size == PHONE,
            is_mobile=size == PHONE,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(TIMEOUT)
        self.page.on("pageerror", lambda error: self._note(f"page error: {error}"))
        self.page.on("console", self._on_console)
        self.page.on("response", self._on_response)
        self.pending = set()
        self.page.on("request", lambda request: self.pending.add(request))
        for end in ("requestfinished", "requestfailed"):
            self.page.on(end, lambda request: self.pending.discard(request))

    def __enter__(self):
        self.log_in()
        return self

    def __exit__(self, *_exc):
        self.context.close()

    def _note(self, message):
        if not NOISE.search(message):
            self.errors.append(f"{self.login_name} at {self.page.url}: {message}")

    def _on_console(self, message):
        if message.type == "error":
            self._note(f"console: {message.text}")

    def _on_response(self, response):
        if response.status >= 500:
            self._note(f"HTTP {response.status} of {response.url}")

    def log_in(self):
        """Pass the login form and wait for the start page."""
        database = os.environ.get("ESS_DB")
        self.page.goto(f"{URL}/web/login" + (f"?db={database}" if database else ""))
        self.page.fill("input[name=login]", self.login_name)
        self.page.fill(
            "input[name=password]", os.environ.get("ESS_PASSWORD", "deux-ponts")
        )
        self.page.click("form.oe_login_form button[type=submit]")
        try:
            self.page.wait_for_selector(
                ".o_web_client, .o_portal_wrap, .o_portal, .alert-danger",
                timeout=FIRST_TIMEOUT,
            )
        except PlaywrightTimeout as error:
            raise AssertionError(f"{self.login_name}: no web client") from error
        alert = self.page.locator(".oe_login_form .alert-danger")
        if alert.count():
            raise AssertionError(
                f"{self.login_name} cannot log in: {alert.inner_text()}"
            )
        self.settle()

    def open(self, path):
        """Open an address of the web client and wait until its screen is drawn."""
        self.page.goto(f"{URL}{path}")
        self.settle()

    def choose(self, menu):
        """Choose an entry of the menu, as a click on it does: the web client stays,
        and draws the screen of the entry.
        """
        while self.page.locator(".modal").count():  # a window of the entry before
            self.page.locator(".modal .btn-close").last.click()
            self.page.wait_for_timeout(200)
        refusal = self.page.evaluate(
            """menu => odoo.__WOWL_DEBUG__.root.env.services.menu.selectMenu(menu)
                .then(() => "", error => error.data?.message || String(error))""",
            menu,
        )
        if refusal:
            self._note(f"menu {menu}: {refusal[:300]}")
        self.settle()

    def open_menu(self, xmlid):
        """Open the menu entry with this xmlid, as far as this login sees it."""
        tree = self._menu_tree()
        action = next(
            (menu["actionID"] for menu in tree.values() if menu["xmlid"] == xmlid), None
        )
        if not action:
            raise AssertionError(f"{self.login_name} does not see the menu {xmlid}")
        self.open(f"/odoo/action-{action}")

    def settle(self):
        """Wait until the screen is drawn, then note an error dialog if there is one."""
        if self.page.locator(".o_web_client").count():
            self.page.wait_for_selector(READY, state="attached")
        # not "networkidle": the web client always keeps a line open to the server
        self.page.wait_for_function(
            "() => !document.querySelector('.o_loading_indicator, .o_blockUI')"
        )
        self._wait_for_answers()
        # all at once: a dialog may be gone before it is read
        for text in self.page.locator(ERROR_DIALOG).all_inner_texts():
            self._note(f"error dialog: {text[:300]}")

    def _wait_for_answers(self, seconds=5):
        """Wait until the screen has what it asked for, and had time to draw it.

        The web client shows that it loads only after a quarter of a second.
        """
        quiet, until = 0, time.monotonic() + seconds
        while quiet < 3 and time.monotonic() < until:
            self.page.wait_for_timeout(40)
            quiet = 0 if self.pending else quiet + 1
        self.pending.clear()  # a request without an end is not waited for again

    def _menu_tree(self):
        """What the web client knows of the menus of this login: ``{id: menu}``."""
        return self.page.evaluate(
            """() => fetch('/web/webclient/load_menus', {cache: 'no-store'})
                .then(answer => answer.json())"""
        )

    def menus(self):
        """Menus of our apps that this login sees: ``[(path of names, id of the menu, or
        None when it opens nothing)]``.
        """
        tree = self._menu_tree()
        found = []

        def walk(menu_id, trail):
            menu = tree[str(menu_id)]
            names = [*trail, menu["name"]]
            found.append((names, menu_id if menu.get("actionID") else None))
            for child in menu["children"]:
                walk(child, names)

        for app in tree["root"]["children"]:
            if str(tree[str(app)]["xmlid"]).startswith("ess_"):
                walk(app, [])
        return found

    def language(self):
        """Language of this login's screens, for example ``fr_FR``."""
        return self.page.evaluate(
            """() => fetch('/web/session/get_session_info', {
                method: 'POST', headers: {'Content-Type': 'application/json'},
                body: '{"jsonrpc": "2.0", "params": {}}',
            }).then(answer => answer.json())
                .then(answer => answer.result.user_context.lang)"""
        )

    def picture(self, path):
        """Write what the window shows as PNG and return the path."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(path))
        return path

    def is_wider_than_screen(self):
        """Whether the page must be scrolled sideways (a phone screen must not)."""
        return self.page.evaluate(
            "() => document.documentElement.scrollWidth > window.innerWidth + 1"
        )
