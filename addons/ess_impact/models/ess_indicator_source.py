from odoo import api, models

# Stays that have begun; a request or a place on the waiting list is not a stay.
STAY_BUCKETS = ("enrolled", "paused", "completed", "left")
ENDED_BUCKETS = ("completed", "left")
STAY_DATES = ("date_start", "date_end")


class EssIndicatorSource(models.AbstractModel):
    """Where figures may read: the registry of sources, measures and breakdowns.

    A source is one kind of fact seen at one of its dates (presences at their day,
    stays at their entry, at their exit…). It holds no record: upper rooms add a
    source by overriding `_get_sources` and calling `super()`.

    Shape of a source::

        {
            "label": what the user reads,
            "model": model on which the condition is written,
            "parts": [part, …]   one, or several whose persons are put together,
            "person_model": model opened for a figure of distinct persons,
            "measures": codes of `_get_measures`,
        }

    Shape of a part::

        {
            "model": model of the facts,
            "date": date field; with "date_to", the fact lasts and counts in every
                period that it touches (an empty end means "still going on"),
            "programme": many2one field, or "via" the name of an engine method
                that joins the programmes of a fact which has none of its own,
            "person": many2one field to the person model, or None,
            "inverse": one2many of the person model to these facts,
            "domain": what is never a fact of this source,
            "breakdowns": {breakdown code: path of a field from the fact},
        }
    """

    _name = "ess.indicator.source"
    _description = "Registry of the sources of figures"

    # === SOURCES

    @api.model
    def _get_sources(self):
        """Return the sources by code. Override to add one, calling `super()`.

        :return: `{code: source}`, see the class
        :rtype: dict
        """
        stay = [("bucket", "in", STAY_BUCKETS), ("exit_class", "!=", "none")]
        ended = [("bucket", "in", ENDED_BUCKETS), ("exit_class", "!=", "none")]
        enrolment = self._prepare_enrolment_source
        labels = self._get_enrolment_labels()
        return {
            "presence": self._prepare_presence_source(),
            "volunteer": self._prepare_volunteer_source(),
            "session": self._prepare_session_source(),
            "request": enrolment(
                labels["request"],
                "date_request",
                "age_band_request",
                refusal_reason="refusal_reason_id",
            ),
            "entry": enrolment(labels["entry"], "date_start", "age_band_start", stay),
            "exit": enrolment(
                labels["exit"],
                "date_end",
                "age_band_end",
                ended,
                ("days_stay",),
                exit_class="exit_class",
                exit_reason="exit_reason_id",
            ),
            "stay": enrolment(
                labels["stay"], "date_start", "age_band_start", stay, date_to="date_end"
            ),
            "active_person": self._prepare_active_person_source(),
            "situation": self._prepare_situation_source(),
            "goal": self._prepare_goal_source(),
        }

    def _get_enrolment_labels(self):
        """Return the labels of the dates at which an enrolment is counted."""
        return {
            "request": self.env._(
                "Requests for a programme, at the day of the request"
            ),
            "entry": self.env._("Entries in a programme, at the day of entry"),
            "exit": self.env._("Exits from a programme, at the day of exit"),
            "stay": self.env._("Stays in progress during the period"),
        }

    @api.model
    def _get_measures(self):
        """Return what can be added up. Override to add one, calling `super()`.

        A measure names a numeric `field` (with a `divisor` if it is kept in another
        unit), or two date fields `days` between which days are counted.

        :return: `{code: {"label": str, …}}`
        :rtype: dict
        """
        return {
            "people": {
                "label": self.env._("People there (a count counts its number)"),
                "field": "people_count",
            },
            "headcount": {
                "label": self.env._("People counted without a file"),
                "field": "headcount",
            },
            "quantity": {
                "label": self.env._("Quantity handed out"),
                "field": "quantity",
            },
            "hours": {
                "label": self.env._("Hours"),
                "field": "minutes",
                "divisor": 60.0,
            },
            "days_stay": {
                "label": self.env._("Days of the stay"),
                "days": STAY_DATES,
            },
        }

    @api.model
    def _get_breakdowns(self):
        """Return the labels of breakdowns. Override to add one, calling `super()`.

        *Programme* and *month* exist for every source; the others are available
        where every part of the source gives them a path.

        :return: `{code: label}`
        :rtype: dict
        """
        return {
            "programme": self.env._("Programme"),
            "month": self.env._("Month"),
            "sex": self.env._("Sex"),
            "age_band": self.env._("Age at the date of the fact"),
            "territory": self.env._("Territory"),
            "session_kind": self.env._("Kind of session"),
            "unit": self.env._("Unit handed out"),
            "engagement": self.env._("Form of engagement"),
            "exit_class": self.env._("Class of exit"),
            "exit_reason": self.env._("Exit reason"),
            "refusal_reason": self.env._("Why not admitted"),
            "situation": self.env._("Situation"),
        }

    @api.model
    def _get_source_breakdowns(self, code):
        """Return the breakdown codes that a source can be shown by.

        :param str code: code of the source
        :rtype: list of str
        """
        parts = self._get_sources()[code]["parts"]
        shared = set.intersection(*(set(part["breakdowns"]) for part in parts))
        known = self._get_breakdowns()
        return [key for key in known if key in shared or key in ("programme", "month")]

    # === PREPARATION

    def _prepare_presence_source(self):
        return {
            "label": self.env._("Presences of people"),
            "model": "ess.presence",
            "person_model": "ess.beneficiary",
            "measures": ("people", "headcount", "quantity", "hours"),
            "parts": [
                self._prepare_part(
                    "ess.presence",
                    "day",
                    domain=[("volunteer_id", "=", False)],
                    inverse="presence_ids",
                    sex="beneficiary_id.sex",
                    age_band="age_band",
                    territory="session_id.territory_id",
                    session_kind="kind",
                    unit="unit_id",
                )
            ],
        }

    def _prepare_volunteer_source(self):
        return {
            "label": self.env._("Presences of volunteers"),
            "model": "ess.presence",
            "person_model": "ess.volunteer",
            "measures": ("hours",),
            "parts": [
                self._prepare_part(
                    "ess.presence",
                    "day",
                    domain=[("volunteer_id", "!=", False)],
                    person="volunteer_id",
                    inverse="presence_ids",
                    territory="session_id.territory_id",
                    session_kind="kind",
                    engagement="volunteer_id.engagement",
                )
            ],
        }

    def _prepare_session_source(self):
        return {
            "label": self.env._("Sessions"),
            "model": "ess.session",
            "person_model": None,
            "measures": (),
            "parts": [
                self._prepare_part(
                    "ess.session",
                    "day",
                    person=None,
                    territory="territory_id",
                    session_kind="kind",
                )
            ],
        }

    def _prepare_enrolment_source(
        self, label, date, age, domain=(), measures=(), date_to=None, **breakdowns
    ):
        """Return enrolments seen at one of their dates.

        :param str age: age field of the same date
        """
        return {
            "label": label,
            "model": "ess.enrolment",
            "person_model": "ess.beneficiary",
            "measures": measures,
            "parts": [
                self._prepare_part(
                    "ess.enrolment",
                    date,
                    date_to=date_to,
                    # what was entered by mistake is no fact
                    domain=domain or [("exit_class", "!=", "none")],
                    inverse="enrolment_ids",
                    sex="beneficiary_id.sex",
                    age_band=age,
                    **breakdowns,
                )
            ],
        }

    def _prepare_active_person_source(self):
        """Persons seen in the period: someone was present, or a stay was open.

        Reference: the trade's word *file active*; the definition is ours and is
        printed on the card of the indicator.
        """
        return {
            "label": self.env._("People seen: present at least once, or in a stay"),
            "model": "ess.beneficiary",
            "person_model": "ess.beneficiary",
            "measures": (),
            "parts": [
                self._prepare_part(
                    "ess.presence",
                    "day",
                    domain=[("beneficiary_id", "!=", False), ("is_present", "=", True)],
                    inverse="presence_ids",
                    sex="beneficiary_id.sex",
                    age_band="age_band",
                ),
                self._prepare_part(
                    "ess.enrolment",
                    "date_start",
                    date_to="date_end",
                    domain=[
                        ("bucket", "in", STAY_BUCKETS),
                        ("exit_class", "!=", "none"),
                    ],
                    inverse="enrolment_ids",
                    sex="beneficiary_id.sex",
                    age_band="age_band_start",
                ),
            ],
        }

    def _prepare_situation_source(self):
        return {
            "label": self.env._("Changes of situation, at their first day"),
            "model": "ess.situation",
            "person_model": "ess.beneficiary",
            "measures": (),
            "parts": [
                self._prepare_part(
                    "ess.situation",
                    "date_from",
                    programme=None,
                    via="_join_programmes_of_situation",
                    # What may never leave the association is never counted here, so
                    # that no condition can reach it.
                    domain=[
                        ("active", "=", True),
                        ("value_id", "!=", False),
                        ("domain_id.is_sensitive", "=", False),
                        ("domain_id.is_team_only", "=", False),
                    ],
                    inverse="situation_ids",
                    sex="beneficiary_id.sex",
                    age_band="age_band",
                    situation="value_id",
                )
            ],
        }

    def _prepare_goal_source(self):
        return {
            "label": self.env._("Goals, at the day they are reached"),
            "model": "ess.goal",
            "person_model": "ess.beneficiary",
            "measures": (),
            "parts": [
                self._prepare_part(
                    "ess.goal",
                    "date_reached",
                    programme=None,
                    via="_join_programmes_of_goal",
                    inverse="goal_ids",
                    sex="beneficiary_id.sex",
                    age_band="age_band",
                )
            ],
        }

    @staticmethod
    def _prepare_part(
        model,
        date,
        date_to=None,
        programme="programme_id",
        via=None,
        person="beneficiary_id",
        inverse=None,
        domain=(),
        **breakdowns,
    ):
        """Return one part, see the class; other arguments are breakdown paths."""
        return {
            "model": model,
            "date": date,
            "date_to": date_to,
            "programme": programme,
            "via": via,
            "person": person,
            "inverse": inverse,
            "domain": list(domain),
            "breakdowns": breakdowns,
        }
