from odoo.tests import HttpCase, tagged

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestUi(HttpCase, EssBeneficiaryCommon):
    def test_worker_opens_a_file(self):
        """Search, create, own words, first goal: the first minutes of a file."""
        self.start_tour(
            "/odoo/search-or-create", "ess_beneficiary_file", login="ess_worker"
        )
        person = self.env["ess.beneficiary"].search([("last_name", "=", "TESTSILVA")])
        self.assertEqual(person.referent_id, self.worker)
        self.assertEqual(
            person.life_project_id.words, "Je veux dormir dans un lit à moi."
        )
        self.assertEqual(person.goal_ids.words, "Une chambre")

    def test_new_file_begins_with_a_search(self):
        """The button "New" of a list looks for the person, and finds the file."""
        self._make_beneficiary(
            team=self.worker,
            first_name="Moussa",
            last_name="Testsow",
            birth_date="1987-03-05",
        )
        self.start_tour(
            "/odoo/action-ess_beneficiary.ess_beneficiary_action",
            "ess_beneficiary_search_first",
            login="ess_worker",
        )
