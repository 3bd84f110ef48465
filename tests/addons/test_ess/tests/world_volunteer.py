"""The volunteers of the invented world."""

from datetime import datetime, timedelta


class VolunteerValues:
    """Values of volunteers and of what they give; part of `World`."""

    def _volunteer(self, kind):
        return self.record("ess.volunteer", kind)

    def _vals_ess_mission_type(self, _kind):
        return {"name": "Mission", "code": f"m{next(self.numbers)}"}

    def _vals_ess_paper_type(self, _kind):
        return {
            "name": "Pièce",
            "code": f"p{next(self.numbers)}",
            "needed_for": "none",
        }

    def _vals_ess_skill(self, _kind):
        return {"name": f"Savoir-faire {next(self.numbers)}"}

    def _vals_ess_volunteer_availability(self, kind):
        return {"volunteer_id": self._volunteer(kind).id, "weekday": "2"}

    def _vals_ess_volunteer_absence(self, kind):
        return {"volunteer_id": self._volunteer(kind).id, "date_from": "2026-03-02"}

    def _vals_ess_volunteer_paper(self, kind):
        paper = self._new("ess.paper.type", "own")
        return {"volunteer_id": self._volunteer(kind).id, "type_id": paper.id}

    def _vals_ess_session_need(self, kind):
        return {"session_id": self._new("ess.session", kind).id, "needed": 3}

    def _vals_ess_signup(self, kind):
        need = self._new("ess.session.need", kind)
        start = datetime.now().replace(microsecond=0) + timedelta(days=9)
        need.session_id.write(
            {"date_start": start, "date_end": start + timedelta(hours=2)}
        )
        return {
            "need_id": need.id,
            "volunteer_id": self._new("ess.volunteer", kind).id,
        }

    def _vals_ess_volunteer_hours(self, kind):
        return {
            "volunteer_id": self._new("ess.volunteer", kind).id,
            "programme_id": self.programme(kind).id,
            "day": "2026-03-02",
            "minutes": 60,
        }

    def _vals_ess_presence_correction(self, kind):
        line = self.env["ess.presence"].create(
            {
                "session_id": self._new("ess.session", kind).id,
                "volunteer_id": self._new("ess.volunteer", kind).id,
                "state": "present",
            }
        )
        return {"presence_id": line.id, "minutes_before": 60, "minutes_after": 90}

    def _vals_ess_cec_rule(self, _kind):
        return {
            "year_from": 3000 + next(self.numbers),
            "hours_total": 200,
            "hours_one": 100,
            "declare_by": "06-30",
            "confirm_by": "12-31",
            "source": "Source",
        }

    def _vals_ess_volunteer_rate(self, kind):
        return {
            "date_from": f"20{next(self.numbers) % 90 + 10}-01-01",
            "rate": 15,
            "method": "Méthode",
            "source": "Source",
            "decided_on": "2026-01-15",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_expense_waiver(self, kind):
        return {
            "volunteer_id": self._new("ess.volunteer", kind).id,
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_expense_waiver_line(self, kind):
        return {
            "waiver_id": self._new("ess.expense.waiver", kind).id,
            "name": "Collecte",
            "proof": "T-1",
            "paid": 10,
        }

    def _vals_ess_mileage_rate(self, _kind):
        return {
            "year": 3000 + next(self.numbers),
            "vehicle": "car",
            "rate": 0.5,
            "source": "Source",
        }
