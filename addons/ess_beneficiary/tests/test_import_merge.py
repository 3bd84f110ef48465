from odoo.tests import tagged

from .import_common import EssImportCommon


@tagged("post_install", "-at_install", "ess")
class TestImportMerge(EssImportCommon):
    """Undoing an import whose files were merged since."""

    def setUp(self):
        super().setUp()
        self.known = self._make_beneficiary(
            last_name="Keita", first_name="Awa", birth_date="1991-03-08"
        )
        self.batch = self.check(
            "Nom;Prénom;Date de naissance;Téléphone",
            "Keita;Awa;08/03/1991;0612345678",
            "Sow;Ali;02/02/1980;",
            "Ba;Oumar;03/03/1985;",
        )
        self.batch.row_ids[0].action_update()

    def _merge(self, kept, merged):
        return self.env["ess.merge"]._merge_files([(kept, merged, {})])

    def test_merged_file_stays_with_the_reason(self):
        self.batch.action_import()
        one, two = self.files(self.batch)
        self._merge(self.known, one)
        self.batch.action_undo()
        self.assertTrue(one.exists())
        self.assertFalse(two.exists())
        self.assertIn("merged", one.import_row_id.message)

    def test_value_of_a_merged_file_stays(self):
        self.batch.action_import()
        self.assertEqual(self.known.phone, "0612345678")
        other = self._make_beneficiary(last_name="Keyta", phone="0612345678")
        self._merge(other, self.known)
        self.batch.action_undo()
        self.assertEqual((self.known | other).mapped("phone"), ["0612345678"] * 2)
        self.assertIn("merged", self.batch.row_ids[0].message)

    def test_match_merged_before_the_import(self):
        other = self._make_beneficiary(last_name="Keyta")
        self._merge(other, self.known)
        self.batch.action_import()
        self.assertEqual(other.phone, "0612345678")
        self.batch.action_undo()
        self.assertEqual(other.phone, "0612345678")

    def test_undo_of_both(self):
        self.batch.action_import()
        one, two = self.files(self.batch)
        merge = self._merge(self.known, one)
        merge.action_undo()
        self.batch.action_undo()
        self.assertFalse((one | two).exists())
        self.assertFalse(self.known.phone)
