import ast

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

DOMAIN_MAX = 5000
DPO_GROUP = "ess_beneficiary.group_beneficiary_dpo"
APPROVAL_FIELDS = {"approval_ground", "approval_user_id", "approval_date"}

#: What a condition of access may ask, by model.
ALLOWED_FIELDS = {
    "ess.beneficiary": {
        "age",
        "birth_date",
        "sex",
        "zip",
        "city",
        "commune_code",
        "country_id",
        "intake",
        "situation_ids",
        "current_situation_ids",
        "enrolment_ids",
    },
    "ess.situation": {"domain_id", "value_id", "answer", "date_from", "date_to"},
    "ess.situation.domain": {"id", "name", "code"},
    "ess.situation.value": {"id", "name", "code", "class_code", "domain_id"},
    "ess.enrolment": {
        "programme_id",
        "bucket",
        "date_start",
        "date_end",
        "exit_class",
    },
    "ess.programme": {"id", "name", "code", "kind", "parent_id"},
    "res.country": {"id", "name", "code"},
}


class EssProgrammeCriterion(models.Model):
    """One condition to join a programme, with the plain sentence that is shown to a
    person who does not meet it.

    Written by the coordinator with the editor of conditions. What is asked about
    residence status, health or origin decides on nobody's access until the
    data-protection officer has written down why it may: until then the condition is
    kept, shown and not applied. An unconditional programme has none.
    """

    _name = "ess.programme.criterion"
    _description = "Condition of access"
    _order = "programme_id, sequence, id"
    _rec_name = "sentence"

    # === FIELDS
    programme_id = fields.Many2one(
        "ess.programme", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    domain = fields.Char(
        string="Condition",
        required=True,
        default="[]",
        help="Who may join. Each condition of the programme must be met.",
    )
    sentence = fields.Char(
        string="What to say when it is not met",
        required=True,
        translate=True,
        help="One plain sentence for the person, for example “You are between 16 and "
        "25 years old”.",
    )
    is_sensitive = fields.Boolean(
        compute="_compute_is_sensitive",
        help="Asks about residence status, health, origin or what only the follow-up "
        "team reads.",
    )
    is_in_force = fields.Boolean(
        string="Applied",
        compute="_compute_is_sensitive",
        help="A condition on sensitive data is applied once the data-protection "
        "officer has approved it.",
    )
    approval_ground = fields.Char(
        string="Why it is allowed",
        help="Written by the data-protection officer: the text that allows it, or why "
        "the help cannot be given otherwise.",
    )
    approval_user_id = fields.Many2one(
        "res.users", string="Approved by", readonly=True, ondelete="restrict"
    )
    approval_date = fields.Date(string="Approved on", readonly=True)

    # === COMPUTE
    @api.depends("domain", "approval_user_id")
    def _compute_is_sensitive(self):
        for criterion in self:
            try:
                criterion.is_sensitive = criterion._asks_sensitive()
            except ValidationError:
                criterion.is_sensitive = True
            criterion.is_in_force = bool(
                not criterion.is_sensitive or criterion.approval_user_id
            )

    @api.constrains("domain")
    def _check_domain(self):
        for criterion in self:
            domain = criterion._parse()
            if domain.is_true():
                raise ValidationError(
                    self.env._(
                        "Say what “%(sentence)s” asks: choose a field and a value in "
                        "the condition.",
                        sentence=criterion.sentence,
                    )
                )
            for _model, _condition, _inner in criterion._walk(domain):
                pass
            criterion._check_runs(domain)

    @api.constrains("programme_id")
    def _check_unconditional(self):
        self.programme_id._check_no_condition()

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Add conditions; none is born approved."""
        if not self.env.su:
            vals_list = [
                {key: vals[key] for key in vals if key not in APPROVAL_FIELDS}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        """Change conditions; a new question needs a new approval."""
        vals = dict(vals)
        if not self.env.su:
            self.check_access("write")
            vals = self._prepare_approval(vals)
        if "domain" in vals:
            changed = self.filtered(
                lambda criterion: (
                    criterion.domain != vals["domain"] and criterion.approval_user_id
                )
            )
            super(EssProgrammeCriterion, changed).write(
                dict.fromkeys(APPROVAL_FIELDS, False)
            )
        return super().write(vals)

    def _prepare_approval(self, vals):
        """Return the values that this user may write.

        :raises UserError: when somebody else than the officer approves, or when the
            officer changes the condition itself.
        """
        is_officer = self.env.user.has_group(DPO_GROUP)
        if vals.keys() & APPROVAL_FIELDS and not is_officer:
            raise UserError(
                self.env._(
                    "Only the data-protection officer approves a condition on "
                    "sensitive data. Ask them to open it and write why it is allowed."
                )
            )
        vals.pop("approval_user_id", None)
        vals.pop("approval_date", None)
        is_manager = self.env.user.has_group("ess_programmes.group_programmes_manager")
        if vals.keys() - {"approval_ground"} and not is_manager:
            raise UserError(
                self.env._(
                    "You may approve this condition, not change it. Ask the "
                    "coordinator of the programme."
                )
            )
        if "approval_ground" in vals:
            ground = (vals["approval_ground"] or "").strip()
            vals["approval_ground"] = ground or False
            vals["approval_user_id"] = self.env.uid if ground else False
            vals["approval_date"] = self.programme_id[:1]._today() if ground else False
        return vals

    # === BUSINESS
    def _parse(self):
        """Read the condition.

        :rtype: Domain
        :raises ValidationError: when it is not a list of fields and values.
        """
        self.ensure_one()
        text = (self.domain or "[]").strip()
        try:
            value = ast.literal_eval(text) if len(text) <= DOMAIN_MAX else None
            if not isinstance(value, list):
                raise ValueError
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
                    "fixed values and days such as “today”, no formula."
                )
            ) from error

    @api.model
    def _get_allowed_fields(self):
        """Return what conditions may ask, by model. Override to add fields.

        :rtype: dict {model name: set of field names}
        """
        return {model: set(names) for model, names in ALLOWED_FIELDS.items()}

    def _walk(self, domain, model_name="ess.beneficiary"):
        """Yield each condition, those inside links included.

        :return: tuples (model name, condition, what is asked of the linked record or
            None).
        :raises ValidationError: at a field that conditions may not use.
        """
        for condition in domain.iter_conditions():
            name, _dot, rest = condition.field_expr.partition(".")
            field = self.env[model_name]._fields.get(name)
            if field is None or name not in self._get_allowed_fields().get(
                model_name, ()
            ):
                self._refuse_field(model_name, name)
            inner = None
            if field.relational:
                if condition.operator in ("any!", "not any!"):
                    self._refuse_field(model_name, name)
                inner = self._get_inner(condition, rest)
            elif rest:
                self._refuse_field(model_name, condition.field_expr)
            yield model_name, condition, inner
            if inner is not None and (rest or condition.operator in ("any", "not any")):
                yield from self._walk(inner, field.comodel_name)

    @staticmethod
    def _get_inner(condition, rest):
        """Return the condition as seen from the linked record."""
        operator, value = condition.operator, condition.value
        if rest:
            return Domain(rest, operator, value)
        if operator in ("any", "not any"):
            return Domain(value)
        if isinstance(value, str) or "like" in operator:
            return Domain("display_name", operator, value)
        return Domain("id", operator, value)

    def _refuse_field(self, model_name, name):
        model = self.env[model_name]
        allowed = sorted(
            model._fields[key].get_description(self.env, ["string"])["string"]
            for key in self._get_allowed_fields().get(model_name, ())
            if key != "id"
        )
        field = model._fields.get(name.partition(".")[0])
        label = name
        if field:
            label = field.get_description(self.env, ["string"])["string"]
        raise ValidationError(
            self.env._(
                "A condition of access cannot ask about “%(field)s”. You may use: "
                "%(allowed)s.",
                field=label,
                allowed=", ".join(allowed) or "–",
            )
        )

    def _asks_sensitive(self):
        """Tell whether this condition asks what only the officer may allow: residence
        status, health cover, the country, and any situation that it does not name.

        :rtype: bool
        """
        self.ensure_one()
        asked = list(self._walk(self._parse()))
        named = False
        for model_name, condition, inner in asked:
            name = condition.field_expr.partition(".")[0]
            if name == "country_id":
                return True
            if model_name == "ess.situation" and name in ("domain_id", "value_id"):
                named = True
                if self._names_sensitive(name, condition, inner):
                    return True
        asks_situation = any(
            condition.field_expr.partition(".")[0]
            in ("situation_ids", "current_situation_ids")
            for _model, condition, _inner in asked
        )
        return asks_situation and not named

    def _names_sensitive(self, name, condition, inner):
        """Tell whether a condition on a list of situations names, or leaves out, one
        of the sensitive domains.
        """
        comodel = self.env["ess.situation"]._fields[name].comodel_name
        # sudo: lists of values are no secret, and an archived one still counts
        records = self.env[comodel].sudo().with_context(active_test=False)
        if condition.operator.startswith("not ") or condition.operator == "!=":
            return True
        found = records.search(inner)
        domains = found if name == "domain_id" else found.domain_id
        return not found or any(
            domain.is_sensitive or domain.is_team_only for domain in domains
        )

    def _check_runs(self, domain):
        """Compile the condition and let the database plan it, reading no row."""
        # sudo: nothing is read
        people = self.env["ess.beneficiary"].sudo()
        try:
            query = people._search(domain)
            query.add_where("FALSE")
            with self.env.cr.savepoint(flush=False):
                self.env.execute_query(query.select())
        except (AccessError, UserError, ValueError, TypeError, psycopg2.Error) as error:
            raise ValidationError(
                self.env._(
                    "The condition does not work: check that each value fits its field."
                )
            ) from error
