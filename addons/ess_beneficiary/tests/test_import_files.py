import datetime
import io
import zipfile

from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import EssImportCommon

MARTIN = ("Nom;Prénom;Né le;Ville", "Lefèvre;Zoé;03/04/1990;Orléans")


@tagged("post_install", "-at_install", "ess")
class TestImportFiles(EssImportCommon):
    """Files as people send them: each is read, or refused with what to do."""

    def assertRefused(self, data, words, filename="list.csv"):
        before = self.env["ess.import"].search_count([])
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            self.upload(data, filename)
        self.env.invalidate_all()
        self.assertEqual(self.env["ess.import"].search_count([]), before)

    def assertOneMartin(self, data, filename="list.csv"):
        batch = self.upload(data, filename)
        batch.action_check()
        self.assertRecordValues(
            batch.row_ids,
            [
                {
                    "last_name": "Lefèvre",
                    "first_name": "Zoé",
                    "birth_date": datetime.date(1990, 4, 3),
                    "city": "Orléans",
                    "outcome": "new",
                    "has_warning": False,
                }
            ],
        )

    def test_encodings(self):
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"):
            with self.subTest(encoding=encoding):
                self.assertOneMartin(self.csv(*MARTIN, encoding=encoding))

    def test_separators_and_line_ends(self):
        for sign in ",\t;|":
            lines = [line.replace(";", sign) for line in MARTIN]
            with self.subTest(sign=sign):
                self.assertOneMartin(self.csv(*lines, end="\r\n"))
        self.assertOneMartin(self.csv(*MARTIN, end="\r"))

    def test_quoted_cells_with_separators_and_line_ends(self):
        data = '"Nom";"Adresse"\n"Martin";"12; rue\nde l\'Église"\n'.encode()
        batch = self.upload(data)
        batch.action_check()
        self.assertEqual(batch.row_ids.street, "12; rue de l'Église")

    def test_xlsx_with_typed_cells(self):
        self.assertOneMartin(
            self.xlsx(
                ["Nom", "Prénom", "Date de naissance", "Ville"],
                ["Lefèvre", "Zoé", datetime.datetime(1990, 4, 3), "Orléans"],
            ),
            "list.xlsx",
        )

    def test_xlsx_numbers_and_formulas_are_text(self):
        batch = self.upload(
            self.xlsx(
                ["Nom", "CP", "Téléphone", "Naissance"],
                ["=CONCAT(1)", 75018, 612345678.0, 32966],
            ),
            "list.xlsx",
        )
        batch.action_check()
        row = batch.row_ids
        self.assertRecordValues(
            row,
            [
                {
                    "last_name": "=CONCAT(1)",
                    "zip": "75018",
                    "phone": "612345678",
                    "birth_date": datetime.date(1990, 4, 3),
                }
            ],
        )
        self.assertIn("formula", row.message)

    def test_empty_files(self):
        for data in (b"", b"\xef\xbb\xbf", b"\n\n \n", "\ufeff".encode("utf-16")):
            with self.subTest(data=data):
                if data:
                    self.assertRefused(data, "empty|no titles|no row")
        self.assertRefused(b"Nom;Prenom\n", "no row")
        self.assertRefused(self.xlsx(), "empty", "list.xlsx")

    def test_missing_headers(self):
        self.assertRefused(b";;\nMartin;Paul;x\n", "no row below")
        batch = self.upload(b"Nom;;Ville\nMartin;Paul;Lyon\n")
        self.assertIn("Column 2 has no title", batch.notes)
        self.assertEqual(
            batch.mapping_ids.mapped("target"), ["last_name", False, "city"]
        )

    def test_doubled_headers(self):
        batch = self.upload(b"Nom;Nom;Ville\nMartin;Durand;Lyon\n")
        self.assertIn("Two columns have the title “Nom”", batch.notes)
        self.assertEqual(
            batch.mapping_ids.mapped("target"), ["last_name", False, "city"]
        )

    def test_no_name_column(self):
        batch = self.upload(b"Ville;Divers\nLyon;x\n")
        with self.assertRaisesRegex(UserError, "No column gives a name"):
            batch.action_check()

    def test_two_columns_to_one_field(self):
        batch = self.upload(b"Nom;Autre\nMartin;x\n")
        batch.mapping_ids[1].target = "last_name"
        with self.assertRaisesRegex(UserError, "Two columns go to"):
            batch.action_check()

    def test_300_columns(self):
        data = ";".join(f"c{n}" for n in range(300)) + "\n" + ";".join("x" * 300)
        self.assertRefused(data.encode(), "300 columns")

    def test_5_mb_cell_is_an_error_of_its_row(self):
        batch = self.check("Nom;Ville", "Martin;" + "x" * 5_000_000, "Durand;Lyon")
        self.assertEqual(batch.row_ids.mapped("outcome"), ["error", "new"])
        self.assertIn("5000000 characters", batch.row_ids[0].message)

    def test_zip_bomb(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml", "<workbook/>")
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
        self.assertLess(len(buffer.getvalue()), 1_000_000)
        self.assertRefused(buffer.getvalue(), "unpacks to", "list.xlsx")

    def test_xml_that_multiplies_itself(self):
        good = self.xlsx(["Nom"], ["Martin"])
        buffer = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(good)) as source,
            zipfile.ZipFile(buffer, "w") as target,
        ):
            for entry in source.infolist():
                data = source.read(entry)
                if entry.filename == "xl/workbook.xml":
                    data = b'<!DOCTYPE x [<!ENTITY a "b">]>' + data
                target.writestr(entry.filename, data)
        self.assertRefused(buffer.getvalue(), "unpacks to", "list.xlsx")

    def test_files_that_are_no_lists(self):
        self.assertRefused(b"%PDF-1.7 x", "PDF")
        self.assertRefused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 8, "old format")
        self.assertRefused(b"\x89PNG\r\n\x1a\n" * 4, "picture")
        self.assertRefused(b"PK\x03\x04" + b"x" * 100, "not an Excel", "list.xlsx")
        self.assertRefused(b"Nom\nMartin\n", "not an Excel", "list.xlsx")
        self.assertRefused(bytes(range(256)) * 20, "letters|quotation|titles")

    def test_damaged_workbook(self):
        good = self.xlsx(["Nom"], ["Martin"])
        self.assertRefused(good[: len(good) // 2], "not an Excel", "list.xlsx")
        buffer = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(good)) as source,
            zipfile.ZipFile(buffer, "w") as target,
        ):
            for entry in source.infolist():
                sheet = "worksheets" in entry.filename
                data = b"<worksheet><sheetData><row><c t='s'><v>9" if sheet else None
                target.writestr(entry.filename, data or source.read(entry))
        self.assertRefused(buffer.getvalue(), "damaged", "list.xlsx")

    def test_control_characters_are_taken_out_with_a_remark(self):
        batch = self.check("Nom;Ville", "Mar\x07tin;Ly\x00on", "Durand;Lyon")
        self.assertEqual(batch.row_ids[0].last_name, "Martin")
        self.assertIn("Control characters", batch.row_ids[0].message)
        self.assertFalse(batch.row_ids[1].message)

    def test_long_and_right_to_left_names(self):
        long_name, arabic = "A" * 500, "محمد عبد الله"
        batch = self.check("Nom;Prénom", f"{long_name};Paul", f"{arabic};Ali")
        batch.action_import()
        self.assertEqual(self.files(batch).mapped("last_name"), [long_name, arabic])

    def test_too_many_cells_is_an_error_of_its_row(self):
        batch = self.check("Nom;Ville", "Martin;Lyon;2e;x", "Durand;Lyon")
        self.assertEqual(batch.row_ids.mapped("outcome"), ["error", "new"])
        self.assertIn("More cells than titles", batch.row_ids[0].message)
