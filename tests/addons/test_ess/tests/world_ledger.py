"""Who reads files: the access log and what goes with it, in the invented world."""

from datetime import timedelta

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

    def _vals_ess_emergency_access(self, kind):
        person = self.person(kind)
        now = fields.Datetime.now()
        return {
            "beneficiary_id": person.id,
            "user_id": self.stranger.id,
            "company_id": person.company_id.id,
            "reason": "Elle est là ce soir",
            "date_from": now,
            # over: what the table tells is not what an emergency opens
            "date_to": now + timedelta(seconds=0),
        }

    def _vals_ess_handover(self, kind):
        own = self.users(kind)[:1] if kind != "own" else self.user
        return {
            "user_from_id": own.id,
            "user_to_id": self.env.ref("base.user_admin").id,
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_access_browse(self, _kind):
        return {"reason": "Réunion de coordination"}

    def _vals_ess_emergency_request(self, _kind):
        return {"reason": "Elle est là ce soir"}

    def _vals_ess_emergency_defer(self, _kind):
        return {
            "access_id": self.record("ess.emergency.access", "own").id,
            "reason": "Son conjoint lit le courrier",
            "date": fields.Date.today() + timedelta(days=7),
        }
