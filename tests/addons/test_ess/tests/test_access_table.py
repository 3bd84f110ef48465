import logging
import os

from odoo.tests import TransactionCase, tagged

from . import access_table
from .access_table import LETTERS, cell
from .common import EssSuiteCommon, role_groups
from .world import CLASSES, EXTENDED_MODELS

_logger = logging.getLogger(__name__)

# roles for whom the words of every refusal are made: they must not break down
HEARD = ("contacts", "beneficiary_officer", "funding_officer")


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestAccessTable(EssSuiteCommon):
    """Role × model × class of record × create, read, write, delete: asserted
    completely, by doing it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.refuse_plainly(but_to=HEARD)
        cls.world.make_all()
        # looked at once for all wizards that read it
        cls.env["account.chart.template"]._get_chart_template_mapping(get_all=True)

    def _models(self):
        """Models of the table: every stored model of ours, and the core models that
        hold our facts.
        """
        ours = sorted(
            name
            for name, model in self.env.registry.items()
            if name.startswith("ess.") and not model._abstract
        )
        return [*ours, *EXTENDED_MODELS]

    def _observed(self):
        """The table as the code gives it today."""
        return {
            (model, role): {
                kind: self._cell(model, role, kind)
                for kind in CLASSES
                if self.world.has(model, kind)
            }
            for model in self._models()
            for role in self.roles
        }

    def _cell(self, model, role, kind):
        """Allowed letters for one cell.

        A wizard belongs to its user: it is made for the cell, and undone with it.
        """
        if not self.env[model]._transient:
            return self._tried(model, role, kind)
        with self.undone():
            self.world.user = self.users[role]
            wizards = self.env[model].with_user(self.users[role]).sudo()
            vals = self.world.vals(model, kind)
            self.env.flush_all()  # parents find their lines before this one comes
            self.wizard = wizards.create(vals)
            return self._tried(model, role, kind)

    def _tried(self, model, role, kind):
        """Allowed letters for one cell; nothing can be done that asking refuses.

        Doing may be refused where asking is not: to enrol someone, one must also be
        able to read the file.

        A profile is a sum of groups: what it may do is asked, not done again.
        """
        asked = self._asked(model, role, kind)
        if role.startswith("profile_"):
            return cell(asked)
        done = {letter for letter in LETTERS if self._can(letter, model, role, kind)}
        if self._has_right(model, role, "create"):
            # asked of a record that another has written, done in one's own name
            asked |= {"C"}
        if done - asked:
            self.disagreements.append(
                f"{model} / {role} / {kind}: done {cell(done)}, asked {cell(asked)}"
            )
        return cell(done)

    def _can(self, letter, model, role, kind):
        """Whether doing it works; what a role may not do on a model at all is tried on
        its first record only: no other record is looked at before that refusal.
        """
        operation = LETTERS[letter]
        if (model, role, letter) in self.refused:
            return False
        works = getattr(self, f"_can_{operation}")(model, role, kind)
        if not works and not self._has_right(model, role, operation):
            self.refused.add((model, role, letter))
        return works

    def _has_right(self, model, role, operation):
        rights = self.env["ir.model.access"].with_user(self.users[role])
        return rights.check(model, operation, raise_exception=False)

    def _target(self, model, role, kind):
        """The record of a cell as the role sees it."""
        is_wizard = self.env[model]._transient
        record = self.wizard if is_wizard else self.world.record(model, kind)
        return self.as_user(record, role)

    def _asked(self, model, role, kind):
        """Letters that `has_access` gives on the record."""
        asked = self._letters(self._target(model, role, kind))
        # masks are made by their file only, whatever the rights on contacts
        return frozenset(asked - {"C"} if model == "res.partner" else asked)

    @staticmethod
    def _letters(record):
        return {
            letter
            for letter, operation in LETTERS.items()
            if record.has_access(operation)
        }

    def _can_create(self, model, role, kind):
        """Vals are made as superuser before, inside the same savepoint."""
        if model == "res.partner":
            return False  # asserted by test_contact_user_cannot_make_a_mask

        def create():
            self.world.user = self.users[role]
            records = self.as_user(self.env[model], role)
            # without any right on the model, values do not matter
            vals = self.world.vals(model, kind) if records.has_access("create") else {}
            self.env.flush_all()
            records.create(vals)

        return self.is_allowed(create, strict=True)

    def _can_read(self, model, role, kind):
        rows = []

        def read():
            record = self._target(model, role, kind)
            rows.extend(record.read(["create_date" if record._log_access else "id"]))

        # a hidden file reads as one that never was: nothing
        return self.is_allowed(read) and bool(rows)

    def _can_write(self, model, role, kind):
        def write():
            record = self._target(model, role, kind)
            name = self.world.write_field(record)
            field = record._fields[name]
            value = field.convert_to_write(record.sudo()[name], record)
            record.write({name: value} if name != "id" else {})

        return self.is_allowed(write)

    def _can_unlink(self, model, role, kind):
        return self.is_allowed(lambda: self._target(model, role, kind).unlink())

    def test_table_is_what_the_code_gives(self):
        self.disagreements, self.refused = [], set()
        observed = self._observed()
        if path := os.environ.get("ESS_ACCESS_TABLE_OUT"):
            access_table.write(observed, path)
        cells = sum(4 * len(kinds) for kinds in observed.values())
        _logger.info("access table: %s cells asserted", cells)
        found = access_table.differences(access_table.read(), observed)
        self.assertFalse(found, "\n".join([f"{len(found)} differences:", *found]))
        self.assertFalse(self.disagreements, "\n".join(self.disagreements))

    def test_every_class_that_applies_is_in_the_world(self):
        """A fact on a person has all classes; a record with a company exists in the
        other company.
        """
        for model in self._models():
            names = self.env[model]._fields
            if self.env[model]._transient or model in EXTENDED_MODELS:
                continue
            if "beneficiary_id" in names or model == "ess.beneficiary":
                for kind in CLASSES:
                    self.assertTrue(self.world.has(model, kind), f"{model}: {kind}")
            if "company_id" in names:
                self.assertTrue(self.world.has(model, "other_company"), model)


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestAccessTableIsComplete(TransactionCase):
    """Nothing of ours is left out of the table."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = access_table.read()

    def test_every_role_is_in_the_table(self):
        self.assertEqual(
            {role for _model, role in self.table}, set(role_groups(self.env))
        )

    def test_every_model_has_a_row_for_every_role(self):
        models = {model for model, _role in self.table}
        roles = {role for _model, role in self.table}
        self.assertEqual(len(self.table), len(models) * len(roles))

    def test_every_profile_gives_the_groups_of_the_table(self):
        expected = access_table.read_profiles()
        data = self.env["ir.model.data"].search([("model", "=", "ess.profile")])
        observed = {}
        for row in data:
            profile = self.env["ess.profile"].browse(row.res_id)
            ids = profile.group_ids.get_external_id().values()
            observed[row.name.removeprefix("profile_")] = sorted(ids)
        self.assertEqual(observed, expected)
