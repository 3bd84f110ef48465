from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestGoalStep(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker)
        cls.person.with_user(cls.worker).goal_ids = [
            Command.create({"words": "A room"})
        ]
        cls.goal = cls.person.goal_ids.with_user(cls.worker)

    def _step(self, **vals):
        vals = {"goal_id": self.goal.id, "name": "Call the town hall", **vals}
        return self.env["ess.goal.step"].with_user(self.worker).create(vals)

    def test_step_of_a_worker_is_an_activity(self):
        step = self._step(date_due="2030-02-01")
        self.assertRecordValues(
            step.activity_id,
            [
                {
                    "res_model": "ess.beneficiary",
                    "res_id": self.person.id,
                    "user_id": self.worker.id,
                    "summary": "Call the town hall",
                    "date_deadline": date(2030, 2, 1),
                }
            ],
        )
        self.assertEqual(step.beneficiary_id, self.person)

    def test_step_of_the_person_is_no_activity(self):
        steps = self._step(who="person") | self._step(who="other", who_else="Sister")
        self.assertFalse(steps.activity_id)
        self.assertFalse(steps.user_id)

    def test_activity_done_finishes_the_step(self):
        step = self._step()
        step.activity_id.action_feedback(feedback="Sent")
        self.assertEqual(step.date_done, date.today())

    def test_step_done_finishes_the_activity(self):
        step = self._step()
        activity = step.activity_id
        step.is_done = True
        self.assertEqual(step.date_done, date.today())
        self.assertFalse(activity.active)
        self.assertFalse(self.person.activity_ids)

    def test_step_opened_again_gets_an_activity(self):
        step = self._step()
        step.is_done = True
        step.is_done = False
        self.assertFalse(step.date_done)
        self.assertTrue(step.activity_id.active)

    def test_activity_follows_the_step(self):
        step = self._step()
        step.write({"name": "Write to the town hall", "date_due": "2031-01-01"})
        self.assertRecordValues(
            step.activity_id,
            [
                {
                    "summary": "Write to the town hall",
                    "date_deadline": date(2031, 1, 1),
                }
            ],
        )
        activity = step.activity_id
        step.who = "person"
        self.assertFalse(activity.exists())

    def test_deleted_step_cancels_its_activity(self):
        step = self._step()
        activity = step.activity_id
        step.unlink()
        self.assertFalse(activity.exists())

    def test_no_activity_for_who_cannot_read_the_file(self):
        with self.assertRaises(UserError):
            self._step(user_id=self.worker2.id)

    def test_steps_to_do_go_on_in_the_next_version(self):
        done, todo = self._step(), self._step(name="Fill in the form")
        done.is_done = True
        self.person.with_user(self.worker).action_new_life_project_version()
        following = self.person.goal_ids
        self.assertNotEqual(following, self.goal)
        self.assertEqual(todo.goal_id, following)
        self.assertEqual(done.goal_id.id, self.goal.id)
        self.assertTrue(todo.activity_id.active)

    def test_next_step_of_a_goal(self):
        self._step(name="Later", date_due="2031-01-01")
        self._step(name="First", date_due="2030-01-01", who="person")
        self.assertIn("First", self.goal.next_step)
        self.assertIn("The person", self.goal.next_step)
        self.goal.step_ids.filtered(lambda step: step.name == "First").is_done = True
        self.assertIn("Later", self.goal.next_step)

    def test_rights(self):
        step = self._step()
        for user in (self.worker2, self.reception, self.internal_user):
            with self.assertRaises(AccessError):
                step.with_user(user).read(["name"])
        self.assertEqual(step.with_user(self.dpo).name, "Call the town hall")
        with self.assertRaises(AccessError):
            step.with_user(self.dpo).write({"name": "Other"})
        step.with_user(self.coordinator).name = "Seen by coordination"
        with self.assertRaises(AccessError):
            self.env["ess.goal.step"].with_user(self.worker2).create(
                {"goal_id": self.goal.id, "name": "Intruder", "who": "person"}
            )
