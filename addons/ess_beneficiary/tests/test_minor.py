import base64
from datetime import date

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestMinor(HttpCase, EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.street = cls.canary("street")
        cls.phone = "06 11 22 33 44"
        cls.child = cls._make_beneficiary(
            team=cls.worker | cls.worker2,
            birth_date="2010-05-04",
            street=cls.street,
            phone=cls.phone,
        )
        cls.parent = cls._make_beneficiary(team=cls.worker)

    def _guardian(self, user=None, **vals):
        guardians = self.env["ess.guardian"].with_user(user or self.worker)
        vals.setdefault("beneficiary_id", self.child.id)
        vals.setdefault("may_see", "file")
        vals.setdefault("date_from", date(2020, 1, 1))
        if "name" not in vals:
            vals.setdefault("holder_id", self.parent.id)
        return guardians.create(vals)

    def _make_report(self, words):
        """A child-protection report, with these words wherever words go."""
        kind = self.env.ref("ess_beneficiary.ess_document_type_child_alert")
        return self.env["ess.document"].create(
            {
                "beneficiary_id": self.child.id,
                "type_id": kind.id,
                "name": words,
                "note": words,
                "file": base64.b64encode(words.encode()),
                "file_name": f"{words}.txt",
            }
        )

    def _get_addresses(self, document):
        """The addresses that could hand out the file of a document."""
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "ess.document"),
                ("res_id", "=", document.id),
                ("res_field", "=", "file"),
            ]
        )
        token = attachment.sudo().generate_access_token()[0]
        return (
            f"/web/content/{attachment.id}",
            f"/web/content/ess.document/{document.id}/file",
            f"/web/content/{attachment.id}?access_token={token}",
        )

    # === AGE

    def test_birthday(self):
        cases = {
            ("2010-05-04", "day"): date(2028, 5, 4),
            ("2010-05-01", "month"): date(2028, 5, 31),
            ("2010-01-01", "year"): date(2028, 12, 31),
            ("2010-01-01", "estimated"): date(2028, 12, 31),
            ("2012-02-29", "day"): date(2030, 3, 1),
        }
        for (birth, precision), expected in cases.items():
            self.child.write({"birth_date": birth, "birth_date_precision": precision})
            self.assertEqual(self.child.date_majority, expected, (birth, precision))
        self.child.birth_date = False
        self.assertFalse(self.child.date_majority)
        self.assertFalse(self.child.is_minor)

    def test_search_agrees_with_the_computed_age(self):
        people = self.env["ess.beneficiary"].concat(
            *(
                self._make_beneficiary(birth_date=birth, birth_date_precision=precision)
                for birth in ("2008-03-14", "2008-03-15", "2008-03-16", "2008-01-01")
                for precision in ("day", "month", "year", "estimated")
            )
        )
        for today in ("2026-03-14", "2026-03-15", "2026-03-31", "2026-12-31"):
            with freeze_time(today):
                people.invalidate_recordset()
                found = people.search(
                    [("id", "in", people.ids), ("is_minor", "=", True)]
                )
                self.assertEqual(found, people.filtered("is_minor").sorted("id", True))

    @freeze_time("2026-03-15")
    def test_declared_age_is_said_to_be_declared(self):
        self.assertEqual(self.child.age_words, "15 years old")
        self.child.is_age_declared = True
        self.assertIn("declared", self.child.age_words)
        assessed = [name for name in self.child._fields if "assess" in name]
        self.assertFalse(assessed)

    # === OWN ACCESS

    def test_own_access_from_15_by_the_referent(self):
        child = self.child.with_user(self.worker)
        with freeze_time("2025-05-03"), self.assertRaises(UserError):
            child.action_give_own_access()
        with freeze_time("2025-05-04"):
            self.assertFalse(child._may_read_own_file())
            with self.assertRaises(UserError):  # not the referent
                self.child.with_user(self.worker2).action_give_own_access()
            child.action_give_own_access()
            self.assertTrue(child._may_read_own_file())
            self.assertEqual(child.own_access_by_id, self.worker)
            self.child.with_user(self.worker).action_stop_own_access()
            self.assertFalse(child._may_read_own_file())
        with freeze_time("2028-05-04"):
            child.invalidate_recordset()
            self.assertTrue(child._may_read_own_file())
            with self.assertRaises(UserError):
                child.action_give_own_access()

    # === HOLDERS

    def test_nothing_before_the_check(self):
        guardian = self._guardian()
        self.assertEqual(guardian.told_now, "check")
        with self.assertRaises(UserError):
            guardian.action_download_readable_file()
        with self.assertRaises(UserError):  # worker2 is not the referent
            guardian.with_user(self.worker2).action_check()
        guardian.action_check()
        self.assertEqual(guardian.told_now, "file")
        guardian.may_see = "practical"
        self.assertEqual(guardian.told_now, "check")

    def test_authority_ends_at_18_by_itself(self):
        guardian = self._guardian(name="Service ASE", quality="child_welfare")
        guardian.action_check()
        with freeze_time("2028-05-03"):
            guardian.invalidate_recordset()
            self.assertEqual(guardian.told_now, "file")
            self.env["ess.guardian"]._cron_end_at_majority()
            self.assertFalse(guardian.date_to)
        with freeze_time("2028-05-04"):
            guardian.invalidate_recordset()
            self.assertEqual(guardian.told_now, "ended")  # before any job
            with self.assertRaises(UserError):
                guardian.action_download_readable_file()
            self.env["ess.guardian"]._cron_end_at_majority()
            self.assertEqual(guardian.date_to, date(2028, 5, 3))
            self.assertEqual(guardian.end_reason, "majority")

    def test_dates_and_reason(self):
        guardian = self._guardian()
        with self.assertRaises(ValidationError):
            guardian.date_to = date(2026, 1, 1)
        guardian.write({"date_to": date(2026, 1, 1), "end_reason": "decision"})
        guardian.action_check()
        with freeze_time("2026-01-01"):
            guardian.invalidate_recordset()
            self.assertTrue(guardian.is_in_force)
        with freeze_time("2026-01-02"):
            guardian.invalidate_recordset()
            self.assertFalse(guardian.is_in_force)

    def test_a_file_or_a_name(self):
        for vals in ({"holder_id": False}, {"name": "x", "holder_id": self.parent.id}):
            with (
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self._guardian(**vals)

    def test_holder_out_of_reach_does_not_exist(self):
        guardian = self._guardian()
        self.assertTrue(self.child.with_user(self.worker2).has_access("read"))
        self.assertFalse(
            self.env["ess.guardian"]
            .with_user(self.worker2)
            .search_count([("beneficiary_id", "=", self.child.id)])
        )
        self.assertFalse(guardian.with_user(self.worker2).has_access("read"))
        far = self._make_beneficiary(team=self.worker2)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self._guardian(holder_id=far.id)

    # === COPIES

    def test_copy_says_not_where(self):
        value = self.env.ref("ess_beneficiary.ess_situation_value_housing_hotel")
        self.child.situation_ids = [(0, 0, {"value_id": value.id})]
        self.child._enter_household(self.env["ess.household"])
        guardian = self._guardian()
        guardian.action_check()
        content = guardian._get_readable_file()
        told = str(content)
        for secret in (self.street, self.phone, value.name, self.worker.name):
            self.assertNotIn(secret, told)
        self.assertLessEqual(
            set(content), guardian._get_allowed_sections() | {"people_around"}
        )
        self.assertFalse(content["people_around"])

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_child_report_reaches_no_parent_by_any_way(self):
        """Copy of the child, copy for the parent, own login, addresses of the paper."""
        words = self.canary("report")
        report = self._make_report(words)
        mine = self.env["ess.document"].create(
            {
                "beneficiary_id": self.child.id,
                "type_id": self.env.ref("ess_beneficiary.ess_document_type_cv").id,
                "visibility": "shared",
            }
        )
        guardian = self._guardian(may_see="file")
        guardian.action_check()
        copies = {
            "child": self.child.with_user(self.worker)._get_readable_file(),
            "parent": guardian.with_user(self.worker)._get_readable_file(),
        }
        for whose, copy in copies.items():
            told = str(copy)
            for secret in (
                words,
                report.type_id.name,
                base64.b64encode(words.encode()).decode(),
            ):
                self.assertNotIn(secret, told, whose)
        self.assertIn(mine.name, str(copies["child"]))
        self.env.flush_all()
        # a parent with a login, and one whose child is in a programme here
        for user in (self.portal_user, self.internal_user):
            self.assertFalse(report.with_user(user).has_access("read"))
            self.authenticate(user.login, None)
            for address in self._get_addresses(report):
                answer = self.url_open(address)
                self.assertNotIn(words, answer.text, address)

    def test_copy_over_http(self):
        guardian = self._guardian()
        url = f"/ess/guardian/{guardian.id}/person-file.json"
        self.authenticate(self.worker.login, None)
        self.assertEqual(self.url_open(url).status_code, 404)
        guardian.action_check()
        self.env.flush_all()
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn(self.street, answer.text)
        for user in (self.worker2, self.reception, self.internal_user):
            self.authenticate(user.login, None)
            self.assertEqual(self.url_open(url).status_code, 404, user.login)

    def test_roles(self):
        guardian = self._guardian()
        self.assertTrue(guardian.with_user(self.dpo).has_access("read"))
        self.assertFalse(guardian.with_user(self.dpo).has_access("write"))
        self.assertTrue(guardian.with_user(self.coordinator).has_access("write"))
        for user in (self.reception, self.internal_user, self.portal_user):
            self.assertFalse(guardian.with_user(user).has_access("read"))
