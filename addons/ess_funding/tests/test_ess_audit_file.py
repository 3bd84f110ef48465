import csv
import io
import os
import tracemalloc
import zipfile
from datetime import date, datetime

from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.stamp import make_page
from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestAuditFile(EssFundingCommon, HttpCase):
    """From each charged line to its entry, payment and papers; people by pseudonym."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grant.ref = "CONV-7"
        cls.share = cls._share(cls.action, cls.grant)
        cls.bill = cls._make_bill(200)
        cls.paper = cls._attach("../../bill.pdf", make_page(["Bill"], (300, 400)))
        cls.other = cls._attach("notes.txt", b"hello", "text/plain")
        session = cls._make_session(start=datetime(2026, 3, 2, 9), state="done")
        cls.person = cls._make_beneficiary(last_name="Canaryname", first_name="Zoe")
        cls.hidden = cls._make_beneficiary(last_name="Hiddenname", is_protected=True)
        for person in (cls.person, cls.hidden):
            cls._make_presence(session, person, state="present")

    @classmethod
    def _make_bill(cls, amount):
        bill = cls.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": cls.funder.id,
                "invoice_date": "2026-03-02",
                "date": "2026-03-02",
                "ref": "=EVIL()",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Workshop",
                            "account_id": cls._account("604000").id,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": {cls.share: 25},
                        }
                    )
                ],
            }
        )
        bill.action_post()
        return bill

    @classmethod
    def _attach(cls, name, raw, mimetype="application/pdf"):
        return cls.env["ir.attachment"].create(
            {
                "name": name,
                "raw": raw,
                "mimetype": mimetype,
                "res_model": "account.move",
                "res_id": cls.bill.id,
            }
        )

    def _audit(self, user=None, **values):
        audits = self.env["ess.audit.file"].with_user(user or self.accountant)
        return audits.create({"grant_id": self.grant.id, **values})

    def _open(self, audit):
        return zipfile.ZipFile(audit._open_zip())

    def _rows(self, archive, name):
        text = archive.read(name).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))

    def test_line_leads_to_entry_payment_and_papers(self):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.bill.ids
        )
        wizard.create({"amount": 80, "payment_date": "2026-04-01"})._create_payments()
        audit = self._audit()
        self.assertEqual((audit.line_count, audit.paper_count), (1, 2))
        archive = self._open(audit)
        row = self._rows(archive, "index.csv")[0]
        self.assertEqual(row["Entry"], self.bill.name)
        self.assertEqual(row["Charged to the grant"], "50.0")
        self.assertEqual(row["Share (%)"], "25.0")
        self.assertEqual(row["Reference"], "'=EVIL()", "never run as a formula")
        self.assertIn("2026-04-01", row["Payments"])
        self.assertIn("80.00", row["Payments"])
        for path in row["Papers"].split(" | "):
            self.assertIn(path, archive.namelist())
            self.assertNotIn("..", path)

    def test_stamped_copy_says_who_pays_how_much(self):
        archive = self._open(self._audit())
        names = [name for name in archive.namelist() if name.startswith("stamped/")]
        self.assertEqual(len(names), 1, "only what can be stamped")
        page = PdfReader(io.BytesIO(archive.read(names[0]))).pages[0]
        text = page.extract_text().replace("\xa0", " ")
        for words in ("Bill", "Funded by", "CONV-7", "50.00", self.bill.name):
            self.assertIn(words, text)
        original = next(name for name in archive.namelist() if name.endswith("ll.pdf"))
        self.assertEqual(
            archive.read(original.replace("stamped", "papers")), self.paper.raw
        )

    def test_damaged_paper_is_kept_as_it_is(self):
        self.paper.raw = b"%PDF-1.4 broken"
        archive = self._open(self._audit())
        self.assertFalse([n for n in archive.namelist() if n.startswith("stamped/")])
        self.assertEqual(
            len([n for n in archive.namelist() if n.startswith("papers")]), 2
        )

    def test_people_are_not_named(self):
        content = b"".join(
            archive.read(name)
            for archive in [self._open(self._audit())]
            for name in archive.namelist()
        )
        self.assertNotIn(b"Canaryname", content)
        rows = self._rows(self._open(self._audit()), "people.csv")
        self.assertEqual(len(rows), 2)
        self.assertRegex(rows[0]["Person"], r"^P-[0-9A-F]{10}$")
        again = self._rows(self._open(self._audit()), "people.csv")
        self.assertEqual(rows, again, "the same pseudonym in each file of the grant")
        none = self._open(self._audit(has_people=False))
        self.assertNotIn("people.csv", none.namelist())

    def test_names_need_a_right_a_reason_and_leave_a_trace(self):
        audit = self._audit(has_names=True, reason="Cour des comptes, 2026-118")
        with self.assertRaisesRegex(UserError, "right"):
            audit._open_zip()
        self.accountant.group_ids += self.env.ref(
            "ess_funding.group_funding_audit_names"
        )
        with self.assertRaisesRegex(UserError, "who asks"):
            self._audit(has_names=True, reason=" ").action_download()
        rows = self._rows(self._open(audit), "people.csv")
        self.assertEqual(
            {row["Name"] for row in rows}, {"Zoe Canaryname", "Protected identity"}
        )
        self.env.cr.precommit.run()
        logs = self.env["ess.access.log"].search(
            [("user_id", "=", self.accountant.id), ("kind", "=", "export")]
        )
        self.assertEqual(logs.beneficiary_id, self.person)
        self.assertIn("2026-118", logs.reason_id.name)

    def test_only_who_reads_entries_downloads_it(self):
        with self.assertRaises(AccessError):
            self._audit(self.fundraiser)
        audit = self._audit()
        self.env.flush_all()
        self.authenticate("ess_accountant", "ess_accountant")
        answer = self.url_open(f"/ess_funding/audit/{audit.id}")
        self.assertEqual(answer.status_code, 200)
        self.assertIn(
            "index.csv", zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        )
        self.authenticate("ess_fundraiser", "ess_fundraiser")
        with mute_logger("odoo.http"):  # the refusal
            refused = self.url_open(f"/ess_funding/audit/{audit.id}")
        self.assertEqual(refused.status_code, 403)

    def test_nothing_to_audit_is_said(self):
        with self.assertRaisesRegex(UserError, "Nothing is charged"):
            self._audit(
                date_from=date(2020, 1, 1), date_to=date(2020, 12, 31)
            ).action_download()

    def test_memory_does_not_grow_with_the_papers(self):
        for _paper in range(24):
            self._attach("big.bin", os.urandom(1 << 20), "application/octet-stream")
        audit = self._audit()
        self.env.flush_all()
        self.env.invalidate_all()
        tracemalloc.start()
        try:
            with audit._open_zip() as file:
                size = file.seek(0, os.SEEK_END)
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        self.assertGreater(size, 24 << 20)
        self.assertLess(peak, 12 << 20)
