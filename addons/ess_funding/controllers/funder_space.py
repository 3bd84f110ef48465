from markupsafe import Markup
from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.web import Home as PortalHome

from ..models.ess_funder_space import FUNDER
from ..models.ir_http import FUNDER_HOME as HOME

WORDS_MAX = 3000
#: questions that one funder may leave waiting
WAITING_MAX = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FunderHome(PortalHome):
    """A funder's contact who logs in lands in its space."""

    def _login_redirect(self, uid, redirect=None):
        # sudo: the groups of the user who has just logged in
        user = request.env["res.users"].sudo().browse(uid)
        if not redirect and user.has_group(FUNDER):
            return HOME
        return super()._login_redirect(uid, redirect=redirect)


class FunderSpace(http.Controller):
    """`/my/funding`: what a funder pays for, or an observer follows.

    Records are found with the reader's own rights: a number that is not theirs answers
    as one that does not exist. The pages need no JavaScript and load nothing else.
    """

    @http.route(HOME, type="http", auth="user", methods=["GET"])
    def home(self, **_sent):
        """List the grants and the programmes that are followed."""
        self._check_reader()
        return self._answer(
            "home",
            {
                "grants": request.env["ess.grant"].search([]),
                "observers": request.env["ess.observer"].search([]),
            },
        )

    @http.route(
        f"{HOME}/<any(grants,programmes):part>/<int:record_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def sheet(self, part, record_id, **_sent):
        """Show one grant, or what an observer follows.

        :param str part: grants or programmes
        :param int record_id: id of ess.grant or ess.observer
        """
        return self._sheet(part, self._find(part, record_id))

    @http.route(
        f"{HOME}/<any(grants,programmes):part>/<int:record_id>",
        type="http",
        auth="user",
        methods=["POST"],
    )
    def ask(self, part, record_id, words="", **_sent):
        """Keep a question to the association.

        :param str part: grants or programmes
        :param int record_id: id of ess.grant or ess.observer
        :param str words: the question
        """
        record = self._find(part, record_id)
        body = request.env.user.partner_id.commercial_partner_id
        questions = request.env["ess.funder.question"]
        waiting = questions.search_count(
            [("funder_id", "=", body.id), ("answered_at", "=", False)]
        )
        words = words.strip()[:WORDS_MAX]
        if not words or waiting >= WAITING_MAX:
            return self._sheet(part, record, wrong="many" if words else "empty")
        # sudo: a question of the reader, about a record found with their own rights
        question = questions.sudo().create(
            {
                "funder_id": body.id,
                "partner_id": request.env.user.partner_id.id,
                "grant_id": record.id if part == "grants" else False,
                "observer_id": record.id if part == "programmes" else False,
                "company_id": record.company_id.id,
                "words": words,
            }
        )
        question._tell_officer()
        return request.redirect(f"{HOME}/{part}/{record.id}?done=1", 303)

    @http.route(
        f"{HOME}/reports/<int:report_id>/<any(pdf,xlsx):kind>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def report(self, report_id, kind, **_sent):
        """Send a report that was shown to the funder, as it was frozen.

        :param int report_id: id of ess.funder.report
        :param str kind: pdf or xlsx
        """
        self._check_reader()
        found = request.env["ess.funder.report"].search([("id", "=", report_id)])
        if not found:
            raise NotFound
        # sudo: the frozen content of a report found with the reader's own rights
        report = found.sudo()
        if kind == "xlsx":
            content, mimetype = report._get_xlsx(), XLSX
        else:
            name = "ess_funding.action_report_funder_report"
            printer = request.env["ir.actions.report"].sudo()
            content, _kind = printer._render_qweb_pdf(name, report.ids)
            mimetype = "application/pdf"
        headers = [
            ("Content-Type", mimetype),
            ("Content-Disposition", content_disposition(report._get_file_name(kind))),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers=headers)

    # === WHAT THE PAGES SHARE

    def _check_reader(self):
        """Answer "not found" to who has no such space."""
        if not request.env.user.has_group(FUNDER):
            raise NotFound

    def _find(self, part, record_id):
        """Grant or observer of the reader, else "not found"."""
        self._check_reader()
        model = {"grants": "ess.grant", "programmes": "ess.observer"}[part]
        record = request.env[model].search([("id", "=", record_id)])
        if not record:
            raise NotFound
        return record

    def _sheet(self, part, record, wrong=False):
        """Page of one record."""
        is_grant = part == "grants"
        own = [("grant_id" if is_grant else "observer_id", "=", record.id)]
        none = request.env["ess.grant.instalment"]
        values = record._get_space_values() | {
            "record": record,
            "part": part,
            "is_grant": is_grant,
            "wrong": wrong,
            "instalments": none.search(own, order="date_due") if is_grant else none,
            "reports": request.env["ess.funder.report"].search(
                own if is_grant else [(0, "=", 1)]
            ),
            "questions": request.env["ess.funder.question"].search(own, limit=50),
        }
        return self._answer("sheet", values)

    def _answer(self, name, values):
        """Draw a page that no browser keeps and that loads nothing."""
        language = request.env["res.lang"]._get_data(code=request.env.lang)
        values |= {"page": name, "home": HOME, "language": language}
        values["title"] = request.env._("My space")
        values["doctype"] = Markup("<!DOCTYPE html>")
        answer = request.render(f"ess_funding.funder_{name}", values)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
            " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        return answer
