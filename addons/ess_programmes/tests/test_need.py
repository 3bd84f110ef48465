from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import EssProgrammesCommon


@tagged("post_install", "-at_install", "ess")
class TestNeed(EssProgrammesCommon):
    """Goals and requests against the programmes that answer them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.programme._today()
        cls.theme = cls.env["ess.goal.theme"].create(
            {
                "name": "Un toit",
                "code": "test_need",
                "theme_ids": [Command.create(cls._code("category", "test-toit"))],
            }
        )
        cls.kind = cls.env["ess.request.type"].create(
            {"name": "Toit", "code": "toit_t", "theme_id": cls.theme.theme_ids.id}
        )
        cls.people = cls.env["ess.beneficiary"]
        for _number in range(2):
            cls.people += cls._make_beneficiary(cls.worker)
        cls.goals = cls._make_goals()
        cls.zone = cls.env["ess.territory"].create({"name": cls.canary("Zone")})
        cls.request = cls.env["ess.request"].create(
            {
                "beneficiary_id": cls.people[0].id,
                "type_id": cls.kind.id,
                "date": cls.today,
                "territory_id": cls.zone.id,
                "state": "not_served",
                "reason_id": cls._refusal("full").id,
            }
        )

    @classmethod
    def _make_goals(cls):
        projects = cls.env["ess.life.project"].create(
            [
                {"beneficiary_id": person.id, "state": "current", "date": cls.today}
                for person in cls.people
            ]
        )
        return cls.env["ess.goal"].create(
            [
                {
                    "life_project_id": project.id,
                    "words": "Une chambre",
                    "theme_id": cls.theme.id,
                }
                for project in projects
            ]
        )

    @staticmethod
    def _code(scheme, code):
        return {"scheme": scheme, "code": code, "name": code}

    def _lines(self, **vals):
        need = self.env["ess.need"].with_user(self.coordinator).create(vals)
        need.action_count()
        return need.line_ids.filtered(lambda line: line.theme_id == self.theme)

    def _check_numbers_open_records(self, line):
        for field, action in (
            ("goal_count", line.action_open_goals()),
            ("goal_alone_count", line.action_open_goals_alone()),
            ("request_count", line.action_open_requests()),
            ("unmet_count", line.action_open_unmet()),
            ("programme_count", line.action_open_programmes()),
        ):
            found = self.env[action["res_model"]].search_count(action["domain"])
            self.assertEqual(line[field], found, field)

    def test_what_has_no_answer_then_a_programme_for_it(self):
        line = self._lines()
        self.assertRecordValues(
            line,
            [
                {
                    "goal_count": 2,
                    "goal_alone_count": 2,
                    "request_count": 1,
                    "unmet_count": 1,
                    "programme_count": 0,
                }
            ],
        )
        self._check_numbers_open_records(line)
        action = line.action_new_programme()
        programmes = self.env["ess.programme"].with_user(self.coordinator)
        with Form(programmes.with_context(**action["context"])) as form:
            form.name = "Intermédiation locative"
        programme = form.record
        self.assertEqual(programme.goal_theme_ids, self.theme)
        stay = self._make_enrolment(self.people[0], programme)
        stay.goal_ids = self.goals[0]
        line = self._lines()
        self.assertEqual((line.programme_count, line.goal_alone_count), (1, 1))
        self._check_numbers_open_records(line)
        self.assertFalse(self._lines(only_unanswered=True))

    def test_programme_shows_its_goals_and_how_they_ended(self):
        stays = [self._make_enrolment(person) for person in self.people]
        for stay, goal in zip(stays, self.goals, strict=True):
            stay.goal_ids = goal
        self.goals[0].state = "reached"
        programme = self.programme.with_user(self.coordinator)
        self.assertEqual((programme.goal_count, programme.goal_reached_count), (2, 1))
        goals = self.env["ess.goal"]
        self.assertEqual(
            goals.search(programme.action_open_goals()["domain"]), self.goals
        )
        self.assertEqual(
            goals.search(programme.action_open_goals_reached()["domain"]),
            self.goals[0],
        )

    def test_by_month_and_by_zone(self):
        months = self._lines(split="month")
        self.assertEqual(months.date_to, self.today)
        self.assertEqual(months.goal_count, 2)
        zones = self._lines(split="territory")
        self.assertEqual(zones.territory_id, self.zone)
        self.assertEqual((zones.goal_count, zones.unmet_count), (1, 1))
        self._check_numbers_open_records(zones)
        other = self.env["ess.territory"].create({"name": self.canary("Zone")})
        self.assertFalse(self._lines(territory_id=other.id))

    def test_protected_files_are_not_counted_for_others(self):
        self.people[0].sudo().is_protected = True
        self.assertEqual(self._lines().goal_count, 1)

    def test_days_in_order_and_coordination_only(self):
        with self.assertRaisesRegex(UserError, "after the last"):
            self._lines(date_from=self.today, date_to=self.today - timedelta(days=1))
        with self.assertRaises(AccessError):
            self.env["ess.need"].with_user(self.worker).action_open_screen()
