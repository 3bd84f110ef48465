import os
import tempfile

from markupsafe import Markup
from werkzeug.exceptions import NotFound, abort
from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.exceptions import AccessDenied
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.web import Home as PortalHome

from ..models.ess_beneficiary import PERSON_GROUP
from ..models.ir_http import HOME, LOGIN

# What a person may ask on line, in the order of the page.
ASKED = ("access", "rectification", "erasure", "objection", "restriction")
WORDS_MAX = 5000


class Home(PortalHome):
    """A person who logs in lands on their file."""

    def _login_redirect(self, uid, redirect=None):
        # sudo: the groups of the user who has just logged in
        user = request.env["res.users"].sudo().browse(uid)
        if user.has_group(PERSON_GROUP):
            return HOME
        return super()._login_redirect(uid, redirect=redirect)


class PersonPortal(http.Controller):
    """`/my/file`: the person's own file, read with the person's own rights.

    No address holds the number of a file. The pages need no JavaScript, load nothing
    else, are kept by no browser, and have a neutral title.
    """

    @http.route(HOME, type="http", auth="public", methods=["GET"])
    def home(self, **_sent):
        """Show what is in the file, and what comes next."""
        return self._page("home")

    @http.route(
        f"{HOME}/<any(project,people,meetings,papers,readings,rights):part>",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def part(self, part, **_sent):
        """Show one part of the file; what an address adds is not looked at.

        :param str part: name of the part
        """
        return self._page(part)

    @http.route(
        f"{HOME}/papers/<int:document_id>", type="http", auth="public", methods=["GET"]
    )
    def paper(self, document_id, **_sent):
        """Send one paper of the file.

        :param int document_id: id of ess.document
        """
        own = self._own_file()
        papers = request.env["ess.document"]
        domain = [("id", "=", document_id), ("beneficiary_id", "=", own.id)]
        paper = papers.search(domain, limit=1)
        if not paper or not paper._is_in_copy() or not paper.file:
            raise NotFound
        stream = request.env["ir.binary"]._get_stream_from(paper, "file")
        answer = stream.get_response(as_attachment=True)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @http.route(f"{HOME}/copy", type="http", auth="public", methods=["POST"])
    def take_away(self, **_sent):
        """Send the copy of the file: PDF, data and papers in one zip."""
        own = self._own_file()
        with tempfile.TemporaryFile() as target:
            own._write_copy(target)
            size = target.tell()
            target.seek(0)
            # its own handle: the answer is sent after this method has returned
            body = wrap_file(
                request.httprequest.environ, os.fdopen(os.dup(target.fileno()), "rb")
            )
        answer = request.make_response(
            body,
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Length", size),
                ("Content-Disposition", content_disposition("my-file.zip")),
                ("Cache-Control", "no-store"),
            ],
        )
        answer.direct_passthrough = True
        return answer

    @http.route(
        f"{HOME}/goals/<int:goal_id>", type="http", auth="public", methods=["POST"]
    )
    def mark(self, goal_id, mark="", **_sent):
        """Keep where the person places a goal of theirs, from 1 to 5.

        :param int goal_id: id of ess.goal
        """
        own = self._own_file()
        domain = [("id", "=", goal_id), ("beneficiary_id", "=", own.id)]
        goal = request.env["ess.goal"].search(domain, limit=1)
        if not goal or mark not in dict(self._marks()):
            raise NotFound
        # sudo: the person writes one mark of their own goal, nothing else
        goal.sudo().progress_person = mark
        return request.redirect(f"{HOME}/project?done=1#goal{goal.id}", 303)

    @http.route(f"{HOME}/readings", type="http", auth="public", methods=["POST"])
    def contest(self, line="", reason="", **_sent):
        """Tell the data-protection officer that a reading seems wrong.

        :param str line: id of one of the lines that the page showed
        :param str reason: words of the person
        """
        own = self._own_file()
        shown = {
            id for row in own._get_access_lines_for_person() for id in row["line_ids"]
        }
        if not line.isdecimal() or int(line) not in shown:
            raise NotFound
        if not reason.strip():
            return self._page("readings", missing="reason")
        # sudo: a line of the person's own file, with their words
        request.env["ess.access.contest"].sudo().create(
            {"log_id": int(line), "reason": reason.strip()[:WORDS_MAX]}
        )
        return request.redirect(f"{HOME}/readings?done=1", 303)

    @http.route(f"{HOME}/rights", type="http", auth="public", methods=["POST"])
    def ask(self, kind="", words="", **_sent):
        """Send a request about the file to the data-protection officer.

        :param str kind: what is asked, one of `ASKED`
        :param str words: words of the person; needed unless a copy is asked
        """
        own = self._own_file()
        if kind not in ASKED:
            return self._page("rights", missing="kind", words=words)
        if kind != "access" and not words.strip():
            return self._page("rights", missing="words", kind=kind)
        # sudo: a request of the person about their own file
        request.env["ess.rights.request"].sudo().create(
            {
                "beneficiary_id": own.id,
                "kind": kind,
                "words": words.strip()[:WORDS_MAX],
                "source": "portal",
            }
        )
        return request.redirect(f"{HOME}/rights?done=1", 303)

    @http.route(f"{HOME}/leave", type="http", auth="public", methods=["GET"])
    def leave(self, **_sent):
        """Log out at once and show a page that has nothing to do with this."""
        request.session.logout(keep_db=True)
        address = request.env["ir.config_parameter"].sudo()
        elsewhere = address.get_param("ess_beneficiary.quick_exit_url")
        return request.redirect(elsewhere or "/web/login", 303, local=False)

    @http.route(LOGIN, type="http", auth="public", methods=["GET"])
    def login(self, **_sent):
        """Ask for the number and the code: Odoo's own form needs JavaScript."""
        return self._answer("login", {"failed": False})

    @http.route(LOGIN, type="http", auth="public", methods=["POST"])
    def log_in(self, login="", code="", **_sent):
        """Open the file to whoever has its number and code.

        Odoo slows down whoever tries many codes; a wrong number and a wrong code
        get the same words.

        :param str login: e-mail, or number on the card
        :param str code: the code that was handed over, in any case
        """
        login = login.strip()
        login = login.lower() if "@" in login else login
        for password in (code.strip().upper(), code):
            credential = {"login": login, "password": password, "type": "password"}
            try:
                request.session.authenticate(request.env, credential)
            except AccessDenied:
                continue
            return request.redirect(HOME, 303)
        return self._answer("login", {"failed": True, "login": login})

    # === WHAT THE PAGES SHARE

    def _own_file(self):
        """Return the file of the person who is logged in, or answer "not found"."""
        user = request.env.user
        if user._is_public():
            abort(request.redirect(LOGIN, 303))
        if not user.has_group(PERSON_GROUP):
            raise NotFound
        own = request.env["ess.beneficiary"]._get_own_file()
        if not own:
            raise NotFound
        return own

    def _page(self, name, **values):
        own = self._own_file()
        values |= getattr(self, f"_values_{name}", lambda own: {})(own)
        return self._answer(name, values | {"own": own})

    def _answer(self, name, values):
        """Draw a page that no browser keeps and that loads nothing."""
        language = request.env["res.lang"]._get_data(code=request.env.lang)
        values |= {"page": name, "home": HOME, "language": language}
        # says nothing to whoever looks over the shoulder, or at the history
        values["title"] = request.env._("My space")
        values["doctype"] = Markup("<!DOCTYPE html>")
        # an upper room gives the full name of its own page
        template = name if "." in name else f"ess_beneficiary.portal_{name}"
        answer = request.render(template, values)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
            " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        return answer

    def _values_home(self, own):
        goals = self._goals(own)
        steps = own._search_facts("ess.goal.step").filtered(
            lambda step: step.goal_id in goals and not step.is_done
        )
        return {"steps": steps[:3]}

    def _values_project(self, own):
        project = own._search_facts("ess.life.project").filtered(
            lambda version: version.state == "current"
        )[:1]
        return {"project": project, "goals": self._goals(own), "marks": self._marks()}

    def _marks(self):
        progress = request.env["ess.goal"]._fields["progress_person"]
        return progress._description_selection(request.env)

    def _goals(self, own):
        goals = own._search_facts("ess.goal")
        return goals.filtered(lambda goal: goal.is_current and goal.state != "dropped")

    def _values_people(self, own):
        today = request.env["ess.followup"]._fields["date_from"].context_today(own)
        around = own._search_facts("ess.followup").filtered(
            lambda line: not line.date_to or line.date_to >= today
        )
        # sudo: names of those who follow the person, who knows them
        people = [own._get_readable_followup(line.sudo()) for line in around]
        return {"around": people}

    def _values_meetings(self, own):
        notes = request.env["ess.note"].search(
            [("beneficiary_id", "=", own.id)], limit=50
        )
        return {"notes": notes}

    def _values_papers(self, own):
        papers = own._search_facts("ess.document")
        return {"papers": papers.filtered(lambda paper: paper._is_in_copy())}

    def _values_readings(self, own):
        return {"lines": own._get_access_lines_for_person()}

    def _values_rights(self, own):
        requests = request.env["ess.rights.request"]
        kinds = dict(requests._fields["kind"]._description_selection(request.env))
        return {
            "kinds": [(kind, kinds[kind]) for kind in ASKED],
            "requests": requests.search([("beneficiary_id", "=", own.id)]),
        }
