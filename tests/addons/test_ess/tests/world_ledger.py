"""Who reads files: the access log and what goes with it, in the invented world."""

from odoo import fields


class LedgerValues:
    """Values of the models of the access log; part of `World`."""

    def _vals_ess_access_log(self, kind):
        person = self.person(kind)
        return {
            "date": fields.Datetime.now(),
            "user_id": self.stranger.id,
            "beneficiary_id": person.id,
            "company_id": person.company_id.id,
            "kind": "open",
            "role": "other",
            "model": "ess.beneficiary",
            "res_id": person.id,
        }

    def _vals_ess_access_seal(self, _kind):
        return {
            "number": 1_000_000 + next(self.numbers),
            "date": fields.Datetime.now(),
            "line_count": 0,
            "value": "0" * 64,
        }

    def _vals_ess_access_reason(self, kind):
        return {
            "name": "Réunion de coordination",
            "kind": "search",
            "user_id": self.users(kind)[:1].id,
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_access_contest(self, kind):
        return {
            "log_id": self._new("ess.access.log", kind).id,
            "reason": "C'est mon voisin",
        }
