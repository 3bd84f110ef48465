from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .import_common import EssImportCommon


@tagged("post_install", "-at_install", "ess")
class TestImportReview(EssImportCommon):
    """Rows that look known are decided one after the other."""

    def setUp(self):
        super().setUp()
        self.known = self._make_beneficiary(
            team=self.coordinator,
            last_name="Keita",
            first_name="Awa",
            birth_date="1991-03-08",
            city="Lyon",
        )
        self.batch = self.check(
            "Nom;Prénom;Date de naissance;Ville;Téléphone",
            "Keita;Awa;08/03/1991;Paris;0612345678",
            "Ndiaye;Paul;02/02/1980;Lille;",
            "Ndiaye;Paul;02/02/1980;Lille;",
            user=self.coordinator,
        )

    def _review(self):
        action = self.batch.action_review()
        return self.batch.env[action["res_model"]].browse(action["res_id"])

    def test_row_beside_the_file(self):
        review = self._review()
        rows = {review.row_id.outcome}
        while review.row_id.outcome != "match":
            review.action_leave()
            rows.add(review.row_id.outcome)
        with Form(review) as form:
            self.assertIn("will be added", form.comparison)
            self.assertIn("stays as in the file", form.comparison)
        self.assertIn("Paris", review.comparison)
        self.assertIn("Lyon", review.comparison)

    def test_answers_lead_to_the_next_row(self):
        review = self._review()
        self.assertEqual(review.left_count, 2)
        first = review.row_id
        review.action_other()
        self.assertEqual((first.decision, first.is_decided), ("create", True))
        self.assertEqual(review.left_count, 1)
        review.action_same()
        self.assertFalse(review.row_id)
        with self.assertRaises(UserError):
            review.action_same()

    def test_same_person_completes_and_overwrites_nothing(self):
        review = self._review()
        while review.row_id:
            review.action_same()
        self.batch.action_import()
        self.assertEqual((self.known.city, self.known.phone), ("Lyon", "0612345678"))
        self.assertEqual(len(self.files(self.batch)), 1)

    def test_back_to_the_last_row(self):
        review = self._review()
        first = review.row_id
        review.action_leave()
        review.action_back()
        self.assertEqual(review.row_id, first)
        self.assertFalse(first.is_decided)

    def test_unreadable_file_shows_nothing(self):
        self.batch.sudo().user_id = self.importer
        self.env.invalidate_all()
        self.batch = self.batch.with_user(self.importer)
        review = self._review()
        while review.row_id.outcome != "match":
            review.action_leave()
        self.assertNotIn("Lyon", review.comparison)

    def test_only_a_checked_list(self):
        self.batch.action_back()
        with self.assertRaises(UserError):
            self.batch.action_review()
