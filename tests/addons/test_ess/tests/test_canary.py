import logging

from odoo import models
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .canary import PLANTED_MODELS, Canaries
from .common import WATCHED, EssSuiteCommon
from .test_public_methods import LIST
from .world import MODEL_CLASSES

_logger = logging.getLogger(__name__)

# core models where something of a file could show
CORE_MODELS = (
    "account.analytic.account",
    "account.analytic.line",
    "account.move.line",
    "bus.bus",
    "calendar.attendee",
    "calendar.event",
    "discuss.channel",
    "ir.attachment",
    "ir.filters",
    "ir.logging",
    "ir.model.data",
    "mail.activity",
    "mail.followers",
    "mail.mail",
    "mail.message",
    "mail.notification",
    "mail.tracking.value",
    "res.company",
    "res.partner",
    "res.users",
    "spreadsheet.dashboard",
    "survey.user_input",
)
VIEW_TYPES = (
    "form",
    "list",
    "kanban",
    "search",
    "pivot",
    "graph",
    "calendar",
    "activity",
)
HIDDEN = ("other_team", "protected", "other_company")
LIMIT = 200


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestCanary(EssSuiteCommon):
    """No word of a hidden file comes out, whatever is asked by whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world.make_all()
        cls.canaries = Canaries(cls.world)
        cls.models = [
            *(name for name in MODEL_CLASSES if name in cls.env),
            *(name for name in CORE_MODELS if name in cls.env.registry),
        ]
        cls.models = list(dict.fromkeys(cls.models))
        cls.env.invalidate_all()
        cls.closed = {
            role: cls.canaries.forbidden(cls.as_user, role) for role in WATCHED
        }

    def setUp(self):
        super().setUp()
        self.answers = 0
        self.leaks = []

    def ask(self, role, path, question, *args, **kwargs):
        """Ask as a role; a refusal is fine, a canary in the answer or in the refusal is
        a leak.
        """
        with self.undone():
            try:
                answer = question(*args, **kwargs)
            except (UserError, RedirectWarning) as refusal:  # AccessError included
                answer = str(refusal)
        self.answers += 1
        for source in self.canaries.found(answer, self.closed[role]):
            self.leaks.append(f"{role}: {path} shows {source}")

    def conclude(self):
        _logger.info("canary: %s answers read", self.answers)
        leaks = sorted(set(self.leaks))
        self.assertFalse(leaks, "\n".join([f"{len(leaks)} leaks:", *leaks]))

    def _readable(self):
        """(role, model as the role sees it) of every model that the role may search."""
        for role in WATCHED:
            for name in self.models:
                model = self.as_user(self.env[name], role)
                if model.has_access("read"):
                    yield role, model

    @staticmethod
    def _fields(model):
        return [
            name
            for name, field in model._fields.items()
            if model._has_field_access(field, "read")
        ]

    def _specification(self, model):
        """Every field, with the name of what it points to."""
        return {
            name: {"fields": {"display_name": {}}}
            if model._fields[name].relational
            else {}
            for name in self._fields(model)
            if model._fields[name].type
            not in ("properties", "many2one_reference", "reference")
        }

    def test_lists_and_forms(self):
        window = {"limit": LIMIT, "order": "id desc"}
        for role, model in self._readable():
            name, names = model._name, self._fields(model)
            shape = self._specification(model)
            self.ask(
                role, f"{name} search_read", model.search_read, [], names, **window
            )
            self.ask(role, f"{name} web", model.web_search_read, [], shape, **window)
            self.ask(role, f"{name} names", model.name_search, "", limit=LIMIT)
        self.conclude()

    def test_groups(self):
        for role, model in self._readable():
            for name in self._fields(model):
                field = model._fields[name]
                if (
                    field.type in ("many2one", "char", "many2many")
                    and name not in models.LOG_ACCESS_COLUMNS
                    and model._name in MODEL_CLASSES
                    and field._description_groupable(self.env)
                ):
                    path = f"{model._name} grouped by {name}"
                    group = model.formatted_read_group
                    self.ask(role, path, group, [], [name], ["__count"], limit=LIMIT)
        self.conclude()

    def _export(self, model, paths):
        return model.search([], limit=LIMIT, order="id desc").export_data(paths)

    def test_exports(self):
        for role, model in self._readable():
            paths = [
                name
                for name in self._fields(model)
                if model._fields[name].type != "properties"
            ]
            paths += [
                f"{name}/display_name"
                for name in paths
                if model._fields[name].relational
            ]
            path = f"export of {model._name}"
            self.ask(role, path, self._export, model, paths)
            if "beneficiary_id" in paths:
                for name in ("ref", "last_name", "phone", "team_user_ids/login"):
                    self.ask(
                        role, path, self._export, model, [f"beneficiary_id/{name}"]
                    )
        self.conclude()

    def test_questions_about_a_word_are_not_answered(self):
        """A search for the words of hidden records finds nothing (no oracle)."""
        for role in WATCHED:
            asked = {}
            for token in self.closed[role]:
                record, name = self.canaries.tokens[token]
                if record._fields[name].store and name != "raw":
                    asked.setdefault((record._name, name), []).append(record.id)
            for (model_name, name), ids in asked.items():
                model = self.as_user(self.env[model_name], role)
                self.answers += 1
                if self._count(model, [(name, "like", "canary"), ("id", "in", ids)]):
                    self.leaks.append(f"{role}: search on {model_name}.{name} answers")
        self.conclude()

    def _count(self, model, domain):
        try:
            return model.search_count(domain)
        except (AccessError, UserError):
            return 0

    def test_order_is_not_an_oracle(self):
        """Sorting by a field that one cannot read is refused."""
        for role, model in self._readable():
            if model._name not in PLANTED_MODELS:
                continue
            for name, field in model._fields.items():
                if (
                    field.store
                    and field.column_type
                    and not model._has_field_access(field, "read")
                ):
                    with (
                        self.assertRaises(
                            AccessError, msg=f"{role} sorts {model._name} by {name}"
                        ),
                        self.undone(),
                    ):
                        model.search_fetch([], ["id"], order=name, limit=1)

    def test_views(self):
        asked = [(False, kind) for kind in VIEW_TYPES]
        options = {"toolbar": True, "load_filters": True}
        for role, model in self._readable():
            if model._name not in CORE_MODELS:
                self.ask(role, f"{model._name} views", model.get_views, asked, options)
        self.conclude()

    def test_new_forms_do_not_tell(self):
        """A new record that points to a hidden one shows nothing of it (related fields
        run as superuser).
        """
        for role, model in self._readable():
            if not model._name.startswith("ess."):
                continue
            shape = self._specification(model)
            for name, field in model._fields.items():
                if field.type == "many2one" and field.comodel_name in MODEL_CLASSES:
                    for hidden in self._hidden_ids(field.comodel_name):
                        path = f"{model._name}.onchange({name})"
                        values = {name: hidden}
                        self.ask(role, path, model.onchange, values, [name], shape)
                        started = model.with_context({f"default_{name}": hidden})
                        self.ask(role, path, started.onchange, {}, [], shape)
        self.conclude()

    def _hidden_ids(self, model):
        return [
            self.world.record(model, kind).id
            for kind in HIDDEN
            if self.world.has(model, kind)
        ]

    def test_public_methods_on_hidden_records(self):
        """Each button pressed on a record that one cannot read is refused, or changes
        nothing.
        """
        methods = [
            line.rsplit(".", 1)
            for line in LIST.read_text(encoding="utf-8").splitlines()
            if line.startswith("ess.")
        ]
        for role in WATCHED:
            for model_name, method in methods:
                if model_name not in MODEL_CLASSES:
                    continue
                for kind in MODEL_CLASSES[model_name]:
                    record = self.world.record(model_name, kind)
                    if kind != "own" and not self.as_user(record, role).has_access(
                        "read"
                    ):
                        self._press(role, record, method)
        self.conclude()

    def _press(self, role, record, method):
        before = self._row(record)
        with self.undone():
            try:
                answer = getattr(self.as_user(record, role), method)()
                self.env.flush_all()
            except TypeError:
                answer = ""  # needs arguments: covered where it is tested
            except (UserError, RedirectWarning) as refusal:
                answer = str(refusal)
            after = self._row(record)
        self.answers += 1
        if before != after:
            self.leaks.append(
                f"{role}: {record._name}.{method} changed a hidden record"
            )
        for source in self.canaries.found(answer, self.closed[role]):
            self.leaks.append(f"{role}: {record._name}.{method} shows {source}")

    def _row(self, record):
        self.env.cr.execute(
            f'SELECT t::text FROM "{record._table}" t WHERE id = %s', [record.id]
        )
        return self.env.cr.fetchall()

    def _print(self, role, report, record):
        engine = self.as_user(self.env["ir.actions.report"], role)
        return engine._render_qweb_html(report.report_name, record.ids)[0]

    def test_reports(self):
        """Every report, asked for every record of the world: nothing of a hidden file
        is printed.
        """
        reports = self.env["ir.actions.report"].search(
            [("model", "in", list(MODEL_CLASSES))]
        )
        for role in WATCHED:
            for report in reports:
                for kind in self.world.classes(report.model):
                    record = self.world.record(report.model, kind)
                    path = f"report {report.report_name}"
                    self.ask(role, path, self._print, role, report, record)
        self.conclude()

    def test_chatter(self):
        for role in WATCHED:
            for kind in HIDDEN:
                person = self.as_user(self.world.record("ess.beneficiary", kind), role)
                suggested = person._message_get_suggested_recipients
                self.ask(role, "suggested recipients", suggested)
                data = person.env["mail.activity"].get_activity_data
                domain = [("id", "=", person.id)]
                self.ask(
                    role, "activities", data, "ess.beneficiary", domain, 10, 0, False
                )
                self.ask(role, "systray", person.env["res.users"]._get_activity_groups)
        self.conclude()
