import base64
import io
from datetime import date, timedelta
from html import unescape

from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestSignature(EssProgrammesCommon):
    """The sheet on paper: what it says of people, and where it is missing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.last = "Prénomtest", "Nomdetest"
        cls.person = cls._make_beneficiary(
            team=cls.worker, first_name=cls.first, last_name=cls.last
        )
        cls.session = cls._make_session(user_id=cls.worker.id)
        cls.presence = cls._make_presence(cls.session, cls.person)

    def _print(self, session=None, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.worker)
        html, _kind = report._render_qweb_html(
            "ess_programmes.report_session_sheet", (session or self.session).ids
        )
        return unescape(html.decode())

    def test_first_name_and_initial(self):
        html = self._print()
        self.assertIn(f"{self.first} N.", html)
        self.assertNotIn(self.last.upper(), html.upper())
        self.assertIn(self.programme.name, html)

    def test_whole_name_when_the_funder_asks_for_it(self):
        self.programme.sheet_names = "full"
        self.assertIn(self.person.display_name, self._print())
        self.programme.sheet_names = "reference"
        html = self._print()
        self.assertIn(self.person.ref, html)
        self.assertNotIn(self.first, html)

    def test_file_that_cannot_be_read_is_a_number(self):
        other = self._make_beneficiary(team=self.worker2, first_name="Cachée")
        self._make_presence(self.session, other)
        html = self._print()
        self.assertIn(other.ref, html)
        self.assertNotIn("Cachée", html)

    def test_discreet_programme_prints_slips_without_a_service(self):
        self.programme.is_discreet = True
        html = self._print()
        self.assertIn(f"{self.first} N.", html)
        self.assertNotIn(self.programme.name, html)
        self.assertNotIn("Attendance sheet", html)

    def test_protected_file_has_its_slip_for_its_team_only(self):
        hidden = self._make_beneficiary(
            team=self.worker, first_name="Protégée", is_protected=True
        )
        self._make_presence(self.session, hidden)
        self.env.flush_all()
        common, slips = self.session.with_user(self.worker)._split_signature_lines()
        self.assertEqual(common.beneficiary_id, self.person)
        self.assertEqual(slips.beneficiary_id, hidden)
        self.assertNotIn("Protégée", self._print(user=self.coordinator))
        self.assertNotIn(hidden.ref, self._print(user=self.coordinator))

    def test_empty_sheet_is_not_printed(self):
        with self.assertRaisesRegex(UserError, "Nobody is on the sheet"):
            self._make_session().with_user(self.worker).action_print_sheet()

    def test_missing_signed_sheets(self):
        sessions = self.env["ess.session"].with_user(self.worker)
        missing = [("is_signature_missing", "=", True)]
        self.session.state = "done"
        self.assertNotIn(self.session, sessions.search(missing))
        self.programme.needs_signed_sheet = True
        absent = self._make_session(state="done")
        self._make_presence(absent, state="absent")
        self.assertEqual(
            sessions.search([*missing, ("programme_id", "=", self.programme.id)]),
            self.session,
        )
        self.assertTrue(self.session.is_signature_missing)
        self._upload()
        self.assertFalse(sessions.search(missing) & self.session)
        self.session.invalidate_recordset()
        self.assertFalse(self.session.is_signature_missing)

    def _upload(self, **vals):
        return (
            self.env["ess.session.sheet"]
            .with_user(self.worker)
            .create(
                {
                    "session_id": self.session.id,
                    "file": base64.b64encode(b"scan"),
                    "file_name": "feuille.pdf",
                    **vals,
                }
            )
        )

    def test_who_reads_a_signed_sheet(self):
        sheet = self._upload()
        slip = self._upload(beneficiary_id=self.person.id)
        self.person.write({"is_protected": True, "protection_reason": "violence"})
        self.env.flush_all()
        self.assertTrue(sheet.with_user(self.coordinator).has_access("write"))
        self.assertFalse(slip.with_user(self.coordinator).has_access("read"))
        self.assertTrue(slip.with_user(self.worker).has_access("read"))
        for user in (self.worker2, self.reception, self.volunteer_officer):
            self.assertFalse(sheet.with_user(user).has_access("read"))
        self.assertFalse(sheet.with_user(self.worker).has_access("unlink"))

    # === EXPORT
    def _export(self, user=None, **vals):
        export = (
            self.env["ess.presence.export"]
            .with_user(user or self.worker)
            .create(
                {
                    "programme_id": self.programme.id,
                    "date_from": date.today() - timedelta(days=2),
                    "date_to": date.today() + timedelta(days=1),
                    **vals,
                }
            )
        )
        action = export.action_export()
        self.assertIn(f"/{export.id}/file/", action["url"])
        return base64.b64decode(export.file)

    def test_one_file_for_three_readers(self):
        self.session.place = "=cmd()"
        self._make_presence(self.session, headcount=3, state="present")
        book = load_workbook(io.BytesIO(self._export()))
        lines, people, sessions = (list(sheet.values) for sheet in book)
        self.assertEqual(len(lines), 3)
        named = next(row for row in lines if row[4] == self.person.ref)
        self.assertEqual((named[5], named[8]), (f"{self.first} N.", 2))
        self.assertEqual(people[1][:3], (self.person.ref, f"{self.first} N.", 1))
        self.assertEqual(sessions[1][2:5], (self.worker.name, 2, 4))

    def test_cells_of_a_csv_are_no_formulas(self):
        self.session.place = "=cmd()"
        content = self._export(file_format="csv").decode("utf-8-sig")
        self.assertIn("'=cmd()", content)
        self.assertIn(self.person.ref, content)

    def test_export_is_told_and_follows_the_rights(self):
        hidden = self._make_beneficiary(team=self.worker2, is_protected=True)
        self._make_presence(self.session, hidden)
        content = self._export(self.coordinator, file_format="csv")
        self.assertNotIn(hidden.ref.encode(), content)
        with self.assertRaisesRegex(UserError, "No presence"):
            self._export(self.worker2)

    # === CARE
    def _absent(self, days, state="absent", person=None):
        session = self._make_session(start=fields.Datetime.now() - timedelta(days=days))
        self._make_presence(session, person or self.person, state=state)
        session.action_close()
        return session

    def _calls(self, person=None):
        kind = self.env.ref("ess_programmes.mail_activity_type_care")
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "ess.beneficiary"),
                ("res_id", "=", (person or self.person).id),
                ("activity_type_id", "=", kind.id),
            ]
        )

    def test_three_absences_ask_for_a_call_once(self):
        self.presence.state = "expected"
        for days in (9, 7):
            self._absent(days)
        self._absent(6, state="excused")
        self.assertFalse(self._calls())
        self._absent(5)
        self.assertRecordValues(self._calls(), [{"user_id": self.worker.id}])
        self.assertNotIn(self.programme.name, self._calls().summary)
        self._absent(3)
        self.assertEqual(len(self._calls()), 1)

    def test_a_presence_between_breaks_the_row(self):
        self.presence.state = "expected"
        self._absent(9)
        self._absent(8)
        self._absent(7, state="present")
        self._absent(5)
        self.assertFalse(self._calls())
        self.programme.care_absences = 0
        self._absent(4)
        self._absent(3)
        self.assertFalse(self._calls())

    def test_call_goes_to_someone_who_may_read_the_file(self):
        person = self._make_beneficiary(team=self.worker2, is_protected=True)
        self.programme.care_absences = 1
        self.env.flush_all()
        self._absent(2, person=person)
        self.assertEqual(self._calls(person).user_id, self.worker2)
