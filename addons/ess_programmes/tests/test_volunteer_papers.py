from contextlib import contextmanager
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestVolunteerPapers(EssProgrammesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.tomorrow = fields.Datetime.now() + timedelta(days=1)
        cls.volunteer = cls._make_volunteer(engagement="volunteer")
        cls.programme.minors = "contact"
        cls.shift = cls._make_session(start=cls.tomorrow, kind="mission")

    @classmethod
    def _show(cls, code, volunteer=None, **vals):
        return cls.env["ess.volunteer.paper"].create(
            {
                "volunteer_id": (volunteer or cls.volunteer).id,
                "type_id": cls.env.ref(f"ess_programmes.ess_paper_type_{code}").id,
                **vals,
            }
        )

    @contextmanager
    def _refused(self, words):
        with self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
            yield

    def _assign(self, session=None, **vals):
        return self._make_presence(
            session or self.shift, volunteer_id=self.volunteer.id, **vals
        )

    def test_minors_need_papers(self):
        self.assertTrue(self.shift.has_minors)
        with self._refused("“Charter” has not been shown"):
            self._assign()
        self._show("charter")
        self._show("secrecy")
        self.assertEqual(self._assign().time_kind, "own")

    def test_expired_paper_blocks_with_its_date(self):
        self._show("charter", date_expiry=self.today)
        self._show("secrecy")
        with self._refused("“Charter” is good until"):
            self._assign()
        self.assertEqual(self.volunteer.missing_papers, "")

    def test_no_minors_no_block(self):
        line = self._assign(
            self._make_session(self.programme_2, start=self.tomorrow, kind="mission")
        )
        self.assertEqual(line.state, "expected")

    def test_the_past_stays_a_fact(self):
        past = fields.Datetime.now() - timedelta(days=2)
        self.assertTrue(self._assign(self._make_session(start=past)).is_present)

    def test_certificate_only_where_the_law_asks(self):
        self._show("charter")
        self._show("secrecy")
        self.programme.minors = "protected"
        with self._refused("Honourability certificate"):
            self._assign()
        self._show("honour", date_issued=self.today - timedelta(days=20))
        self.assertTrue(self._assign())

    def test_certificate_is_fresh_and_asked_again(self):
        with self._refused("6 months old when it was"):
            self._show("honour", date_issued=self.today - relativedelta(months=6))
        with self._refused("note the date"):
            self._show("honour")
        paper = self._show("honour", date_issued=self.today - relativedelta(months=5))
        self.assertEqual(paper.date_expiry, self.today + relativedelta(years=3))

    def test_newer_paper_replaces(self):
        old = self._show("charter", date_expiry=self.today - timedelta(days=1))
        self.assertIn("Charter", self.volunteer.missing_papers)
        self._show("charter")
        self.assertFalse(old.active)
        self.assertNotIn("Charter", self.volunteer.missing_papers)

    def test_driving_blocks_everywhere(self):
        driving = self.env.ref("ess_programmes.ess_mission_type_driving")
        shift = self._make_session(
            self.programme_2, start=self.tomorrow, mission_type_id=driving.id
        )
        with self._refused("Driving licence"):
            self._assign(shift)

    def test_session_that_becomes_one_with_minors(self):
        shift = self._make_session(self.programme_2, start=self.tomorrow)
        self._assign(shift)
        with self._refused("Charter"):
            shift.has_minors = True

    def test_reminded_once(self):
        self.volunteer.referent_id = self.volunteer_officer
        self._show("first_aid", date_expiry=self.today + timedelta(days=20))
        self._show("charter", date_expiry=self.today + timedelta(days=40))
        self.env["ess.volunteer.paper"]._cron_remind()
        self.env["ess.volunteer.paper"]._cron_remind()
        activity = self.volunteer.activity_ids
        self.assertEqual(activity.user_id, self.volunteer_officer)
        self.assertIn("First aid", activity.summary)

    def test_engagement_says_whose_time(self):
        sponsor = self._make_volunteer(engagement="skills_sponsor")
        intern = self._make_volunteer(engagement="intern")
        session = self._make_session(self.programme_2)
        lines = [
            self._make_presence(session, volunteer_id=volunteer.id)
            for volunteer in (sponsor, intern)
        ]
        self.assertEqual([line.time_kind for line in lines], ["lent", "other"])

    def test_group_counted_once(self):
        group = self._make_volunteer(engagement="company_group")
        session = self._make_session(self.programme_2)
        line = self._make_presence(session, volunteer_id=group.id, group_size=5)
        self.assertRecordValues(line, [{"minutes": 600, "people_count": 5}])

    def test_team_of_a_programme_reads_no_paper(self):
        self._show("charter")
        as_worker = self.volunteer.with_user(self.worker)
        self.assertEqual(as_worker.display_name, self.volunteer.display_name)
        with self.assertRaises(AccessError):
            as_worker.read(["paper_ids"])
        with self.assertRaises(AccessError):
            self.env["ess.volunteer.paper"].with_user(self.worker).search([])

    def test_availability_needs_order(self):
        absence = self.env["ess.volunteer.absence"].create(
            {"volunteer_id": self.volunteer.id, "date_from": self.today}
        )
        self.assertEqual(absence.date_to, self.today)
        self.assertTrue(self.volunteer.is_current)
        self.volunteer.write({"date_start": False, "date_stop": "2020-01-01"})
        found = self.env["ess.volunteer"].search([("is_current", "=", True)])
        self.assertNotIn(self.volunteer, found)
