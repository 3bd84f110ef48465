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
