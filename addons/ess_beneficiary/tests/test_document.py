import base64
from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged, users
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


class DocumentCommon(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker)

    @classmethod
    def _type(cls, code):
        return cls.env.ref(f"ess_beneficiary.ess_document_type_{code}")

    @classmethod
    def _make_document(cls, code="id_card", user=None, **vals):
        vals = {
            "beneficiary_id": cls.person.id,
            "type_id": cls._type(code).id,
            **vals,
        }
        return cls.env["ess.document"].with_user(user or cls.worker).create(vals)


@tagged("post_install", "-at_install", "ess")
class TestDocument(DocumentCommon):
    @users("ess_worker")
    def test_type_fills_in_the_rest(self):
        form = Form(
            self.env["ess.document"].with_context(default_beneficiary_id=self.person.id)
        )
        form.type_id = self._type("address_proof")
        form.date_issued = date(2026, 1, 31)
        document = form.save()
        self.assertRecordValues(
            document,
            [
                {
                    "name": self._type("address_proof").name,
                    "visibility": "team",
                    "date_expiry": date(2026, 4, 30),
                    "date_reminder": date(2026, 3, 30),
                    "author_id": self.worker.id,
                }
            ],
        )
        self.assertEqual(self._make_document("cv").visibility, "shared")

    def test_validity_states_and_search(self):
        with freeze_time("2026-03-02 10:00:00"):
            documents = {
                "expired": self._make_document(date_expiry="2026-03-01"),
                "soon": self._make_document(date_expiry="2026-03-20"),
                "valid": self._make_document(date_expiry="2026-06-20"),
                False: self._make_document(),
            }
            for state, document in documents.items():
                document.invalidate_recordset()
                self.assertEqual(document.validity_state, state)
                found = self.env["ess.document"].search(
                    [
                        ("beneficiary_id", "=", self.person.id),
                        ("validity_state", "=", state),
                    ]
                )
                self.assertEqual(found.ids, document.ids, state)

    # === REMINDER

    def _remind(self):
        self.env["ess.document"]._cron_remind()
        self.env.flush_all()

    def _reminders(self, document):
        person = document.beneficiary_id
        return self.env["mail.activity"].search(
            [("res_model", "=", "ess.beneficiary"), ("res_id", "=", person.id)]
        )

    def test_referent_is_reminded_once(self):
        soon = fields.Date.today() + timedelta(days=10)
        document = self._make_document(date_expiry=soon)
        self._make_document(date_expiry=soon + timedelta(days=90))
        for _day in range(3):
            self._remind()
        activity = self._reminders(document)
        self.assertRecordValues(
            activity, [{"user_id": self.worker.id, "date_deadline": soon}]
        )
        self.assertNotIn(self.person.last_name, activity.summary)
        self.assertNotIn(document.name, activity.summary)
        activity.action_done()
        self._remind()
        self.assertFalse(self._reminders(document))

    def test_new_end_gets_a_new_reminder(self):
        soon = fields.Date.today() + timedelta(days=10)
        document = self._make_document(date_expiry=soon)
        self._remind()
        document.date_expiry = soon + timedelta(days=365)
        self.assertFalse(self._reminders(document))
        self.assertFalse(document.date_reminded)

    def test_nobody_to_remind_then_somebody(self):
        person = self._make_beneficiary()
        document = self._make_document(
            user=self.env.user,
            beneficiary_id=person.id,
            date_expiry=fields.Date.today(),
        )
        self._remind()
        self.assertFalse(self._reminders(document))
        person.sudo().followup_ids.create(
            {"beneficiary_id": person.id, "user_id": self.worker2.id}
        )
        self._remind()
        self.assertEqual(self._reminders(document).user_id, self.worker2)

    def test_alert_on_the_first_screen_for_readers_only(self):
        document = self._make_document(date_expiry="2026-01-01")
        for user, seen in ((self.worker, True), (self.coordinator, False)):
            person = self.person.with_user(user)
            texts = " ".join(alert["text"] for alert in person._get_alerts())
            self.assertEqual(document.name in texts, seen, user.login)

    def test_renewed_paper_takes_the_place(self):
        document = self._make_document(date_expiry=fields.Date.today())
        self._remind()
        context = document.action_renew()["context"]
        renewed = self.env["ess.document"].with_user(self.worker).with_context(context)
        renewed = renewed.create({"date_expiry": "2036-01-01"})
        self.assertEqual(renewed.replaces_id, document)
        self.assertEqual(renewed.type_id, document.type_id)
        self.assertFalse(document.active)
        self.assertFalse(self._reminders(document))

    # === WHO READS

    def test_team_documents(self):
        team, shared = self._make_document(), self._make_document("cv")
        for user in (self.coordinator, self.dpo):
            self.assertFalse(team.with_user(user).has_access("read"))
            self.assertTrue(shared.with_user(user).has_access("read"))
        self.assertFalse(shared.with_user(self.worker2).has_access("read"))
        self.assertFalse(shared.with_user(self.dpo).has_access("write"))

    def test_child_report_stays_in_the_team(self):
        report = self._make_document("child_alert")
        with self.assertRaises(ValidationError):
            report.visibility = "shared"
        with self.assertRaises(UserError):
            report.unlink()
        with self.assertRaises(UserError):
            report.type_id.with_user(self.coordinator).never_leaves = False
        rules = self.env["ir.rule"].with_user(self.portal_user)
        domain = rules._compute_domain("ess.document", "read")
        self.assertNotIn(
            report, self.env["ess.document"].sudo().search(domain & self._alone(report))
        )

    def _alone(self, document):
        return fields.Domain("id", "=", document.id)

    def test_paper_no_longer_needed_is_deleted(self):
        self._make_document("health_rights").unlink()

    # === COPY

    def test_copy_lists_documents_and_says_what_is_left_out(self):
        cv = self._make_document("cv")
        diploma = self._make_document("diploma")
        self._make_document("child_alert", name=self.canary("alert"))
        self.env["ess.copy.exclusion"].with_user(self.worker).create(
            {"document_id": diploma.id, "reason": "danger"}
        )
        data = self.person.with_user(self.worker)._get_readable_file()
        self.assertEqual([line["name"] for line in data["documents"]], [cv.name])
        lines = [line for line in data["left_out"] if line["section"] == "documents"]
        self.assertEqual(len(lines), 2)
        # the line of the report tells nothing of it
        self.assertTrue(any("someone else" in line["reason"] for line in lines))
        self.assertNotIn("alert", str(data["left_out"]).lower())

    # === SPECIAL DATA

    def test_special_types_are_opened_by_the_officer_with_a_ground(self):
        medical = self._type("medical")
        self.assertFalse(medical.active)
        with self.assertRaises(UserError):
            medical.with_user(self.coordinator).write(
                {"active": True, "legal_ground": "Because"}
            )
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            medical.with_user(self.dpo).active = True
        medical.with_user(self.dpo).write(
            {"legal_ground": "CASF L345-2, HDS host", "active": True}
        )
        self.assertTrue(medical.active)


@tagged("post_install", "-at_install", "ess", "security")
class TestDocumentFile(HttpCase, DocumentCommon):
    """The file of a document opens to those who read the document, on every path."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.words = cls.canary("paper")
        cls.document = cls._make_document(
            file=base64.b64encode(cls.words.encode()), file_name="paper.txt"
        )
        cls.attachment = (
            cls.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "ess.document"),
                    ("res_id", "=", cls.document.id),
                    ("res_field", "=", "file"),
                ]
            )
        )

    def _addresses(self):
        token = self.attachment._get_raw_access_token()
        return (
            f"/web/content/{self.attachment.id}",
            f"/web/content/{self.attachment.id}?access_token={token}",
            f"/web/content/ess.document/{self.document.id}/file",
            f"/web/content/ess.document/{self.document.id}/file?access_token={token}",
            f"/web/image/{self.attachment.id}?access_token={token}",
            f"/web/image/ess.document/{self.document.id}/file",
        )

    def test_team_opens_it(self):
        self.authenticate("ess_worker", "ess_worker")
        for address in self._addresses()[:4]:
            self.assertIn(self.words, self.url_open(address).text, address)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_no_address_opens_it_to_others(self):
        for login in (
            "ess_worker2",
            "ess_coordinator",
            "ess_dpo",
            "ess_reception",
            "ess_internal_user",
            "ess_portal_user",
            None,
        ):
            self.authenticate(login, login)
            for address in self._addresses():
                answer = self.url_open(address)
                self.assertNotIn(self.words, answer.text, f"{login} {address}")

    def test_search_and_read_of_attachments(self):
        alone = [("id", "=", self.attachment.id)]
        found = self.env["ir.attachment"].with_user(self.worker).search(alone)
        self.assertEqual(found, self.attachment)
        for user in (
            self.worker2,
            self.coordinator,
            self.dpo,
            self.reception,
            self.portal_user,
        ):
            attachments = self.env["ir.attachment"].with_user(user)
            self.assertFalse(attachments.search(alone), user.login)
            self.assertFalse(self.attachment.with_user(user).has_access("read"))
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
                self.attachment.with_user(user).read(["raw"])

    def test_papers_of_a_file_are_never_public(self):
        for model, record in (
            ("ess.document", self.document),
            ("ess.beneficiary", self.person),
        ):
            vals = {"name": "x", "raw": b"x", "res_model": model, "res_id": record.id}
            attachments = self.env["ir.attachment"].with_user(self.worker)
            with self.assertRaises(ValidationError):
                attachments.create(dict(vals, public=True))
            with self.assertRaises(ValidationError):
                attachments.create(vals).public = True

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_paper_in_the_chatter_of_a_file(self):
        paper = self.env["ir.attachment"].create(
            {
                "name": "x.txt",
                "raw": self.words.encode(),
                "res_model": "ess.beneficiary",
                "res_id": self.person.id,
            }
        )
        token = paper.generate_access_token()[0]
        addresses = (
            f"/web/content/{paper.id}?access_token={token}",
            f"/web/content/{paper.id}?access_token={paper._get_raw_access_token()}",
        )
        for login in ("ess_worker2", "ess_reception", "ess_portal_user", None):
            self.authenticate(login, login)
            for address in addresses:
                answer = self.url_open(address)
                self.assertNotIn(self.words, answer.text, f"{login} {address}")
