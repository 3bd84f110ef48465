from odoo import http
from odoo.http import request


class KioskController(http.Controller):
    """The check-in screen of a session, for a tablet at the door: no login, an address
    that nobody guesses, and answers that name nobody.
    """

    @http.route("/ess/kiosk/<string:token>", type="http", auth="public", sitemap=False)
    def kiosk(self, token):
        """Show the screen; the same page for every address that is not open.

        :param str token: code of the screen
        """
        session = self._get_session(token)
        values = {"is_open": bool(session), "token": token if session else ""}
        response = request.render("ess_programmes.kiosk_page", values)
        # the address is a key: it goes to no other site and stays in no cache
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        if not session:
            response.status_code = 404
        return response

    @http.route("/ess/kiosk/<string:token>/check", type="jsonrpc", auth="public")
    def check(self, token, code=None):
        """Tick the holder of a card as present.

        :param str token: code of the screen
        :param str code: what was scanned
        :return: ``{'status': …, 'message': …}``
        :rtype: dict
        """
        session = self._get_session(token)
        if not session:
            return {
                "status": "closed",
                "message": request.env._(
                    "This screen is closed. Ask the team to open it again."
                ),
            }
        return session._kiosk_check_in(code)

    def _get_session(self, token):
        """Return the open session, in the language of who opened its screen."""
        session = request.env["ess.session"]._get_by_kiosk_token(token)
        lang = session.env.user.lang if session else None
        if lang:
            request.update_context(lang=lang)
            session = session.with_context(lang=lang)
        return session
