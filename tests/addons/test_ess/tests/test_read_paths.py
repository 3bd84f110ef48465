import logging

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import QUIET, WATCHED, EssSuiteCommon
from .world import MODEL_CLASSES

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestReadPaths(EssSuiteCommon):
    """Whatever the path, a role reads the same records: search, counts, groups, names,
    exports, relations.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.refuse_plainly()
        cls.world.make_all()
        cls.all_ids = {
            model: [cls.world.record(model, kind).id for kind in kinds]
            for model, kinds in MODEL_CLASSES.items()
            if model in cls.env
        }

    def _paths(self, model, ids):
        """The id set that each read path gives for these candidates: ``{path: set of
        ids}``.
        """
        domain = [("id", "in", ids)]
        found = model.search(domain)
        rows = model.web_search_read(domain, {"id": {}})
        groups = model.formatted_read_group(domain, ["id"], ["__count"])
        return {
            "search": set(found.ids),
            "search_count": model.search_count(domain),
            "search_read": {row["id"] for row in model.search_read(domain, ["id"])},
            "web_search_read": {row["id"] for row in rows["records"]},
            "web_search_read length": rows["length"],
            "_read_group": {
                record.id for [record] in model._read_group(domain, ["id"])
            },
            "_read_group count": model._read_group(domain, [], ["__count"])[0][0],
            "formatted_read_group": sum(group["__count"] for group in groups),
            "name_search": {
                row[0] for row in model.name_search("", domain, limit=None)
            },
            "filtered_access": set(model.browse(ids)._filtered_access("read").ids),
        } | self._export_path(found)

    def _export_path(self, found):
        """Ids in an export, where the role may export at all."""
        try:
            rows = found.export_data([".id"])["datas"]
        except UserError:
            return {}
        return {"export_data": {int(row[0]) for row in rows}}

    def _check_role(self, model_name, role):
        """All paths agree; without any right on the model, all refuse."""
        model = self.as_user(self.env[model_name], role)
        ids = self.all_ids[model_name]
        if not model.has_access("read"):
            for path in (model.search, model.search_count, model.search_read):
                try:
                    answer = path([("id", "in", ids)])
                except AccessError:
                    continue
                self.assertFalse(answer, f"{model_name} / {role}")
            return 0
        paths = self._paths(model, ids)
        expected = paths["search"]
        if model_name == "mail.activity":
            # Odoo opens any activity of a document that one reads, and lists fewer
            del paths["filtered_access"]
            ids = []
        for path, answer in paths.items():
            wanted = len(expected) if isinstance(answer, int) else expected
            self.assertEqual(answer, wanted, f"{model_name} / {role} / {path}")
        hidden = sorted(set(ids) - expected)
        for record_id in hidden:
            self._check_hidden(model, record_id, f"{model_name} / {role}")
        return len(paths) + len(hidden)

    def _check_hidden(self, model, record_id, message):
        """A hidden record answers to nothing, even when its id is known."""
        record = model.browse(record_id)
        for path in (
            lambda: record.read(["id", "display_name"]),
            lambda: record.web_read({"display_name": {}}),
            lambda: record.export_data([".id", "display_name"]),
            lambda: self._cold(record).copy_data(),
            lambda: record.name_search("", [("id", "=", record_id)])
            and record.display_name,
        ):
            try:
                answer = path()
            except UserError:  # AccessError, or no right to export at all
                continue
            self.assertFalse(answer, message)

    @staticmethod
    def _cold(record):
        """The record as a call from outside finds it: nothing of it in cache."""
        record.invalidate_recordset()
        return record

    @mute_logger(*QUIET)
    def test_every_path_gives_the_same_records(self):
        compared = 0
        for role in WATCHED:
            for model_name in self.all_ids:
                with self.subTest(role=role, model=model_name):
                    # cold, then with everything in cache as superuser
                    records = self.env[model_name].browse(self.all_ids[model_name])
                    records.invalidate_recordset()
                    compared += self._check_role(model_name, role)
                    records.read()
                    compared += self._check_role(model_name, role)
        _logger.info("read paths: %s answers compared", compared)

    def test_relations_give_nothing_more(self):
        """From what a role may read, x2many fields lead only to what it may read."""
        for role in WATCHED:
            for model_name in self.all_ids:
                model = self.as_user(self.env[model_name], role)
                if not model.has_access("read"):
                    continue
                records = model.search([("id", "in", self.all_ids[model_name])])
                for name, field in model._fields.items():
                    if (
                        field.type in ("one2many", "many2many")
                        and field.comodel_name in MODEL_CLASSES
                        and model._has_field_access(field, "read")
                    ):
                        self._check_relation(records, name, field, role)

    def _check_relation(self, records, name, field, role):
        target = self.as_user(self.env[field.comodel_name], role)
        for values in records.web_read({name: {}}):
            linked = set(values[name])
            allowed = set(target.browse(linked)._filtered_access("read").ids)
            self.assertEqual(
                linked,
                allowed,
                f"{records._name}.{name} shows hidden records to {role}",
            )

    def test_domains_do_not_answer_about_hidden_records(self):
        """No domain through a relation tells what a hidden file says."""
        hidden = self.world.record("ess.beneficiary", "protected")
        for role in WATCHED:
            for model_name in self.all_ids:
                model = self.as_user(self.env[model_name], role)
                if not model.has_access("read"):
                    continue
                for name, field in model._fields.items():
                    if (
                        field.relational
                        and field.comodel_name == "ess.beneficiary"
                        and field._description_searchable
                        and model._has_field_access(field, "read")
                    ):
                        domain = [
                            (f"{name}.last_name", "=", hidden.last_name),
                            ("id", "in", self.all_ids[model_name]),
                        ]
                        where = f"{model_name}.{name} answers to {role}"
                        self.assertFalse(self._search(model, domain), where)

    def _search(self, model, domain):
        try:
            return model.search(domain)
        except AccessError:
            return model
