"""The activity room of the invented world."""

from datetime import datetime

from odoo import Command, fields


class ActivityValues:
    """Values of programmes, sessions and what happens in them; part of `World`."""

    def _vals_ess_programme(self, kind):
        users = self.users(kind)
        return {
            "name": f"Programme {next(self.numbers)}",
            "company_id": self.company_of(kind).id,
            "manager_id": (
                self.stranger_2 if kind == "other_company" else self.stranger
            ).id,
            "team_user_ids": [Command.set(users.ids)],
        }

    def _vals_ess_programme_criterion(self, kind):
        return {
            "programme_id": self.programme(kind).id,
            "domain": "[('age', '>=', 18)]",
            "sentence": "Il faut être majeur",
        }

    def _vals_ess_enrolment_batch(self, kind):
        return {"programme_id": self.programme(kind).id}

    def _vals_ess_cohort(self, kind):
        return {
            "programme_id": self.programme(kind).id,
            "name": f"Groupe {next(self.numbers)}",
        }

    def _vals_ess_session(self, kind):
        return {
            "programme_id": self.programme(self.where(kind)).id,
            "kind": "workshop",
            "date_start": datetime(2026, 3, 2, 13, 0),
            "date_end": datetime(2026, 3, 2, 15, 0),
            "user_id": self.users(self.where(kind))[:1].id,
        }

    def _vals_ess_enrolment(self, kind):
        stage = self.env["ess.enrolment.stage"].search(
            [("bucket", "=", "enrolled")], limit=1
        )
        return {
            "beneficiary_id": self.person(kind).id,
            "stage_id": stage.id,
            "programme_id": self.programme(self.where(kind)).id,
            "date_start": fields.Date.today(),
        }

    def _vals_ess_enrolment_snapshot(self, kind):
        stay = self._new("ess.enrolment", kind)
        stay.snapshot_ids.unlink()
        return {
            "enrolment_id": stay.id,
            "beneficiary_id": stay.beneficiary_id.id,
            "moment": "entry",
            "date": stay.date_start,
            "date_due": stay.date_start,
        }

    def _vals_ess_enrolment_snapshot_line(self, kind):
        snapshot = self._new("ess.enrolment.snapshot", kind)
        domain = self.env["ess.situation.domain"].search(
            [("is_sensitive", "=", False)], limit=1
        )
        return {
            "snapshot_id": snapshot.id,
            "beneficiary_id": snapshot.beneficiary_id.id,
            "domain_id": domain.id,
            "answer": "unknown",
        }

    def _vals_ess_presence(self, kind):
        return {
            "session_id": self.session(kind).id,
            "beneficiary_id": self.person(kind).id,
            "state": "present",
        }

    def _vals_ess_request_type(self, _kind):
        return {"name": "Besoin", "code": f"b{next(self.numbers)}"}

    def _vals_ess_request(self, kind):
        kind_of_need = self.env["ess.request.type"].search([], limit=1)
        return {"beneficiary_id": self.person(kind).id, "type_id": kind_of_need.id}

    def _vals_ess_session_series(self, kind):
        return {
            "programme_id": self.programme(kind).id,
            "kind": "workshop",
            "rule": "month_last_day",
            "date_from": "2026-03-01",
            "date_to": "2026-06-30",
            "user_id": self.users(kind)[:1].id,
        }

    def _vals_ess_session_sheet(self, kind):
        return {
            "session_id": self.session(kind).id,
            "beneficiary_id": self.person(kind).id,
            "file": b"c2Nhbg==",
            "file_name": "feuille.pdf",
        }

    def _vals_ess_closed_day(self, kind):
        return {
            "name": "Fermeture",
            "date_from": "2026-08-01",
            "date_to": "2026-08-15",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_session_series_change(self, kind):
        return {"session_id": self._new("ess.session", kind).id}

    def _vals_ess_volunteer(self, kind):
        return {
            "partner_id": self._partner().id,
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_territory(self, kind):
        number = next(self.numbers)
        return {
            "name": f"Secteur {number}",
            "code": f"s{number}",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_enrolment_stage(self, _kind):
        return {"name": "Étape", "code": f"e{next(self.numbers)}", "bucket": "applied"}

    def _vals_ess_exit_reason(self, _kind):
        return {
            "name": "Motif",
            "code": f"x{next(self.numbers)}",
            "exit_class": "neutral",
        }

    def _vals_ess_refusal_reason(self, _kind):
        return {"name": "Motif", "code": f"r{next(self.numbers)}"}

    def _vals_ess_unit(self, _kind):
        return {"name": "Unité", "code": f"u{next(self.numbers)}"}

    def _vals_ess_enrolment_close(self, kind):
        stays = self._new("ess.enrolment", kind)
        return {"outcome": "completed", "enrolment_ids": [Command.set(stays.ids)]}
