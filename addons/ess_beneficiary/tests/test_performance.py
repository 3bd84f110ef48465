from datetime import date, timedelta

from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged

from .common import EssBeneficiaryCommon


def read_specification(model, arch):
    """Return what the web client asks `web_read` for a form, from its description.

    :param model: the empty recordset
    :param arch: etree node of the view
    """
    specification = {}
    for node in arch.iter("field"):
        name = node.get("name")
        if any(parent.tag == "field" for parent in node.iterancestors()):
            continue
        field = model._fields[name]
        specification[name] = {}
        if field.type == "many2one":
            specification[name] = {"fields": {"display_name": {}}}
        elif field.type in ("one2many", "many2many") and len(node):
            sub = read_specification(model.env[field.comodel_name], node[0])
            specification[name] = {"fields": sub, "limit": 200}
        elif field.type in ("one2many", "many2many"):
            specification[name] = {"fields": {"display_name": {}}}
    return specification


@tagged("post_install", "-at_install", "ess")
class TestPerformance(EssBeneficiaryCommon):
    """The number of SQL queries of a screen does not grow with what it shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.values = cls.env["ess.situation.value"].search([], limit=30)
        cls.domains = cls.env["ess.situation.domain"].create(
            [{"name": f"D{number}", "code": cls.canary()} for number in range(30)]
        )

    def _make_full(self, size):
        """A file with `size` goals, steps, situations and versions."""
        person = self._make_beneficiary(team=self.worker | self.worker2)
        person.goal_ids = [
            Command.create(
                {
                    "words": f"Goal {number}",
                    "step_ids": [Command.create({"name": "Call", "who": "person"})],
                }
            )
            for number in range(size)
        ]
        self.env["ess.situation"].create(
            [
                {
                    "beneficiary_id": person.id,
                    "domain_id": domain.id,
                    "answer": "unknown",
                    "date_from": date.today() - timedelta(days=5),
                }
                for domain in self.domains[:size]
            ]
        )
        return person

    def _count(self, call):
        # twice: the first fills the caches of rules, whatever came before
        for _round in range(2):
            call()
            self.env.flush_all()
            self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call()
        return self.env.cr.sql_log_count - before

    def _count_opening(self, person, user):
        people = self.env["ess.beneficiary"].with_user(user)
        arch = etree.fromstring(people.get_view(view_type="form")["arch"])
        specification = read_specification(people, arch)
        self.assertIn("life_project_words", specification)
        return self._count(lambda: people.browse(person.id).web_read(specification))

    def _count_list(self, people, user):
        model = self.env["ess.beneficiary"].with_user(user)
        arch = etree.fromstring(model.get_view(view_type="list")["arch"])
        return self._count(
            lambda: model.web_search_read(
                [("id", "in", people.ids)], read_specification(model, arch), limit=80
            )
        )

    def test_opening_a_file(self):
        few, many = self._make_full(3), self._make_full(30)
        for user in (self.worker, self.coordinator, self.dpo):
            self.assertEqual(
                self._count_opening(few, user), self._count_opening(many, user)
            )

    def test_opening_at_reception(self):
        person = self._make_full(3)
        people = self.env["ess.beneficiary"].with_user(self.reception)
        arch = etree.fromstring(people.get_view(view_type="form")["arch"])
        names = set(read_specification(people, arch))
        self.assertLessEqual({"first_name", "last_name", "ref", "pseudonym"}, names)
        self.assertFalse(
            {"phone", "goal_ids", "alerts", "situation_ids", "is_protected"} & names
        )
        self.assertTrue(people.browse(person.id).web_read({"ref": {}})[0]["ref"])

    def test_list(self):
        people = self.env["ess.beneficiary"].concat(
            *[self._make_full(1) for _number in range(42)]
        )
        # long lists both: beyond one's own files, someone has said why today
        for user in (self.coordinator, self.reception):
            reasons = self.env["ess.access.reason"].with_user(user)
            reasons._keep("search", "A test of the list")
        for user in (self.worker, self.coordinator, self.reception):
            self.assertEqual(
                self._count_list(people[:21], user), self._count_list(people, user)
            )

    def test_lists_of_goals_and_steps(self):
        few, many = self._make_full(3), self._make_full(30)
        for name in ("ess.goal", "ess.goal.step"):
            model = self.env[name].with_user(self.worker)
            arch = etree.fromstring(model.get_view(view_type="list")["arch"])
            specification = read_specification(model, arch)
            counts = [
                self._count(
                    lambda person=person, model=model, spec=specification: (
                        model.web_search_read(
                            [("beneficiary_id", "=", person.id)], spec, limit=80
                        )
                    )
                )
                for person in (few, many)
            ]
            self.assertEqual(*counts)

    def test_rules_ask_by_lists_of_ids(self):
        """No question about each file in turn: four times as long at a million."""
        for user in (self.worker, self.coordinator, self.reception, self.dpo):
            files = self.env["ess.beneficiary"].with_user(user)
            code = files._search([]).select().code
            self.assertNotIn("EXISTS", code, user.login)
            self.assertIn("is_protected", code)
