"""A small invented world: for each model of the suite, one record per class of the
access table.

Classes: *own*: the user is in the team of the person and of the programme;
*other_team*: same association, another team; *protected*: a protected file of another
team, met in the user's own programme; *other_company*: another association of the same
database. The values of each room are in the `world_*.py` beside this file.
"""

from itertools import count

from odoo import fields, models
from odoo.fields import Command

from .world_activity import ActivityValues
from .world_house import HouseValues
from .world_ledger import LedgerValues
from .world_money import EffectValues, MoneyValues
from .world_notes import NoteValues
from .world_people import PeopleValues
from .world_person import PersonValues
from .world_rights import RightsValues
from .world_volunteer import VolunteerValues

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
    "ess.goal.step": FACT,
    "ess.duplicate": FACT,
    "ess.merge": FACT,
    "ess.merge.change": FACT,
    "ess.household": FACT,
    "ess.household.member": FACT,
    "ess.relation": FACT,
    "ess.guardian": FACT,
    "ess.note": FACT,
    "ess.note.version": FACT,
    "ess.memo": FACT,
    "ess.document": FACT,
    "ess.copy.exclusion": FACT,
    "ess.file.copy": TEAM,
    "ess.file.copy.line": FACT,
    "ess.retention.rule": COMPANY,
    "ess.retention.run": COMPANY,
    "ess.retention.line": FACT,
    "ess.rights.request": FACT,
    "ess.processing": COMPANY,
    "ess.consent": FACT,
    "ess.share": FACT,
    "ess.complaint": FACT,
    "ess.share.frame": LIST,
    "ess.note.template": LIST,
    "ess.document.type": LIST,
    "ess.security.event": LIST,
    "ess.situation.domain": LIST,
    "ess.situation.value": LIST,
    "ess.goal.theme": LIST,
    "ess.code": LIST,
    "ess.profile": LIST,
    "ess.import": TEAM,
    "ess.import.row": TEAM,
    "ess.import.mapping": TEAM,
    "ess.import.template": COMPANY,
    # who reads files
    "ess.access.log": FACT,
    "ess.access.seal": LIST,
    "ess.access.reason": COMPANY,
    "ess.access.contest": FACT,
    "ess.emergency.access": FACT,
    "ess.handover": TEAM,
    # activity
    "ess.programme": TEAM,
    "ess.programme.criterion": TEAM,
    "ess.cohort": TEAM,
    "ess.session": TEAM,
    "ess.enrolment": FACT,
    "ess.enrolment.batch": TEAM,
    "ess.enrolment.snapshot": FACT,
    "ess.enrolment.snapshot.line": FACT,
    "ess.presence": FACT,
    "ess.closed.day": COMPANY,
    "ess.session.series": TEAM,
    "ess.session.sheet": FACT,
    "ess.request": FACT,
    "ess.request.type": LIST,
    "ess.volunteer": COMPANY,
    "ess.volunteer.availability": COMPANY,
    "ess.volunteer.absence": COMPANY,
    "ess.volunteer.paper": COMPANY,
    "ess.cec.rule": LIST,
    "ess.volunteer.hours": COMPANY,
    "ess.presence.correction": COMPANY,
    "ess.session.need": TEAM,
    "ess.signup": COMPANY,
    "ess.paper.type": LIST,
    "ess.mission.type": LIST,
    "ess.skill": LIST,
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
    "ess.call": COMPANY,
    "ess.application": COMPANY,
    "ess.application.answer": COMPANY,
    "ess.application.stage": LIST,
    "ess.answer": COMPANY,
    "ess.platform": LIST,
    "ess.platform.field": LIST,
    "ess.fec.code": COMPANY,
    "ess.observer": COMPANY,
    "ess.funder.question": COMPANY,
    "ess.overhead.key": COMPANY,
    "ess.overhead.key.line": COMPANY,
    "ess.accounts.layout": LIST,
    "ess.cerfa.line": LIST,
    "ess.take.over": COMPANY,
    "ess.take.over.line": COMPANY,
    "ess.grant.cap": COMPANY,
    "ess.payroll": COMPANY,
    "ess.payroll.employee": COMPANY,
    "ess.payroll.key": COMPANY,
    "ess.payroll.line": COMPANY,
    "ess.grant.nature": LIST,
    "ess.funding.action": COMPANY,
    "ess.budget": COMPANY,
    "ess.budget.line": COMPANY,
    "ess.grant": COMPANY,
    "ess.grant.share": COMPANY,
    "ess.grant.tranche": COMPANY,
    "ess.grant.instalment": COMPANY,
    "ess.grant.amendment": COMPANY,
    "ess.in.kind": COMPANY,
    "ess.volunteer.rate": COMPANY,
    "ess.expense.waiver": COMPANY,
    "ess.expense.waiver.line": COMPANY,
    "ess.mileage.rate": LIST,
    "ess.year.end": COMPANY,
    "ess.year.end.line": COMPANY,
    "ess.year.end.sheet": COMPANY,
    "ess.funder.report": COMPANY,
    "ess.funder.report.line": COMPANY,
    "ess.funder.report.gap": COMPANY,
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


class World(
    HouseValues,
    PeopleValues,
    RightsValues,
    NoteValues,
    PersonValues,
    LedgerValues,
    ActivityValues,
    EffectValues,
    MoneyValues,
    VolunteerValues,
):
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
            return self._vals_wizard(model, kind)
        return factory(kind)

    def _vals_wizard(self, model, kind):
        """Values of a wizard: what it must have and does not find by itself."""
        wizard = self.env[model]
        missing = [
            (name, field)
            for name, field in wizard._fields.items()
            if field.required
            and field.store
            and not field.compute
            and not field.default
        ]
        return {name: self._value_wizard(field, kind) for name, field in missing}

    def _value_wizard(self, field, kind):
        if field.type == "selection":
            return field.get_values(self.env)[0]
        if not field.relational:
            plain = {"date": fields.Date.today(), "binary": b"eA=="}
            return plain.get(field.type, "1")
        target = self.env[field.comodel_name]
        if target._transient:
            value = target.create(self.vals(target._name, kind)).id
        else:
            value = self.record(target._name, kind).id
        return [Command.link(value)] if field.type == "many2many" else value

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
