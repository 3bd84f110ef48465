from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EssProgrammesCommon


@tagged("post_install", "-at_install", "ess")
class TestToday(EssProgrammesCommon):
    """The start page: own sessions for a worker, those of the team for coordination."""

    def _get_sessions(self, profile, user):
        """Return what the start page of a profile shows to a user."""
        action = self.env.ref(f"ess_beneficiary.profile_{profile}").action_id
        action = self.env["ir.actions.act_window"].browse(action.id)
        sessions = self.env["ess.session"].with_user(user)
        search = etree.fromstring(sessions.get_view(view_type="search")["arch"])
        domain = []
        for key in literal_eval(action.context):
            if key.startswith("search_default_"):
                name = key.removeprefix("search_default_")
                text = search.find(f".//filter[@name='{name}']").get("domain")
                domain += literal_eval(text.replace("uid", str(user.id)))
        return sessions.search(domain)

    def test_home_of_coordination_shows_the_team(self):
        coordinator = self.coordinator
        session = self._make_session(user_id=self.worker.id)
        self.assertIn(session, self._get_sessions("coordinator", coordinator))
        self.assertIn(session, self._get_sessions("field_worker", self.worker))
        self.assertNotIn(session, self._get_sessions("field_worker", coordinator))


@tagged("post_install", "-at_install", "ess")
class TestTodayLines(EssProgrammesCommon):
    """What waits beyond the sessions: each line counts and opens the same records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.programme._today()
        cls.programme.needs_signed_sheet = True
        yesterday = fields.Datetime.now() - timedelta(days=2)
        late = cls._make_session(start=yesterday, user_id=cls.worker.id)
        held = cls._make_session(start=yesterday, user_id=cls.worker.id)
        cls.person = cls._make_beneficiary(cls.worker)
        cls._make_presence(held, cls._make_beneficiary(), state="present")
        held.state = "done"
        cls.silent = cls._make_beneficiary()
        cls._make_enrolment(cls.silent, date_start=cls.today - timedelta(days=61))
        recent = cls._make_enrolment(date_start=cls.today - timedelta(days=59))
        met = cls._make_enrolment(date_start=cls.today - timedelta(days=90))
        cls._make_presence(
            cls._make_session(state="planned"), met.beneficiary_id, state="present"
        )
        asked = cls._make_enrolment(stage="asked")
        cls._make_enrolment(programme=cls.programme_2, stage="asked")
        cls._ask_a_care_call(cls.person)
        cls.expected = {
            "sheets": late,
            "signatures": held,
            "applications": asked,
            "snapshots": (recent + met).snapshot_ids,
            "care": cls.person,
            "reviews": cls._make_project(cls.person),
            "requests": cls._make_request(cls.person),
            "no_news": cls.silent,
        }

    @classmethod
    def _make_project(cls, person):
        return cls.env["ess.life.project"].create(
            {
                "beneficiary_id": person.id,
                "state": "current",
                "date_review": cls.today,
            }
        )

    @classmethod
    def _make_request(cls, person):
        kind = cls.env["ess.request.type"].search([], limit=1)
        return cls.env["ess.request"].create(
            {"beneficiary_id": person.id, "type_id": kind.id}
        )

    @classmethod
    def _ask_a_care_call(cls, person):
        kind = cls.env.ref("ess_programmes.mail_activity_type_care")
        cls.env["mail.activity"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id("ess.beneficiary"),
                "res_id": person.id,
                "activity_type_id": kind.id,
                "user_id": cls.worker.id,
                "date_deadline": cls.today,
            }
        )

    def _lines(self, user):
        lines = self.env["ess.today"].with_user(user).action_read_lines()
        return {line["key"]: line["count"] for line in lines}

    def test_each_line_counts_and_opens_its_records(self):
        today = self.env["ess.today"].with_user(self.worker)
        lines = self._lines(self.worker)
        self.assertEqual(lines.keys(), self.expected.keys())
        for key, records in self.expected.items():
            with self.subTest(key):
                action = today.action_open_line(key)
                found = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(lines[key], str(len(found)))
                self.assertLessEqual(records, found)

    def test_nothing_of_others(self):
        lines = self._lines(self.worker2)
        self.assertEqual(lines, {"applications": "1"})

    def test_reception_sees_only_what_it_noted(self):
        self.assertEqual(self._lines(self.reception), {})
        with self.assertRaises(UserError):
            self.env["ess.today"].with_user(self.reception).action_open_line("sheets")

    def test_coordination_sees_the_sheets_of_all(self):
        lines = self._lines(self.coordinator)
        self.assertIn("sheets", lines)
        self.assertNotIn("no_news", lines)

    def test_no_news_can_be_switched_off(self):
        self.company.no_news_days = 0
        self.assertNotIn("no_news", self._lines(self.worker))
