from odoo.exceptions import UserError
from odoo.tests import Form, tagged, users

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestSearchOrCreate(EssBeneficiaryCommon):
    @users("ess_reception")
    def test_search_as_you_type(self):
        person = self._make_beneficiary(first_name="Marie", last_name="Testdupont")
        protected = self._make_beneficiary(last_name="Testdupont", is_protected=True)
        form = Form(self.env["ess.beneficiary.search"])
        form.name = "TESTDUPONT"
        self.assertEqual(form.beneficiary_ids.ids, person.ids)
        self.assertNotIn(protected.id, form.beneficiary_ids.ids)
        form.name = " "
        self.assertFalse(form.beneficiary_ids.ids)

    @users("ess_reception")
    def test_search_as_it_sounds(self):
        person = self._make_beneficiary(first_name="Aïcha", last_name="Testbélaïd")
        for name in ("aicha testbelaid", "TESTBELAID Aicha", "testbelaid"):
            search = self.env["ess.beneficiary.search"].create({"name": name})
            self.assertIn(person.id, search.beneficiary_ids.ids, name)

    @users("ess_worker2")
    def test_search_as_it_sounds_obeys_the_rules(self):
        self._make_beneficiary(team=self.worker, last_name="Testbélaïd")
        search = self.env["ess.beneficiary.search"].create({"name": "testbelaid"})
        self.assertFalse(search.beneficiary_ids)

    @users("ess_worker")
    def test_new_file_takes_the_name(self):
        cases = {
            "Marie DUPONT": {"first_name": "Marie", "last_name": "DUPONT"},
            "DUPONT Marie": {"first_name": "Marie", "last_name": "DUPONT"},
            "marie le goff": {"first_name": "marie", "last_name": "le goff"},
            "Paulo": {"first_name": "Paulo"},
            "DUPONT": {"last_name": "DUPONT"},
        }
        for name, expected in cases.items():
            search = self.env["ess.beneficiary.search"].create({"name": name})
            context = search.action_create_file()["context"]
            self.assertEqual(
                context, {f"default_{key}": value for key, value in expected.items()}
            )

    @users("ess_worker")
    def test_nameless_search_opens_nothing(self):
        search = self.env["ess.beneficiary.search"].create({})
        with self.assertRaises(UserError):
            search.action_create_file()
