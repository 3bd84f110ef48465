"""A small invented world: for each model of the suite, one record per class of the
access table.

Classes: *own*: the user is in the team of the person and of the programme;
*other_team*: same
association, another team; *protected*: a protected file of another team, met in the
user's own
programme; *other_company*: another association of the same database.
"""

from datetime import datetime
from itertools import count

from odoo import Command, fields, models

# classes of records, as the columns of the access table
CLASSES = ("own", "other_team", "protected", "other_company")
FACT = CLASSES
TEAM = ("own", "other_team", "other_company")
COMPANY = ("own", "other_company")
LIST = ("own",)
# core models that hold what our files say
EXTENDED_MODELS = ("ir.attachment", "mail.activity", "mail.message", "res.partner")
# stored models, with the classes that exist for them; wizards have only their user's
# own
MODEL_CLASSES = {
    # people
    "ess.beneficiary": FACT,
    "ess.followup": FACT,
    "ess.situation": FACT,
    "ess.life.project": FACT,
    "ess.goal": FACT,
    "ess.duplicate": FACT,
    "ess.situation.domain": LIST,
    "ess.situation.value": LIST,
    "ess.goal.theme": LIST,
    "ess.code": LIST,
    "ess.profile": LIST,
    "ess.import": TEAM,
    "ess.import.row": TEAM,
    "ess.import.mapping": TEAM,
    # activity
    "ess.programme": TEAM,
    "ess.cohort": TEAM,
    "ess.session": TEAM,
    "ess.enrolment": FACT,
    "ess.presence": FACT,
    "ess.volunteer": COMPANY,
    "ess.territory": COMPANY,
    "ess.enrolment.stage": LIST,
    "ess.exit.reason": LIST,
    "ess.refusal.reason": LIST,
    "ess.unit": LIST,
    # effect
    "ess.indicator": COMPANY,
    "ess.indicator.value": COMPANY,
    "ess.indicator.target": COMPANY,
    "ess.indicator.version": COMPANY,
    # money
    "ess.cerfa.line": LIST,
    "ess.grant.nature": LIST,
    "ess.funding.action": COMPANY,
    "ess.budget": COMPANY,
    "ess.budget.line": COMPANY,
    "ess.grant": COMPANY,
    "ess.grant.share": COMPANY,
    "ess.funder.report": COMPANY,
    "ess.funder.report.line": COMPANY,
    # core
    "ir.attachment": FACT,
    "mail.activity": FACT,
    "mail.message": FACT,
    "res.partner": FACT,
}
WRITABLE_TYPES = (
    "char",
    "text",
    "html",
    "boolean",
    "integer",
    "float",
    "monetary",
    "date",
    "selection",
    "many2one",
)


class World:
    """Makes records and values of each class, as superuser.

    :param env: superuser environment
    :param team: users who are in the team of what is *own*
    :param stranger: user of another team; ``stranger_2``: user of the other association
    """

    def __init__(self, env, company, company_2, team, stranger, stranger_2):
        self.env = env(
            context=dict(
                env.context,
                tracking_disable=True,
                mail_create_nolog=True,
                allowed_company_ids=[company.id, company_2.id],
                active_test=False,
            )
        )
        self.company, self.company_2 = company, company_2
        self.team, self.stranger, self.stranger_2 = team, stranger, stranger_2
        self.user = team[:1]  # whose wizards are made
        self.numbers = count(1)
        self._records = {}

    # === WHAT THE TESTS ASK

    def has(self, model, kind):
        """Whether this class of record exists for the model."""
        return kind in self.classes(model)

    def classes(self, model):
        """Classes of a model; an unknown model fails here, to get a factory."""
        if self.env[model]._transient:
            return LIST
        if model not in MODEL_CLASSES:
            raise AssertionError(
                f"{model} is not in the access table's world: add it to world.py"
            )
        return MODEL_CLASSES[model]

    def record(self, model, kind):
        """The one record of this model and class."""
        if (model, kind) not in self._records:
            record = self.env[model].create(self.vals(model, kind))
            self.env.flush_all()
            self._records[model, kind] = record
        return self._records[model, kind]

    def make_all(self):
        """Make every record of the world now, so that savepoints do not undo them."""
        for model, kinds in MODEL_CLASSES.items():
            for kind in kinds if model in self.env else ():
                self.record(model, kind)

    def vals(self, model, kind):
        """Values for a new record of this model and class, with parents of its own."""
        factory = getattr(self, "_vals_" + model.replace(".", "_"), None)
        if factory is None and self.env[model]._transient:
            return {}
        return factory(kind)

    def write_field(self, record):
        """A plain field that this user could write with the value it already has."""
        for name in ("name", "note", "words", "summary", "subject", "sequence"):
            if name in record._fields and self._is_plain(record, name):
                return name
        plain = [name for name in record._fields if self._is_plain(record, name)]
        # links last: pointing elsewhere may ask for more than writing on the record
        plain.sort(key=lambda name: record._fields[name].relational)
        return plain[0] if plain else "id"

    def _is_plain(self, record, name):
        field = record._fields[name]
        return (
            field.store
            and field.type in WRITABLE_TYPES
            and not field.compute
            and not field.related
            and not field.readonly
            and name not in models.MAGIC_COLUMNS
            and (record.env.su or record._has_field_access(field, "write"))
        )

    # === SCOPES

    def users(self, kind):
        """Users in the team of a class."""
        return {"own": self.team, "other_company": self.stranger_2}.get(
            kind, self.stranger
        )

    def company_of(self, kind):
        return self.company_2 if kind == "other_company" else self.company

    def where(self, kind):
        """Whose programme a fact of this class happens in: protected people come to
        ours too.
        """
        return "own" if kind == "protected" else kind

    def person(self, kind):
        """A new file of this class."""
        return (
            self.env["ess.beneficiary"]
            .with_company(self.company_of(kind))
            .create(self._vals_ess_beneficiary(kind))
        )

    def programme(self, kind):
        """A new programme of this class."""
        return (
            self.env["ess.programme"]
            .with_company(self.company_of(kind))
            .create(self._vals_ess_programme(kind))
        )

    def session(self, kind):
        """A new session of this class."""
        return self.env["ess.session"].create(self._vals_ess_session(kind))

    def _new(self, model, kind):
        return self.env[model].create(self.vals(model, kind))

    def _partner(self):
        return self.env["res.partner"].create(
            {"name": f"Contact inventé {next(self.numbers)}"}
        )

    # === PEOPLE

    def _vals_ess_beneficiary(self, kind):
        number = next(self.numbers)
        vals = {
            "last_name": f"Inventé{number}",
            "first_name": "Camille",
            "company_id": self.company_of(kind).id,
            "followup_ids": [
                Command.create({"user_id": user.id, "role": "social_worker"})
                for user in self.users(kind)
            ],
        }
        if kind == "protected":
            vals.update(is_protected=True, protection_reason="violence")
        return vals

    def _vals_ess_followup(self, kind):
        return {
            "beneficiary_id": self.person(kind).id,
            "partner_id": self._partner().id,
            "role": "relative",
        }

    def _vals_ess_situation(self, kind):
        value = self.env["ess.situation.value"].search(
            [("domain_id.active", "=", True)], limit=1
        )
        return {
            "beneficiary_id": self.person(kind).id,
            "domain_id": value.domain_id.id,
            "value_id": value.id,
            "date_from": fields.Date.today(),
            "note": "note",
        }

    def _vals_ess_life_project(self, kind):
        return {
            "beneficiary_id": self.person(kind).id,
            "words": "Mes mots",
            "date": fields.Date.today(),
        }

    def _vals_ess_goal(self, kind):
        project = self._new("ess.life.project", kind)
        theme = self.env["ess.goal.theme"].search([], limit=1)
        return {"life_project_id": project.id, "theme_id": theme.id, "words": "Un toit"}

    def _vals_ess_duplicate(self, kind):
        first, second = sorted([self.person(kind).id, self.person(kind).id])
        return {
            "beneficiary_id": first,
            "duplicate_id": second,
            "company_id": self.company_of(kind).id,
            "score": 0.9,
        }

    def _vals_ess_situation_domain(self, _kind):
        return {"code": f"d{next(self.numbers)}", "name": "Domaine"}

    def _vals_ess_situation_value(self, _kind):
        domain = self._new("ess.situation.domain", "own")
        return {
            "domain_id": domain.id,
            "code": f"v{next(self.numbers)}",
            "name": "Valeur",
        }

    def _vals_ess_goal_theme(self, _kind):
        return {"code": f"t{next(self.numbers)}", "name": "Thème"}

    def _vals_ess_code(self, _kind):
        return {"scheme": "public", "code": f"c{next(self.numbers)}", "name": "Code"}

    def _vals_ess_profile(self, _kind):
        return {"name": "Profil", "code": f"p{next(self.numbers)}"}

    def _importer(self, kind):
        """Who brought a list in: what is *own* for an importer."""
        users = self.users(kind)
        own = users.filtered(
            lambda user: user.has_group("ess_beneficiary.group_beneficiary_import")
        )
        return (own or users)[:1].id

    def _vals_ess_import(self, kind):
        return {
            "company_id": self.company_of(kind).id,
            "user_id": self._importer(kind),
        }

    def _vals_ess_import_row(self, kind):
        return {
            "import_id": self._new("ess.import", kind).id,
            "company_id": self.company_of(kind).id,
            "user_id": self._importer(kind),
            "number": next(self.numbers),
            "outcome": "new",
        }

    def _vals_ess_import_mapping(self, kind):
        return {
            "import_id": self._new("ess.import", kind).id,
            "header": f"Colonne {next(self.numbers)}",
        }

    # === ACTIVITY

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

    def _vals_ess_presence(self, kind):
        return {
            "session_id": self.session(kind).id,
            "beneficiary_id": self.person(kind).id,
            "state": "present",
        }

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

    # === EFFECT

    def _vals_ess_indicator(self, kind):
        number = next(self.numbers)
        return {
            "name": f"Indicateur {number}",
            "code": f"i{number}",
            "definition": "Ce que l'on compte.",
            "source": "presence",
            "aggregate": "count",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_indicator_value(self, kind):
        return {
            "indicator_id": self._new("ess.indicator", kind).id,
            "version": 1,
            "value": 12,
            "date_from": "2026-01-01",
            "date_to": "2026-01-31",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_indicator_target(self, kind):
        return {
            "indicator_id": self._new("ess.indicator", kind).id,
            "target": 12,
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_indicator_version(self, kind):
        indicator = self._new("ess.indicator", kind)
        return {"indicator_id": indicator.id, "version": 99, "kind": "aggregate"}

    # === MONEY

    def _vals_ess_cerfa_line(self, _kind):
        return {
            "code": f"z{next(self.numbers)}",
            "name": "Ligne",
            "side": "charge",
            "section": "60",
        }

    def _vals_ess_grant_nature(self, _kind):
        return {"code": f"n{next(self.numbers)}", "name": "Nature"}

    def _vals_ess_funding_action(self, kind):
        return {
            "name": f"Action {next(self.numbers)}",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_budget(self, kind):
        return {
            "action_id": self._new("ess.funding.action", kind).id,
            "name": "Budget",
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
        }

    def _vals_ess_budget_line(self, kind):
        line = self.env["ess.cerfa.line"].search([("is_heading", "=", False)], limit=1)
        return {
            "budget_id": self._new("ess.budget", kind).id,
            "cerfa_line_id": line.id,
            "amount": 100,
        }

    def _vals_ess_grant(self, kind):
        return {
            "name": f"Subvention {next(self.numbers)}",
            "funder_id": self._partner().id,
            "company_id": self.company_of(kind).id,
            "amount": 1000,
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
        }

    def _vals_ess_grant_share(self, kind):
        return {
            "grant_id": self._new("ess.grant", kind).id,
            "action_id": self._new("ess.funding.action", kind).id,
            "amount": 10,
        }

    def _vals_ess_funder_report(self, kind):
        return {
            "grant_id": self._new("ess.grant", kind).id,
            "date_from": "2026-01-01",
            "date_to": "2026-06-30",
        }

    def _vals_ess_funder_report_line(self, kind):
        return {
            "report_id": self._new("ess.funder.report", kind).id,
            "key": f"k{next(self.numbers)}",
            "section": "what",
            "label": "Séances",
        }

    def _vals_ess_cost_assign(self, kind):
        action = self._new("ess.funding.action", kind)
        return {"action_id": action.id, "line_ids": [Command.set([])]}

    def _vals_ess_funding_statement(self, kind):
        return {"action_id": self._new("ess.funding.action", kind).id}

    def _vals_ess_funding_statement_line(self, kind):
        statements = self.env["ess.funding.statement"].with_user(self.user).sudo()
        statement = statements.create(self._vals_ess_funding_statement(kind))
        return {"statement_id": statement.id, "kind": "line", "label": "Ligne"}

    def _vals_ess_indicator_compute(self, kind):
        indicators = self._new("ess.indicator", kind)
        return {"indicator_ids": [Command.set(indicators.ids)]}

    # === CORE MODELS ON A FILE

    def _vals_ir_attachment(self, kind):
        return {
            "name": "piece.txt",
            "raw": b"contenu",
            "res_model": "ess.beneficiary",
            "res_id": self.person(kind).id,
        }

    def _vals_mail_activity(self, kind):
        return {
            "res_model_id": self.env["ir.model"]._get_id("ess.beneficiary"),
            "res_id": self.person(kind).id,
            "summary": "Rappeler",
            "user_id": self.users(kind).filtered(self._is_worker)[:1].id,
        }

    @staticmethod
    def _is_worker(user):
        return user.has_group("ess_beneficiary.group_beneficiary_officer")

    def _vals_mail_message(self, kind):
        return {
            "model": "ess.beneficiary",
            "res_id": self.person(kind).id,
            "body": "note interne",
            "message_type": "comment",
            "subtype_id": self.env.ref("mail.mt_note").id,
            "author_id": self.stranger.partner_id.id,
        }

    def _vals_res_partner(self, kind):
        """A mask, as the file makes it for a login."""
        return self.person(kind)._prepare_mask_values()
