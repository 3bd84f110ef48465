import ast

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

MAX_DOMAIN_LENGTH = 5000
LIKE_OPERATORS = {
    "like",
    "ilike",
    "not like",
    "not ilike",
    "=like",
    "=ilike",
    "not =like",
    "not =ilike",
}
BYPASS_OPERATORS = {"any!", "not any!"}

# What conditions may use, by model: see `_get_allowed_fields`.
ALLOWED_FIELDS = {
    "ess.beneficiary": {"sex", "commune_code"},
    "ess.presence": {
        "beneficiary_id",
        "volunteer_id",
        "session_id",
        "programme_id",
        "kind",
        "state",
        "is_present",
        "minutes",
        "quantity",
        "unit_id",
        "headcount",
        "source",
        "age_band",
    },
    "ess.session": {
        "programme_id",
        "territory_id",
        "kind",
        "state",
        "capacity",
    },
    "ess.enrolment": {
        "beneficiary_id",
        "programme_id",
        "cohort_id",
        "stage_id",
        "bucket",
        "exit_reason_id",
        "exit_class",
        "refusal_reason_id",
        "age_band_request",
        "age_band_start",
        "age_band_end",
    },
    "ess.situation": {
        "beneficiary_id",
        "domain_id",
        "value_id",
        "source",
        "age_band",
        "is_change",
    },
    "ess.goal": {
        "beneficiary_id",
        "theme_id",
        "state",
        "rank",
        "progress_person",
        "progress_worker",
        "age_band",
    },
    "ess.volunteer": {"engagement"},
    "ess.programme": {
        "id",
        "name",
        "code",
        "kind",
        "parent_id",
        "is_unconditional",
        "service_type_id",
        "theme_ids",
        "active",
    },
    "ess.cohort": {"id", "name", "programme_id"},
    "ess.territory": {"id", "name", "code"},
    "ess.unit": {"id", "name", "code"},
    "ess.enrolment.stage": {"id", "name", "code", "bucket"},
    "ess.exit.reason": {"id", "name", "code", "exit_class", "iae_class"},
    "ess.refusal.reason": {
        "id",
        "name",
        "code",
        "is_by_person",
        "is_paper_related",
    },
    "ess.situation.domain": {"id", "name", "code"},
    "ess.situation.value": {
        "id",
        "name",
        "code",
        "class_code",
        "iae_class",
        "domain_id",
    },
    "ess.goal.theme": {"id", "name", "code", "sdg"},
    "ess.code": {"id", "name", "code", "scheme"},
}


class EssIndicatorCondition(models.AbstractModel):
    """What a condition of an indicator may read, and the check of it.

    Figures are counted with all rights, so that persons whose file is protected are
    counted too. A free condition would then be a way to ask who they are ("how many
    people called …"). So a condition may use only the fields listed here: none that
    identifies a person, and none of those that never leave an association
    (nationality, origin, residence status, health, offences).
    """

    _name = "ess.indicator.condition"
    _description = "Condition of an indicator"

    # === HOOKS

    @api.model
    def _get_allowed_fields(self):
        """Return the fields that conditions may use, by model.

        Override to add fields of upper rooms, calling `super()`. Never add a name, a
        reference, a date of birth, free text, or anything about nationality, origin,
        residence status, health or offences.

        :rtype: dict {model name: set of field names}
        """
        return {model: set(names) for model, names in ALLOWED_FIELDS.items()}

    @api.model
    def _get_person_models(self):
        """Return the models of which a condition may only say "is set".

        :rtype: tuple of model names
        """
        return ("ess.beneficiary", "ess.volunteer", "ess.session")

    @api.model
    def _get_sensitive_records(self):
        """Return the records of lists that no condition may single out.

        Override to add lists of upper rooms, calling `super()`.

        :rtype: dict {model name: recordset}
        """
        # sudo: lists of values are no secret, and an archived one is still used.
        env = self.sudo().with_context(active_test=False).env
        hidden = Domain("is_sensitive", "=", True) | Domain("is_team_only", "=", True)
        return {
            "ess.situation.domain": env["ess.situation.domain"].search(hidden),
            "ess.situation.value": env["ess.situation.value"].search(
                [("domain_id", "any", hidden)]
            ),
            "ess.goal.theme": env["ess.goal.theme"].search([("code", "=", "health")]),
        }

    # === BUSINESS

    @api.model
    def _parse(self, text):
        """Read the text of a condition.

        :param str text: a list of conditions, with values only
        :rtype: Domain
        :raises ValidationError: when it is not one
        """
        text = (text or "[]").strip()
        if len(text) > MAX_DOMAIN_LENGTH:
            raise ValidationError(
                self.env._("The condition is too long. Use fewer values.")
            )
        try:
            value = ast.literal_eval(text)
            if not isinstance(value, list):
                raise ValueError(text)
            return Domain(value)
        except (
            ValueError,
            TypeError,
            SyntaxError,
            RecursionError,
            MemoryError,
        ) as error:
            raise ValidationError(
                self.env._(
                    "The condition cannot be read. Build it with the editor; it takes "
                    "fixed values only, no formula."
                )
            ) from error

    @api.model
    def _check(self, model_name, text):
        """Check the condition of an indicator and give it back.

        :param str model_name: model of the source
        :param str text: the condition as stored
        :rtype: Domain
        :raises ValidationError: with the field that may not be used, or what is wrong
        """
        domain = self._parse(text)
        sensitive = self._get_sensitive_records()
        for condition in domain.iter_conditions():
            self._check_one(model_name, condition, sensitive)
        self._check_runs(model_name, domain)
        return domain

    def _check_one(self, model_name, condition, sensitive):
        """Check one condition, then the conditions that it holds."""
        name, _dot, rest = condition.field_expr.partition(".")
        field = self._check_field(model_name, name)
        if not field.relational:
            if rest:
                self._refuse(model_name, condition.field_expr)
            return
        if condition.operator in BYPASS_OPERATORS:
            self._refuse(model_name, condition.field_expr)
        comodel_name = field.comodel_name
        inner = self._get_inner_domain(condition, rest)
        self._check_not_sensitive(comodel_name, inner, sensitive, field)
        if rest or condition.operator in ("any", "not any"):
            for inner_condition in inner.iter_conditions():
                self._check_one(comodel_name, inner_condition, sensitive)
        elif comodel_name in self._get_person_models() and not self._is_set_test(
            condition
        ):
            self._refuse(model_name, name)

    def _check_field(self, model_name, name):
        """Return a field that conditions may use, or say which ones they may use."""
        allowed = self._get_allowed_fields().get(model_name, set())
        field = self.env[model_name]._fields.get(name)
        if field is None or name not in allowed:
            self._refuse(model_name, name)
        return field

    def _refuse(self, model_name, name):
        model = self.env[model_name]
        allowed = sorted(
            model._fields[key].get_description(self.env, ["string"])["string"]
            for key in self._get_allowed_fields().get(model_name, set())
            if key in model._fields and key != "id"
        )
        field = model._fields.get(name.partition(".")[0])
        label = field.get_description(self.env, ["string"])["string"] if field else name
        raise ValidationError(
            self.env._(
                "“%(field)s” cannot be used in the condition of a figure: it could "
                "tell who a person is, or is among the data that never leave the "
                "association. You may use: %(allowed)s.",
                field=label,
                allowed=", ".join(allowed) or "–",
            )
        )

    @staticmethod
    def _is_set_test(condition):
        """Tell whether a condition only asks if a link is filled in."""
        value = condition.value
        if isinstance(value, (list, tuple, set, frozenset)) or hasattr(
            value, "__iter__"
        ):
            return not isinstance(value, str) and set(value) <= {False, None}
        return condition.operator in ("=", "!=") and not value

    @staticmethod
    def _get_inner_domain(condition, rest):
        """Return the condition as seen from the linked record."""
        if rest:
            return Domain(rest, condition.operator, condition.value)
        if condition.operator in ("any", "not any"):
            return Domain(condition.value)
        if condition.operator in LIKE_OPERATORS or isinstance(condition.value, str):
            return Domain("display_name", condition.operator, condition.value)
        return Domain("id", condition.operator, condition.value)

    def _check_not_sensitive(self, comodel_name, inner, sensitive, field):
        """Refuse to single out, or to leave out alone, a sensitive record of a list."""
        hidden = sensitive.get(comodel_name)
        if not hidden:
            return
        # A short list of values, each of which the condition may name.
        everything = hidden.search([])  # pylint: disable=no-search-all
        chosen = hidden.search(inner) if not inner.is_true() else everything
        if not chosen or chosen == everything:
            return
        if chosen & hidden or (everything - chosen) <= hidden:
            raise ValidationError(
                self.env._(
                    "This condition on “%(field)s” would show a figure about health, "
                    "residence status or another matter that never leaves the "
                    "association. Choose other values.",
                    field=field.get_description(self.env, ["string"])["string"],
                )
            )

    def _check_runs(self, model_name, domain):
        """Compile the condition and let the database plan it, reading no row."""
        # sudo: nothing is read; a definition does not depend on who writes it.
        model = self.env[model_name].sudo().with_context(active_test=False)
        try:
            query = model._search(domain)
            query.limit = 1
            query.add_where("FALSE")
            with self.env.cr.savepoint(flush=False):
                self.env.execute_query(query.select())
        except (AccessError, UserError, ValueError, TypeError, psycopg2.Error) as error:
            raise ValidationError(
                self.env._(
                    "The condition does not work: check that each value fits its field."
                )
            ) from error
