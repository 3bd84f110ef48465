from odoo import http
from odoo.http import request

from ..models.ir_http import HOME
from .person_portal import WORDS_MAX, PersonPortal

COMPLAINT = f"{HOME}/complaint"


class PersonComplaint(PersonPortal):
    """The person complains or contests a decision, with or without their name."""

    @http.route(COMPLAINT, type="http", auth="public", methods=["GET"])
    def complaint(self, **_sent):
        """Show the form, what was sent before and its answers."""
        return self._page("complaint")

    @http.route(COMPLAINT, type="http", auth="public", methods=["POST"])
    def complain(self, decision="", words="", anonymous="", **_sent):
        """Hand a complaint over to somebody outside the team.

        :param str decision: the decision that is contested, empty for a complaint
        :param str words: words of the person
        :param str anonymous: anything when the person does not give their name
        """
        own = self._own_file()
        if not words.strip():
            return self._page("complaint", missing="words")
        decisions = dict(self._decisions())
        request.env["ess.complaint"]._receive(
            own,
            bool(anonymous),
            kind="appeal" if decision in decisions else "complaint",
            decision=decision in decisions and decision,
            words=words.strip()[:WORDS_MAX],
            source="portal",
        )
        return request.redirect(f"{COMPLAINT}?done=1", 303)

    def _values_complaint(self, own):
        complaints = request.env["ess.complaint"]
        return {
            "decisions": self._decisions(),
            "complaints": complaints.search([("beneficiary_id", "=", own.id)]),
        }

    def _decisions(self):
        field = request.env["ess.complaint"]._fields["decision"]
        return field._description_selection(request.env)
