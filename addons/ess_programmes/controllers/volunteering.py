import secrets
from datetime import timedelta

from markupsafe import Markup
from werkzeug.exceptions import NotFound, abort

from odoo import fields, http
from odoo.exceptions import AccessDenied, UserError, ValidationError
from odoo.http import request
from odoo.tools import consteq

from ..models.ess_volunteer_message import HOME

LOGIN = f"{HOME}/login"
DURATIONS = (30, 60, 90, 120, 180, 240, 300, 480)
WORDS_MAX = 2000
KINDS = ("own", "lent", "other")
REPORTS = {
    "certificate": "ess_programmes.ess_volunteer_certificate_report",
    "record": "ess_programmes.ess_volunteer_record_report",
}


class VolunteeringPortal(http.Controller):
    """`/my/volunteering`: a volunteer's shifts, hours, papers and record.

    Pages for a phone, without JavaScript. No address holds the number of a volunteer:
    what is shown and written is always that of the contact who is logged in.
    """

    @http.route(HOME, type="http", auth="public", methods=["GET"])
    def home(self, **_sent):
        """Show the next shifts, and those that lack people."""
        own = self._own()
        values = {"mine": own._get_own_shifts(), "open": own._get_open_shifts()}
        values["running"] = own.hours_ids.filtered(lambda line: line.state == "running")
        return self._answer("home", values)

    @http.route(f"{HOME}/shifts", type="http", auth="public", methods=["POST"])
    def sign_up(self, need="", people="1", **_sent):
        """Ask for a place in a shift.

        :param str need: id of the ess.session.need that the page showed
        :param str people: how many come, for a group
        """
        own = self._own()
        if need not in {str(shift["need_id"]) for shift in own._get_open_shifts()}:
            raise NotFound
        # sudo: a sign-up of the volunteer who is logged in, in a shift that is open
        shift = request.env["ess.session.need"].sudo().browse(int(need))
        volunteer = own.filtered(lambda one: one.company_id == shift.company_id)
        is_group = volunteer.engagement == "company_group"
        size = int(people) if is_group and people.isdecimal() else 1
        try:
            with request.env.cr.savepoint():
                request.env["ess.signup"].sudo().create(
                    {
                        "need_id": shift.id,
                        "volunteer_id": volunteer.id,
                        "people": min(max(size, 1), 500),
                    }
                )
        except (UserError, ValidationError) as error:
            return self._answer("sorry", {"why": error.args[0]})
        return self._done(HOME)

    @http.route(f"{HOME}/cancel", type="http", auth="public", methods=["POST"])
    def cancel(self, session="", **_sent):
        """Withdraw from a shift of one's own.

        :param str session: id of a session that the page showed
        """
        own = self._own()
        if session not in {str(shift["session_id"]) for shift in own._get_own_shifts()}:
            raise NotFound
        domain = [("session_id", "=", int(session)), ("volunteer_id", "in", own.ids)]
        # sudo: the volunteer's own sign-up, or their own line of the sheet
        signups = request.env["ess.signup"].sudo()
        signup = signups.search([*domain, ("state", "!=", "cancelled")])
        signup._withdraw()
        lines = request.env["ess.presence"].sudo().search(domain)
        left = lines.filtered(lambda line: line.state == "expected")
        need = left.need_id
        left.write({"state": "excused", "need_id": False})
        signups._allocate_after_commit(need)
        return self._done(HOME)

    @http.route(f"{HOME}/hours", type="http", auth="public", methods=["GET"])
    def hours(self, **_sent):
        """Show what is to confirm, a form without typing, and what was entered."""
        own = self._own()
        year = fields.Date.today().year
        minutes = sum(sum(own._get_yearly_minutes(year, k).values()) for k in KINDS)
        values = {
            "to_confirm": own._get_lines_to_confirm(),
            "programmes": own._get_programmes_to_enter(),
            "durations": DURATIONS,
            "days": self._days(own),
            "declared": own._get_declared(),
            "year": year,
            "minutes": minutes,
        }
        return self._answer("hours", values)

    @http.route(f"{HOME}/hours", type="http", auth="public", methods=["POST"])
    def declare(self, programme="", day="", minutes="", note="", **_sent):
        """Keep the hours that a volunteer says they gave, for approval.

        :param str programme: id of a programme that the page showed
        :param str day: one of the days that the page showed
        :param str minutes: one of the durations that the page showed
        :param str note: what was done
        """
        own = self._own()
        days = {str(known) for known in self._days(own)}
        volunteer = self._who(own, programme)
        if not volunteer or day not in days or minutes not in map(str, DURATIONS):
            return self._answer(
                "sorry", {"why": request.env._("Choose what, when and how long.")}
            )
        # sudo: hours of the volunteer who is logged in, counted once approved
        request.env["ess.volunteer.hours"].sudo().create(
            {
                "volunteer_id": volunteer.id,
                "programme_id": int(programme),
                "day": day,
                "minutes": int(minutes),
                "note": note.strip()[:WORDS_MAX] or False,
            }
        )
        return self._done(f"{HOME}/hours")

    @http.route(f"{HOME}/clock", type="http", auth="public", methods=["POST"])
    def clock(self, programme="", **_sent):
        """Start the time of a mission, or stop what is under way.

        :param str programme: id of a programme that the page showed, to start
        """
        own = self._own()
        running = own.hours_ids.filtered(lambda line: line.state == "running")
        if running:
            running._stop()
            return self._done(f"{HOME}/hours")
        volunteer = self._who(own, programme)
        if not volunteer:
            raise NotFound
        # sudo: hours of the volunteer who is logged in
        hours = request.env["ess.volunteer.hours"].sudo()
        place = request.env["ess.programme"].sudo().browse(int(programme))
        hours._start(volunteer, place, volunteer.mission_type_ids[:1])
        return self._done(HOME)

    @http.route(f"{HOME}/confirm", type="http", auth="public", methods=["POST"])
    def confirm(self, line="", **_sent):
        """Say that one was at a shift that is over.

        :param str line: id of a line that the page showed
        """
        own = self._own()
        if line not in {str(one["line_id"]) for one in own._get_lines_to_confirm()}:
            raise NotFound
        # sudo: the volunteer's own line
        request.env["ess.presence"].sudo().browse(int(line))._confirm_by_volunteer()
        return self._done(f"{HOME}/hours")

    @http.route(
        f"{HOME}/was-there/<int:line_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def was_there(self, line_id, token, **_sent):
        """Open the link of a reminder. A mail filter that opens links confirms nothing:
        the form sends itself in a browser, and has a button elsewhere.

        :param int line_id: id of ess.presence
        :param str token: what the reminder holds
        """
        line = self._line_of(line_id, token)
        shift = line.volunteer_id._show(line.session_id, line.mission_type_id)
        values = {"shift": shift, "is_done": line.state != "expected", "token": token}
        return self._answer("was_there", values | {"line_id": line_id})

    @http.route(
        f"{HOME}/was-there/<int:line_id>/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,  # the token of the address opens this line only, once
    )
    def was_there_confirm(self, line_id, token, **_sent):
        """Tick the line of the reminder as present.

        :param int line_id: id of ess.presence
        :param str token: what the reminder holds
        """
        self._line_of(line_id, token)._confirm_by_volunteer()
        return self._done(f"{HOME}/was-there/{line_id}/{token}")

    @http.route(
        f"{HOME}/<any(papers,record):part>", type="http", auth="public", methods=["GET"]
    )
    def part(self, part, **_sent):
        """Show one's papers, or one's record.

        :param str part: name of the page
        """
        own = self._own()
        if part == "papers":
            return self._answer(part, own._get_shown_papers())
        year = fields.Date.today().year
        values = {
            "years": [year, year - 1, year - 2],
            "record": own[:1]._prepare_record(),
            "cec": own[:1]._get_cec(year),
            "year": year,
        }
        return self._answer(part, values)

    @http.route(
        f"{HOME}/<any(certificate,record):name>.pdf",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def paper(self, name, year="", **_sent):
        """Print one's certificate of a year, or one's record.

        :param str name: which paper
        :param str year: calendar year of the certificate
        """
        own = self._own()[:1]
        this_year = fields.Date.today().year
        is_known = year.isdecimal() and this_year - 50 < int(year) <= this_year
        # sudo: the report of the volunteer who is logged in
        reports = request.env["ir.actions.report"].sudo()
        reports = reports.with_context(ess_year=int(year) if is_known else this_year)
        content, _kind = reports._render_qweb_pdf(REPORTS[name], own.ids)
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Disposition", f'attachment; filename="{name}.pdf"'),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers=headers)

    @http.route(f"{HOME}/words", type="http", auth="public", methods=["POST"])
    def say(self, words="", **_sent):
        """Send a few words to whoever answers for the volunteer.

        :param str words: what the volunteer says
        """
        own = self._own()[:1]
        if words.strip():
            own.message_post(body=words.strip()[:WORDS_MAX])
            own._plan_activity(
                request.env._("A word from the volunteer"), fields.Date.today()
            )
        return self._done(HOME)

    @http.route("/volunteering/missions", type="http", auth="public", methods=["GET"])
    def missions(self, **_sent):
        """Show everyone the missions that the association has put on its list."""
        missions = request.env["ess.volunteer"]._get_public_missions()
        return self._answer("missions", {"missions": missions})

    @http.route(LOGIN, type="http", auth="public", methods=["GET"])
    def login(self, **_sent):
        """Ask for the login: Odoo's own form needs JavaScript."""
        return self._answer("login", {"failed": False})

    @http.route(LOGIN, type="http", auth="public", methods=["POST"])
    def log_in(self, login="", password="", **_sent):
        """Open the volunteer's page; a wrong login and a wrong password look alike.

        :param str login: e-mail
        :param str password: the password
        """
        login = login.strip()
        credential = {"login": login, "password": password, "type": "password"}
        try:
            request.session.authenticate(request.env, credential)
        except AccessDenied:
            return self._answer("login", {"failed": True, "login": login})
        if not request.session.uid:  # a second factor is asked for
            return request.redirect(f"/web/login/totp?redirect={HOME}", 303)
        return request.redirect(HOME, 303)

    # === WHAT THE PAGES SHARE

    def _own(self):
        """Return the volunteer records of who is logged in, or answer "not found"."""
        if request.env.user._is_public():
            abort(request.redirect(LOGIN, 303))
        own = request.env["ess.volunteer"]._get_own()
        if not own:
            raise NotFound
        return own

    def _who(self, own, programme):
        """Return which of these records comes to a programme that the page showed."""
        known = {str(number) for number, _name in own._get_programmes_to_enter()}
        if programme not in known:
            return own.browse()
        company = request.env["ess.programme"].sudo().browse(int(programme)).company_id
        return own.filtered(lambda one: one.company_id == company)

    def _days(self, own):
        today = fields.Date.context_today(own.with_context(tz=request.env.user.tz))
        return [today - timedelta(days=number) for number in range(8)]

    def _line_of(self, line_id, token):
        """Return the line that a reminder opens, or answer "not found"."""
        # sudo: one line, named by the token that only its reminder holds
        line = request.env["ess.presence"].sudo().browse(line_id).exists()
        if not line.volunteer_id or not consteq(token, line._get_hours_token()):
            raise NotFound
        return line

    def _done(self, path):
        return request.redirect(f"{path}?done=1", 303)

    def _answer(self, name, values):
        """Draw a page that no browser keeps and that loads nothing."""
        language = request.env["res.lang"]._get_data(code=request.env.lang)
        nonce = secrets.token_urlsafe(18)
        values |= {
            "page": name,
            "home": HOME,
            "language": language,
            "nonce": nonce,
            "doctype": Markup("<!DOCTYPE html>"),
        }
        answer = request.render(f"ess_programmes.volunteering_{name}", values)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
            f" script-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none';"
            f" frame-ancestors 'none'"
        )
        return answer
