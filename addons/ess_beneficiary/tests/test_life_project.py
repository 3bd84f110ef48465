from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestLifeProject(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker)

    def _as_worker(self):
        return self.person.with_user(self.worker)

    def test_first_goal_opens_version_1(self):
        self._as_worker().goal_ids = [Command.create({"words": "A room"})]
        project = self.person.life_project_id
        self.assertRecordValues(
            project,
            [{"version": 1, "state": "current", "author_id": self.worker.id}],
        )
        self.assertTrue(self.person.goal_ids.is_current)

    def test_words_are_kept_as_said(self):
        words = "chui fatigué, j’veux juste dormir  !\nEt mes enfants."
        self._as_worker().life_project_words = words
        self.assertEqual(self.person.life_project_id.words, words)

    def test_two_facts_at_once_open_one_version(self):
        self._as_worker().write(
            {
                "life_project_words": "Something",
                "goal_ids": [Command.create({"words": "A job"})],
            }
        )
        self.assertEqual(len(self.person.life_project_ids), 1)

    def test_agreed_words_do_not_change(self):
        self._as_worker().life_project_words = "First"
        self._as_worker().life_project_id.agreement = "oral"
        with self.assertRaises(UserError):
            self._as_worker().life_project_words = "Second"

    def test_new_version_copies_the_goals_alive(self):
        person = self._as_worker()
        person.life_project_words = "First"
        person.goal_ids = [
            Command.create({"words": "Home", "rank": 2, "progress_person": "2"}),
            Command.create({"words": "Papers", "rank": 1, "state": "reached"}),
            Command.create({"words": "Music", "rank": 3, "state": "set_aside"}),
        ]
        first = person.life_project_id
        first.agreement = "signed"
        person.action_new_life_project_version()
        second = person.life_project_id
        self.assertRecordValues(
            first | second,
            [
                {"version": 1, "state": "superseded", "agreement": "signed"},
                {"version": 2, "state": "current", "agreement": False},
            ],
        )
        self.assertEqual(second.previous_id, first)
        self.assertEqual(second.words, "First")
        self.assertEqual(second.goal_ids.mapped("words"), ["Home", "Music"])
        self.assertEqual(person.goal_ids, second.goal_ids)
        self.assertEqual(len(first.goal_ids), 3)
        self.assertEqual(second.goal_ids.mapped("state"), ["chosen", "set_aside"])

    def test_new_version_needs_a_first(self):
        with self.assertRaises(UserError):
            self._as_worker().action_new_life_project_version()

    def test_one_current_version(self):
        self._as_worker().life_project_words = "First"
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["ess.life.project"].create({"beneficiary_id": self.person.id})

    def test_reached_goal_gets_its_day(self):
        self._as_worker().goal_ids = [Command.create({"words": "A job"})]
        goal = self._as_worker().goal_ids
        goal.state = "reached"
        self.assertEqual(goal.date_reached, date.today())
        goal.state = "in_progress"
        self.assertFalse(goal.date_reached)

    def test_agreed_goal_is_not_deleted(self):
        self._as_worker().goal_ids = [Command.create({"words": "A job"})]
        self._as_worker().life_project_id.agreement = "signed"
        with self.assertRaises(UserError):
            self._as_worker().goal_ids.unlink()

    def test_next_things(self):
        person = self._as_worker()
        person.goal_ids = [
            Command.create({"words": "A <b>job</b>", "date_target": "2030-05-01"})
        ]
        person.life_project_id.date_review = "2030-04-01"
        self.assertIn("A &lt;b&gt;job&lt;/b&gt;", person.next_things)
        self.assertLess(
            person.next_things.index("life project"), person.next_things.index("job")
        )

    @users("ess_worker2")
    def test_other_team_sees_no_life_project(self):
        self.person.sudo().life_project_words = "Secret"
        self.assertFalse(
            self.env["ess.life.project"].search_count(
                [("beneficiary_id", "=", self.person.id)]
            )
        )
