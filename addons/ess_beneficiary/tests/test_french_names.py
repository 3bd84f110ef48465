from odoo.tests import tagged

from .french_people import DEVELOPMENT, FIELDS, HELD_OUT, FrenchPeople
from .import_common import EssImportCommon


@tagged("post_install", "-at_install", "ess")
class TestFrenchNames(EssImportCommon):
    """Quality on French names: a list that nobody looked at when weights were set."""

    def _quality(self, people):
        """Import all rows as files, search for duplicates, compare with the truth.

        :return: precision and recall
        """
        lines = [";".join(row[name] for name in FIELDS) for row in people.rows]
        batch = self.check(";".join(FIELDS), *lines)
        self.assertEqual(batch.error_count, 0)
        batch.row_ids.action_create()
        batch.action_import()
        files = self.files(batch)
        self.assertEqual(len(files), len(people.rows))
        self.env["ess.duplicate"].sudo()._scan(files.ids)
        place = {file.id: number for number, file in enumerate(files)}
        pairs = self.env["ess.duplicate"].search(
            [("beneficiary_id", "in", files.ids), ("duplicate_id", "in", files.ids)]
        )
        found = {
            (place[pair.beneficiary_id.id], place[pair.duplicate_id.id])
            for pair in pairs
        }
        right = len(found & people.same)
        return right / len(found), right / len(people.same)

    def test_quality_on_the_list_held_out(self):
        people = FrenchPeople(HELD_OUT)
        precision, recall = self._quality(people)
        f1 = 2 * precision * recall / (precision + recall)
        self.assertGreaterEqual(f1, 0.96, f"precision {precision}, recall {recall}")

    def test_same_seed_same_people(self):
        one, two = FrenchPeople(DEVELOPMENT, 40), FrenchPeople(DEVELOPMENT, 40)
        self.assertEqual((one.rows, one.same), (two.rows, two.same))
        self.assertNotEqual(one.rows, FrenchPeople(HELD_OUT, 40).rows)
