"""The volunteers of the invented world."""


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
