from datetime import date, datetime

from odoo.tests import tagged

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestVolunteerRecord(EssProgrammesCommon):
    """Certificate, record, citizen's engagement account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.volunteer = cls._make_volunteer(date_start="2024-01-01")
        cls.session = cls._make_session(
            cls.programme_2,
            start=datetime(2025, 3, 3, 9),
            kind="mission",
            mission_type_id=cls.env.ref("ess_programmes.ess_mission_type_board").id,
        )

    def _give(self, minutes, volunteer=None, **vals):
        volunteer = volunteer or self.volunteer
        return self._make_presence(
            self.session, volunteer_id=volunteer.id, minutes=minutes, **vals
        )

    def _html(self, report, year=2025):
        content, _kind = (
            self.env["ir.actions.report"]
            .with_context(ess_year=year)
            ._render_qweb_html(f"ess_programmes.{report}", self.volunteer.ids)
        )
        return content.decode()

    def test_certificate_counts_each_time_apart(self):
        self._give(150)
        session = self._make_session(
            self.programme_2, start=datetime(2025, 4, 1, 9), kind="mission"
        )
        self._make_presence(
            session, volunteer_id=self.volunteer.id, minutes=60, time_kind="lent"
        )
        totals = self.volunteer.with_context(ess_year=2025)._prepare_certificate()
        self.assertEqual(totals["totals"], {"own": 150, "lent": 60, "other": 0})
        page = self._html("ess_volunteer_certificate_report")
        self.assertIn("02:30", page)
        self.assertIn(self.volunteer.partner_id.name, page)
        empty = self._html("ess_volunteer_certificate_report", 2024)
        self.assertIn("no hour that is on our sheets", empty)

    def test_record_year_by_year(self):
        self._give(90)
        page = self._html("ess_volunteer_record_report")
        self.assertIn("Board", page)
        self.assertIn("01:30", page)
        self.assertNotIn("Passeport", page)

    def test_engagement_account(self):
        line = self._give(99 * 60)
        states = []
        for hours in (99, 100, 199, 200):
            line.minutes = hours * 60
            states.append(self.volunteer._get_cec(2025)["state"])
        self.assertEqual(states, ["short", "with_others", "with_others", "enough"])
        self.company.declared_on = date(2025, 6, 1)
        self.assertEqual(self.volunteer._get_cec(2025)["state"], "none")
        self.assertEqual(self.volunteer._get_cec(2010)["state"], "none")

    def test_engagement_account_needs_a_responsibility(self):
        line = self._give(300 * 60)
        line.mission_type_id = self.env.ref("ess_programmes.ess_mission_type_food")
        self.assertEqual(self.volunteer._get_cec(2025)["state"], "none")
        self.volunteer.cec_role = "leader"
        self.assertEqual(self.volunteer._get_cec(2025)["state"], "enough")
        line.time_kind = "lent"
        self.assertEqual(self.volunteer._get_cec(2025)["state"], "none")
