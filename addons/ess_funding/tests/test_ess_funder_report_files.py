import io
import shutil
from datetime import date, datetime

import openpyxl
from pypdf import PdfReader

from odoo.tests import HttpCase, tagged

from .common import EssFundingCommon

TRAP = '=HYPERLINK("http://evil.example")'


@tagged("post_install", "-at_install", "ess")
class TestFunderReportFiles(EssFundingCommon, HttpCase):
    """The files that leave: opened as their reader would."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        session = cls._make_session(start=datetime(2026, 3, 2, 9), state="done")
        for index in range(9):
            person = cls._make_beneficiary(
                sex="female" if index < 8 else "male", birth_date=date(1990, 1, 1)
            )
            cls._make_presence(session, person, state="present")
        cls._make_budget(
            amounts={"604": 1000, "613": 500, "864": 40, "74dep": 1500, "870": 40}
        ).action_validate()
        both = {cls._share(cls.action, cls.grant): 60, cls._share(cls.action): 40}
        cls._make_entry([("604000", 900.10, both), ("613200", 450.25, both)])
        cls._make_entry([("741000", -1200, {cls._share(cls.action, cls.grant): 100})])
        cls._make_entry(
            [
                ("864000", 30, {cls._share(cls.action): 100}),
                ("875000", -30, {cls._share(cls.action): 100}),
            ]
        )
        cls.grant.name = TRAP
        cls.report = cls.env["ess.funder.report"].create(
            {
                "grant_id": cls.grant.id,
                "name": "Report 2026",
                "story": TRAP,
                "variances": "Told below",
            }
        )
        cls.report.action_compute()

    def _open(self, report=None, values_only=False):
        data = (report or self.report)._get_xlsx()
        return openpyxl.load_workbook(io.BytesIO(data), data_only=values_only)

    def _money(self, values_only=False):
        sheet = self._open(values_only=values_only)["Money"]
        return {row[0].value: row for row in sheet.iter_rows() if row[0].value}

    def test_sheets(self):
        names = ["Summary", "People and activity", "Effect", "Money", "Definitions"]
        self.assertEqual(self._open().sheetnames, names)

    def test_user_text_never_runs(self):
        for sheet in self._open():
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        self.assertRegex(cell.value, r"^=(SUM\(|IF\(B|C\d)")
                    if cell.value == TRAP:
                        self.assertEqual(cell.data_type, "s")

    def test_totals_are_live_and_right(self):
        formulas, values = self._money(), self._money(values_only=True)
        total = formulas["TOTAL EXPENSES"]
        self.assertTrue(total[2].value.startswith("=SUM("))
        self.assertEqual(values["TOTAL EXPENSES"][2].value, 1350.35)
        self.assertEqual(self._evaluate(total[2].value, "C"), 1350.35)
        self.assertEqual(self._evaluate(total[5].value, "F"), 810.21)
        grand = formulas["GRAND TOTAL (income)"]
        self.assertEqual(self._evaluate(grand[2].value, "C"), 1380.35)
        heading = formulas["60 - Purchases"]
        self.assertEqual(self._evaluate(heading[2].value, "C"), 900.10)

    def _evaluate(self, formula, column):
        """Add up the ranges of a SUM as a spreadsheet would."""
        sheet = self._open()["Money"]
        total = 0
        for part in formula[5:-1].split(","):
            for (cell,) in sheet[part]:
                self.assertEqual(cell.column_letter, column)
                total += cell.value
        return round(total, 2)

    def test_formats_and_print_setup(self):
        sheet = self._open()["Money"]
        row = self._money()["TOTAL EXPENSES"]
        self.assertIn(self.company.currency_id.symbol, row[2].number_format)
        self.assertEqual(sheet.page_setup.paperSize, 9)
        self.assertEqual(sheet.page_setup.orientation, "landscape")
        self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
        self.assertGreater(sheet.column_dimensions["A"].width, 40)

    def test_hidden_figure_holds_no_number(self):
        sheet = self._open()["People and activity"]
        rows = {row[1].value: row for row in sheet.iter_rows()}
        self.assertIn("secrecy", rows["Man"][2].value)
        self.assertIn("secrecy", rows["Woman"][2].value)

    def test_definitions_are_all_there(self):
        sheet = self._open()["Definitions"]
        labels = {row[0].value for row in sheet.iter_rows()}
        self.assertIn(self.env.ref("ess_impact.ess_indicator_active_file").name, labels)
        self.assertIn("Charged in the period", labels)

    def test_french_workbook(self):
        report = self.report.with_context(lang="fr_FR")
        self.assertIn("Argent", self._open(report).sheetnames)

    def test_final_report_prints_what_was_frozen(self):
        self.report.action_finalise()
        self._make_entry([("604000", 5000, {self._share(self.action): 100})])
        self.assertEqual(self._money(True)["TOTAL EXPENSES"][2].value, 1350.35)

    def test_download_follows_rights(self):
        url = f"/ess_funding/report/{self.report.id}/xlsx"
        self.authenticate("ess_fundraiser", "ess_fundraiser")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.content[:2], b"PK")
        self.assertIn("Report%202026.xlsx", answer.headers["Content-Disposition"])
        self.authenticate("ess_funding_elsewhere", "ess_funding_elsewhere")
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_cerfa_form_shows_the_whole_action(self):
        self.report.write(
            {
                "objectives": "Meet and learn",
                "signatory": "Camille Invented",
                "sign_place": "Lyon",
                "allocation_rule": "By floor area",
                "variances": "Fewer sessions than planned",
            }
        )
        self.report.line_ids.invalidate_recordset()
        self.report.action_compute()
        self.report.action_finalise()
        text = self._read_pdf("action_report_cerfa_15059", self.report)
        for words in (
            "15059*02",
            "Meet and learn",
            "TOTAL EXPENSES",
            "1,350.35",
            "-149.65",
            "Direct costs, total",
            "Indirect costs, total",
            "GRAND TOTAL (income)",
            "By floor area",
            "Fewer sessions",
            "Last annual accounts approved",
            "Camille Invented",
            "Lyon",
            self.report.seal[:20],
        ):
            self.assertIn(words, text)

    def _read_pdf(self, name, records, lang="en_US"):
        report = self.env["ir.actions.report"].with_context(
            lang=lang, force_report_rendering=True
        )
        data, kind = report._render_qweb_pdf(f"ess_funding.{name}", records.ids)
        self.assertEqual(kind, "pdf")
        pages = PdfReader(io.BytesIO(data)).pages
        text = " ".join("\n".join(page.extract_text() for page in pages).split())
        return text.replace("\u202f", " ").replace("\xa0", " ")

    def test_pdf_reads_well_in_french(self):
        if not shutil.which("wkhtmltopdf"):
            self.fail("wkhtmltopdf is needed to test the printed report.")
        self.report.with_context(lang="fr_FR").action_compute()
        self.report.action_finalise()
        report = self.env["ir.actions.report"].with_context(
            lang="fr_FR", force_report_rendering=True
        )
        data, kind = report._render_qweb_pdf(
            "ess_funding.action_report_funder_report", self.report.ids
        )
        self.assertEqual(kind, "pdf")
        reader = PdfReader(io.BytesIO(data))
        text = " ".join("\n".join(page.extract_text() for page in reader.pages).split())
        for words in (
            "Qui : les personnes accompagnées",
            "Argent : prévu et réalisé",
            "Prestations de services",
            "secret statistique",
            "1 350,35",
            self.report.seal[:20],
        ):
            self.assertIn(words, text.replace("\u202f", " ").replace("\xa0", " "))
        width, height = (float(side) for side in reader.pages[0].mediabox[2:])
        self.assertAlmostEqual(width / height, 210 / 297, places=2)
