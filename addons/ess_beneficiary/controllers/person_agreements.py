from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from ..models.ir_http import HOME
from .person_portal import PersonPortal

WITHDRAW = f"{HOME}/agreements/<int:consent_id>/withdraw"


class PersonAgreements(PersonPortal):
    """What the person agreed to: read, and taken back, on their own pages."""

    @http.route(f"{HOME}/agreements", type="http", auth="public", methods=["GET"])
    def agreements(self, **_sent):
        """Show what was answered, and what the association does with data."""
        return self._page("agreements")

    @http.route(WITHDRAW, type="http", auth="public", methods=["POST"])
    def withdraw(self, consent_id, **_sent):
        """Take an agreement back, today.

        :param int consent_id: id of ess.consent
        """
        own = self._own_file()
        domain = [("id", "=", consent_id), ("beneficiary_id", "=", own.id)]
        consent = request.env["ess.consent"].search(domain, limit=1)
        if not consent or not consent.is_in_force:
            raise NotFound
        consent._withdraw("portal")
        return request.redirect(f"{HOME}/agreements?done=1", 303)

    def _values_agreements(self, own):
        consents = own._search_facts("ess.consent")
        return {
            # sudo: the names of partners, whom the person was asked about
            "consents": consents.sudo(),
            "shares": own._search_facts("ess.share").sudo(),  # as above
            "processings": request.env["ess.processing"].search([]),
        }
