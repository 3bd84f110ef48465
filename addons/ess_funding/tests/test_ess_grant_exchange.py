import base64
import json
from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..tools import scdl
from .common import EssFundingCommon

SIRET = "99999999800019"
FUNDER = "99999991500013"


@tagged("post_install", "-at_install", "ess")
class TestGrantExchange(EssFundingCommon, HttpCase):
    """Grants go out in two standards, and come in as funders publish them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"company_registry": SIRET, "rna_number": "W872099999"})
        cls.funder.company_registry = "999 999 915 00013"
        cls.grant.write({"ref": "CONV-7", "date_notified": date(2026, 1, 12)})

    def _export(self, grants=None):
        exports = self.env["ess.grant.export"].with_user(self.fundraiser)
        return exports.create({"grant_ids": [Command.set((grants or self.grant).ids)]})

    def _row(self, **values):
        return {
            "nomAttribuant": "Département (invented)",
            "idAttribuant": FUNDER,
            "dateConvention": "2026-01-12",
            "referenceDecision": "CONV-7",
            "nomBeneficiaire": "Association",
            "idBeneficiaire": SIRET,
            "objet": "Insertion",
            "montant": "80000.00",
            "nature": scdl.MONEY,
            "conditionsVersement": "unique",
            "datesPeriodeVersement": "2026-01-12",
            "notificationUE": "non",
            "pourcentageSubvention": "1",
            **values,
        }

    def _read(self, content):
        wizard = (
            self.env["ess.grant.import"]
            .with_user(self.fundraiser)
            .create({"file": base64.b64encode(content)})
        )
        wizard.action_read()
        return wizard

    def _read_rows(self, *rows):
        return self._read(scdl.write_rows(rows))

    # === OUT
    def test_csv_is_read_back(self):
        self.env["ess.grant.instalment"].create(
            [
                {"grant_id": self.grant.id, "date_due": day, "amount": 10}
                for day in ("2026-02-01", "2026-11-01")
            ]
        )
        row = scdl.read_rows(self._export()._get_csv())[0]
        self.assertEqual(scdl.find_problems(row), [])
        self.assertEqual(row["idAttribuant"], FUNDER)
        self.assertEqual(row["montant"], "80000.00")
        self.assertEqual(row["conditionsVersement"], "échelonné")
        self.assertEqual(row["datesPeriodeVersement"], "2026-02-01/2026-11-01")

    def test_what_cannot_be_published_is_said(self):
        self.funder.company_registry = "123"
        draft = self._make_grant(name="Not yet", state="draft")
        export = self._export(self.grant + draft)
        self.assertEqual(export.ready_count, 0)
        self.assertIn("SIRET number of the funder", export.problems)
        self.assertIn("Not yet: not notified", export.problems)
        with self.assertRaisesRegex(UserError, "SIRET"):
            export.action_export_csv()
        self.assertEqual(len(scdl.read_rows(export._get_csv())), 0)

    def test_wrong_rna_number_is_refused(self):
        with self.assertRaises(ValidationError):
            self.company.rna_number = "87209"

    def test_360giving_package(self):
        package = json.loads(self._export()._get_json())
        grant = package["grants"][0]
        self.assertEqual(grant["amountAwarded"], 80000)
        self.assertEqual(grant["recipientOrganization"][0]["id"], "FR-RCS-999999998")
        self.assertEqual(
            grant["recipientOrganization"][0]["charityNumber"], "W872099999"
        )
        self.assertEqual(grant["plannedDates"][0]["duration"], 12)
        self.assertEqual(grant["awardDate"], "2026-01-12")

    def test_download_belongs_to_whoever_asked(self):
        url = self._export().action_export_csv()["url"]
        self.authenticate("ess_fundraiser", "ess_fundraiser")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("subventions.csv", answer.headers["Content-Disposition"])
        self.assertEqual(self.url_open(url.replace("csv", "exe")).status_code, 404)
        self.authenticate("ess_funding_manager", "ess_funding_manager")
        self.assertEqual(self.url_open(url).status_code, 404)

    # === IN
    def test_rows_are_matched(self):
        wizard = self._read_rows(
            self._row(),
            self._row(idBeneficiaire="", rnaBeneficiaire="W872099999", montant="9"),
            self._row(referenceDecision="", dateConvention="2026-03-01"),
            self._row(referenceDecision="CONV-8", montant="5000"),
            self._row(montant="beaucoup"),
            self._row(idBeneficiaire="21060004500392"),
        )
        lines = wizard.line_ids
        self.assertEqual(
            lines.mapped("result"), ["same", "different", "same", "missing", "wrong"]
        )
        self.assertEqual(lines[0].grant_id, self.grant)
        self.assertEqual(wizard.other_count, 1)

    def test_missing_grant_is_made(self):
        wizard = self._read_rows(
            self._row(referenceDecision="CONV-8", montant="5000", objet="Mentorat"),
            self._row(
                referenceDecision="V-1",
                idAttribuant="99999993100010",
                nomAttribuant="Ville (invented)",
                montant="700",
            ),
            self._row(referenceDecision="V-2", idAttribuant="99999993100010"),
        )
        wizard.action_create()
        made = self.env["ess.grant"].search([("ref", "in", ("CONV-8", "V-1", "V-2"))])
        self.assertEqual(len(made), 3)
        known = made.filtered(lambda grant: grant.ref == "CONV-8")
        self.assertEqual((known.funder_id, known.amount), (self.funder, 5000))
        self.assertEqual(known.state, "draft")
        others = (made - known).funder_id
        self.assertEqual(others.company_registry, "99999993100010")
        again = self._read_rows(self._row(referenceDecision="CONV-8", montant="5000"))
        self.assertEqual(again.line_ids.result, "same", "read twice, made once")

    def test_spreadsheet_of_a_town_is_read(self):
        text = scdl.write_rows([self._row(montant="80 000,00")]).decode()
        text = text.replace('"80 000,00"', "80 000.00").replace(",", ";")
        wizard = self._read(text.encode("cp1252"))
        self.assertEqual(wizard.line_ids.result, "same")

    def test_other_files_are_refused(self):
        for content in (b"a,b\n1,2\n", b"\n", b"\x00\xff\xfe"):
            with self.assertRaisesRegex(UserError, "nomAttribuant"):
                self._read(content)
        self.company.write({"company_registry": False, "rna_number": False})
        with self.assertRaisesRegex(UserError, "no SIRET or RNA"):
            self._read_rows(self._row())
