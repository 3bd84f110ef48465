from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestBeneficiary(EssBeneficiaryCommon):
    @users("ess_worker")
    def test_worker_reads_back_new_file(self):
        person = self.env["ess.beneficiary"].create({"pseudonym": "Paulo"})
        person.invalidate_recordset()
        self.assertEqual(person.display_name, "« Paulo »")
        self.assertEqual(person.referent_id, self.worker)
        self.assertEqual(person.team_user_ids, self.worker)
        self.assertRegex(person.ref, r"^D\d\d-\d{5}$")

    @users("ess_worker")
    def test_worker_creates_file_with_facts(self):
        value = self.env.ref("ess_beneficiary.ess_situation_value_housing_street")
        person = self.env["ess.beneficiary"].create(
            {
                "first_name": "Ana",
                "situation_ids": [Command.create({"value_id": value.id})],
                "life_project_words": "I want to sleep.",
                "goal_ids": [Command.create({"words": "A room of my own"})],
            }
        )
        self.assertEqual(person.situation_ids.value_id, value)
        self.assertEqual(person.life_project_id.words, "I want to sleep.")
        self.assertEqual(person.goal_ids.life_project_id, person.life_project_id)

    @users("ess_reception")
    def test_reception_creates_file_without_referent(self):
        person = self.env["ess.beneficiary"].create({"last_name": "Durand"})
        self.assertFalse(person.sudo().referent_id)
        self.assertTrue(person.sudo().qr_token)
        self.assertEqual(person.display_name, "DURAND")

    @mute_logger("odoo.sql_db")
    def test_name_or_pseudonym_is_required(self):
        for vals in ({}, {"last_name": "  "}, {"birth_name": "X"}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env["ess.beneficiary"].create(vals)

    def test_names_are_cleaned(self):
        person = self._make_beneficiary(
            last_name=" Le\x00  Goff\n", first_name="E\u0301lo"
        )
        self.assertRecordValues(person, [{"last_name": "Le Goff", "first_name": "Élo"}])

    def test_long_and_foreign_names(self):
        long_name = "Ab" * 250
        person = self._make_beneficiary(last_name=long_name, first_name="محمد علي")
        found = self.env["ess.beneficiary"].search(
            [("display_name", "ilike", long_name)]
        )
        self.assertEqual(found, person)

    def test_search_by_words_in_any_order(self):
        person = self._make_beneficiary(first_name="Marie", last_name="Testdupont")
        found = self.env["ess.beneficiary"].name_search("testdupont marie")
        self.assertEqual([line[0] for line in found], person.ids)

    def test_display_name_forms(self):
        cases = [
            ({"first_name": "Ana", "last_name": "Silva"}, "Ana SILVA"),
            ({"last_name": "Silva", "pseudonym": "Nana"}, "SILVA « Nana »"),
            ({"pseudonym": "Paulo"}, "« Paulo »"),
        ]
        for vals, name in cases:
            self.assertEqual(self._make_beneficiary(**vals).display_name, name)

    @freeze_time("2026-03-01")
    def test_age(self):
        person = self._make_beneficiary(birth_date=date(2000, 3, 2))
        self.assertEqual(person.age, 25)
        self.assertFalse(self._make_beneficiary().age)

    def test_card_code_is_renewed(self):
        person = self._make_beneficiary(team=self.worker)
        before = person.qr_token
        person.with_user(self.worker).action_renew_qr_token()
        self.assertNotEqual(person.qr_token, before)

    def test_copy_shares_no_identity(self):
        person = self._make_beneficiary(last_name="Silva")
        copy = person.copy()
        self.assertNotEqual(copy.ref, person.ref)
        self.assertNotEqual(copy.qr_token, person.qr_token)

    def test_reference_unique_in_company(self):
        person = self._make_beneficiary()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._make_beneficiary(ref=person.ref)

    def test_team_in_bulk_takes_few_queries(self):
        people = self.env["ess.beneficiary"].concat(
            *[self._make_beneficiary(team=self.worker) for _i in range(20)]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.add_to_compute(people._fields["team_user_ids"], people)
        # the follow-ups and their columns; then team and referent as stored
        with self.assertQueryCount(6):
            people._compute_team()
