"""A whole caseload goes from one worker to another, and back."""

from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestHandover(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["ess.beneficiary"]
        for _number in range(3):
            cls.people |= cls._make_beneficiary(team=cls.worker)
        cls.shared = cls._make_beneficiary(team=cls.worker | cls.worker2)
        cls.goal = cls.env["ess.goal"].create(
            {"beneficiary_id": cls.people[0].id, "words": "A room"}
        )
        cls.step = cls.env["ess.goal.step"].create(
            {"goal_id": cls.goal.id, "name": "Call", "user_id": cls.worker.id}
        )
        cls.activity = cls.people[1].activity_schedule(
            "mail.mail_activity_data_todo", user_id=cls.worker.id, summary="Call back"
        )
        cls.env.flush_all()

    def _make(self, user=None, **vals):
        vals = {
            "user_from_id": self.worker.id,
            "user_to_id": self.worker2.id,
            "reason": "staff_left",
            **vals,
        }
        return self.env["ess.handover"].with_user(user or self.coordinator).create(vals)

    def test_hands_everything_over(self):
        handover = self._make()
        files = self.people | self.shared
        self.assertEqual(handover.followup_ids.beneficiary_id, files)
        self.assertIn("4", handover.preview)
        handover.action_apply()
        self.assertEqual(files.mapped("referent_id"), self.worker2)
        self.assertEqual(self.step.user_id, self.worker2)
        self.assertEqual(self.activity.user_id, self.worker2)
        old = handover.followup_ids
        self.assertEqual(set(old.mapped("end_reason")), {"staff_left"})
        new = handover.sudo().started_ids
        self.assertEqual(new.beneficiary_id, self.people)
        self.assertEqual(new.create_uid, self.coordinator)
        for person in self.people:
            self.assertTrue(person.with_user(self.worker2).has_access("write"))
        self._a_day_passes(old)
        for person in files:
            self.assertFalse(person.with_user(self.worker).has_access("read"))

    def test_undo(self):
        handover = self._make()
        handover.action_apply()
        handover.action_undo()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(handover.state, "undone")
        self.assertEqual(self.people.referent_id, self.worker)
        self.assertEqual(self.step.user_id, self.worker)
        self.assertEqual(self.activity.user_id, self.worker)
        for person in self.people:
            self.assertFalse(person.with_user(self.worker2).has_access("read"))
        self.assertTrue(self.shared.with_user(self.worker2).has_access("read"))
        with self.assertRaises(UserError):
            handover.action_undo()

    def test_planned_for_a_day(self):
        day = date.today() + timedelta(days=5)
        handover = self._make(date=day)
        handover.action_apply()
        self.assertEqual(handover.state, "planned")
        self.assertEqual(self.people.referent_id, self.worker)
        self.patch(
            self.env.registry["ir.cron"], "_commit_progress", lambda *_args, **_kw: 1
        )
        self.env["ess.handover"]._cron_apply()
        self.assertEqual(handover.state, "planned")
        handover.sudo().date = date.today()
        self.env["ess.handover"]._cron_apply()
        self.assertEqual(handover.state, "done")
        self.assertEqual(self.people.referent_id, self.worker2)

    def test_some_people_only_and_nothing_moved(self):
        with Form(self.env["ess.handover"].with_user(self.coordinator)) as form:
            form.user_from_id = self.worker
            form.user_to_id = self.worker2
            form.with_steps = False
            form.with_activities = False
            form.followup_ids.remove(self.people[2].followup_ids.id)
        handover = form.record
        handover.action_apply()
        self.assertEqual(self.people[2].referent_id, self.worker)
        self.assertEqual(self.people[0].referent_id, self.worker2)
        self.assertEqual(self.step.user_id, self.worker)

    def test_refusals(self):
        for vals in (
            {"user_to_id": self.internal_user.id},
            {"user_to_id": self.other_company_user.id},
            {"followup_ids": [Command.clear()]},
        ):
            handover = self._make(**vals)
            with self.assertRaises(UserError):
                handover.action_apply()
        handover = self._make()
        handover.action_apply()
        for call in (
            handover.action_apply,
            lambda: handover.write({"date": date.today()}),
            handover.unlink,
        ):
            with self.assertRaises(UserError):
                call()

    def test_rights(self):
        own = self._make(user=self.worker)
        own.action_apply()
        with self.assertRaises(UserError):
            self._make(user=self.worker2)
        for user in (self.reception, self.internal_user, self.worker2):
            self.assertFalse(own.with_user(user).has_access("read"), user.login)
        with self.assertRaises(UserError), mute_logger("odoo.addons.base.models"):
            self._make(user=self.reception)

    def test_other_peoples_followups_stay(self):
        """Coordination names the worker, and only that worker's people go."""
        other = self._make_beneficiary(team=self.importer)
        handover = self._make(followup_ids=[Command.set(other.followup_ids.ids)])
        with self.assertRaises(UserError):
            handover.action_apply()
        self.assertEqual(other.referent_id, self.importer)

    def test_archived_user_leaves_the_teams(self):
        self.people.followup_ids.date_from = date.today() - timedelta(days=9)
        self.worker.active = False
        self.assertFalse(self.people.referent_id)
        followup = self.people[0].followup_ids
        self.assertEqual(followup.end_reason, "staff_left")

    def test_caseload_of_who_has_left_is_handed_over(self):
        """Archiving tells the coordination, who hands all the people over at once."""
        files = self.people | self.shared
        files.followup_ids.date_from = date.today() - timedelta(days=9)
        self.worker.active = False
        message = self.env["mail.message"].search(
            [("partner_ids", "in", self.coordinator.partner_id.ids)], limit=1
        )
        self.assertIn(self.worker.name, message.subject)
        self.assertIn("4 people", message.body)
        self.assertNotIn(self.people[0].last_name, message.body)
        handover = self._make()
        self.assertEqual(handover.followup_ids.beneficiary_id, files)
        ended = {line: line.date_to for line in handover.followup_ids}
        handover.action_apply()
        self.assertEqual(files.mapped("referent_id"), self.worker2)
        for line, date_to in ended.items():
            self.assertEqual((line.date_to, line.end_reason), (date_to, "staff_left"))

    def test_user_who_loses_the_profile_leaves_the_teams(self):
        officer = self.env.ref("ess_beneficiary.group_beneficiary_officer")
        self.worker.group_ids -= officer
        self.assertTrue(all(self.people.followup_ids.mapped("date_to")))

    def test_access_ends_with_the_day_without_a_job(self):
        followup = self.people[0].followup_ids
        followup.write({"date_to": date.today(), "end_reason": "handover"})
        person = self.people[0].with_user(self.worker)
        self.assertTrue(person.has_access("read"))
        self._a_day_passes(followup)
        self.assertFalse(person.has_access("read"))
        self.assertFalse(person.search([("id", "=", person.id)]))

    def _a_day_passes(self, followups):
        """Move follow-ups one day back: the rules ask the clock of the database."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ess_followup SET date_from = date_from - 1, date_to = date_to - 1"
            " WHERE id = ANY(%s)",
            (followups.ids,),
        )
        self.env.invalidate_all()
