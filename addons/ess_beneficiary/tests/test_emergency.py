"""Emergency access: for some hours, with a reason, and everybody who must know does."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon

REASON = "She is here tonight and her referent is on leave"


@tagged("post_install", "-at_install", "ess", "security")
class TestEmergency(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(
            team=cls.worker,
            last_name="Inventée",
            first_name="Camille",
            birth_date=date(1990, 5, 17),
            phone="06 11 22 33 44",
        )
        cls.env.flush_all()

    def _ask(self, user=None, **vals):
        vals.setdefault("reason", REASON)
        if not {"ref", "last_name"} & vals.keys():
            vals["ref"] = self.person.ref
        wizard = (
            self.env["ess.emergency.request"]
            .with_user(user or self.worker2)
            .create(vals)
        )
        wizard.action_ask()
        return (
            self.env["ess.emergency.access"]
            .sudo()
            .search([("user_id", "=", (user or self.worker2).id)], limit=1)
        )

    def test_opens_for_a_day(self):
        person = self.person.with_user(self.worker2)
        self.assertFalse(person.has_access("read"))
        access = self._ask()
        self.assertTrue(person.has_access("read"))
        self.assertEqual(person.phone, "06 11 22 33 44")
        self.assertEqual(person.search([("id", "=", person.id)]), person)
        now = datetime.now()
        self.assertAlmostEqual(
            access.date_to, now + timedelta(hours=24), delta=timedelta(minutes=5)
        )
        # a day later: the rule asks the clock of the database
        access.write(
            {"date_from": now - timedelta(days=2), "date_to": now - timedelta(days=1)}
        )
        self.env.invalidate_all()
        self.assertFalse(person.has_access("read"))
        self.assertFalse(person.search([("id", "=", person.id)]))

    def test_reads_only(self):
        self._ask()
        person = self.person.with_user(self.worker2)
        self.assertFalse(person.has_access("write"))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self.env["ess.followup"].with_user(self.worker2).create(
                {"beneficiary_id": person.id, "user_id": self.worker2.id}
            )

    def test_hours_are_a_setting(self):
        parameters = self.env["ir.config_parameter"].sudo()
        for text, hours in (("4", 4), ("bad", 24), ("100000", 72)):
            parameters.set_param("ess_beneficiary.emergency_hours", text)
            access = self._ask()
            access.date_to = datetime.now()
            self.assertEqual(self.env["ess.emergency.access"]._get_hours(), hours, text)
            self.env.invalidate_all()

    def test_ends_at_once(self):
        access = self._ask()
        with self.assertRaises(UserError):
            access.with_user(self.coordinator).action_end()
        access.with_user(self.worker2).action_end()
        self.assertFalse(access.is_in_force)
        # the rule asks the clock of the database, which stands still in a transaction
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ess_emergency_access SET date_from = date_from - interval '1 hour',"
            " date_to = date_to - interval '1 hour' WHERE id = %s",
            (access.id,),
        )
        self.env.invalidate_all()
        self.assertFalse(self.person.with_user(self.worker2).has_access("read"))

    def test_leaves_a_line_and_readings_say_so(self):
        self._ask()
        self.env.flush_all()
        self.env.cr.precommit.run()
        lines = self.env["ess.access.log"].sudo()
        line = lines.search([("user_id", "=", self.worker2.id)], limit=1)
        self.assertEqual((line.kind, line.reason_id.name), ("break_glass", REASON))
        self.person.with_user(self.worker2).read(["phone"])
        self.env.cr.precommit.run()
        line = lines.search([("user_id", "=", self.worker2.id)], limit=1)
        self.assertEqual((line.kind, line.role), ("open", "emergency"))

    def test_officer_is_told_at_once(self):
        before = self.env["mail.mail"].sudo().search([], limit=1).id or 0
        access = self._ask()
        self.assertIn(self.dpo, access.activity_ids.user_id)
        mail = self.env["mail.mail"].sudo().search([("id", ">", before)])
        mail = mail.filtered(lambda mail: self.dpo.email in (mail.email_to or ""))
        self.assertIn(self.person.ref, mail[:1].body_html)
        for text in ("Inventée", REASON):
            self.assertNotIn(text, str(mail.mapped("body_html")))

    def test_person_is_told(self):
        access = self._ask()
        self.assertEqual(access.told_state, "to_tell")
        self.assertIn(self.worker, access.activity_ids.user_id)
        with self.assertRaises(UserError):
            access.with_user(self.worker2).action_person_told()
        access.with_user(self.worker).action_person_told()
        self.assertRecordValues(
            access, [{"told_state": "told", "told_user_id": self.worker.id}]
        )
        with self.assertRaises(UserError):
            access.with_user(self.worker).action_person_told()

    def test_officer_defers_with_a_reason_and_a_date(self):
        access = self._ask()
        defer = self.env["ess.emergency.defer"].with_user(self.dpo)
        day = date.today() + timedelta(days=7)
        for vals in (
            {"reason": "x", "date": day},
            {"reason": REASON, "date": date.today()},
        ):
            with self.assertRaises(UserError):
                defer.create(dict(vals, access_id=access.id)).action_defer()
        defer.create(
            {
                "access_id": access.id,
                "reason": "Her partner reads the post",
                "date": day,
            }
        ).action_defer()
        self.assertEqual((access.told_state, access.defer_date), ("deferred", day))
        access.activity_ids.unlink()
        with freeze_time(day):
            self.env["ess.emergency.access"]._cron_tell()
        self.assertEqual(access.told_state, "to_tell")
        self.assertIn(self.worker, access.activity_ids.user_id)
        self.assertFalse(defer.with_user(self.worker).has_access("create"))

    def test_protected_file_never_opens(self):
        """A protected file, no file and two files get the very same words."""
        answers = set()
        self.person.is_protected = True
        twin = {"last_name": "Jumeau", "first_name": "Ali", "birth_date": "2000-01-02"}
        self._make_beneficiary(team=self.worker, **twin)
        self._make_beneficiary(team=self.worker, **twin)
        for vals in (
            {"ref": self.person.ref},
            {"ref": "D00-99999"},
            {"ref": "%"},
            twin,
            {"last_name": "Inventée", "first_name": "Camille"},
        ):
            with self.assertRaises(UserError) as error:
                self._ask(**vals)
            answers.add(str(error.exception))
        self.assertEqual(len(answers), 1)

    def test_file_protected_meanwhile_closes(self):
        self._ask()
        self.person.is_protected = True
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self.person.with_user(self.worker2).has_access("read"))

    def test_by_name_and_birth_date(self):
        access = self._ask(
            last_name="inventée", first_name="camille", birth_date="1990-05-17"
        )
        self.assertEqual(access.beneficiary_id, self.person)

    def test_reason_is_needed(self):
        with self.assertRaises(UserError):
            self._ask(reason="x")
        self.assertFalse(self.person.with_user(self.worker2).has_access("read"))

    def test_who_may_ask_and_see(self):
        for user in (self.reception, self.internal_user, self.dpo):
            self.assertFalse(
                self.env["ess.emergency.request"].with_user(user).has_access("create")
            )
        access = self._ask()
        for user in (self.worker2, self.worker, self.coordinator, self.dpo):
            self.assertTrue(access.with_user(user).has_access("read"), user.login)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(access.with_user(user).has_access(operation))
        for user in (self.reception, self.internal_user, self.other_company_user):
            self.assertFalse(access.with_user(user).has_access("read"), user.login)

    def test_own_file_just_opens(self):
        self._ask(user=self.worker)
        self.assertFalse(
            self.env["ess.emergency.access"].search([("user_id", "=", self.worker.id)])
        )
