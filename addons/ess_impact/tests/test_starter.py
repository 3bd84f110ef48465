from datetime import date

from odoo.tests import tagged

from .common import EssImpactCommon


@tagged("post_install", "-at_install", "ess")
class TestStarter(EssImpactCommon):
    """The shipped indicators say what their words say."""

    def _starter(self, code):
        return self.env.ref(f"ess_impact.ess_indicator_{code}")

    def test_all_compute(self):
        shipped = self.env["ess.indicator"].search([("company_id", "=", False)])
        self.assertGreater(len(shipped), 20)
        cells = shipped._compute_values(*self.year)
        self.assertEqual(len(cells), len(shipped))
        self.assertTrue(all(shipped.mapped("breakdown_names")))
        for indicator in shipped:
            self.assertFalse(indicator.preview_message)

    def test_rate_of_favourable_exits(self):
        for reason in ("goals", "housing", "choice", "moved", "error"):
            self._make_enrolment(
                programme=self.programme,
                stage="left",
                exit_reason_id=self._reason(reason).id,
                date_start=date(2026, 1, 1),
                date_end=date(2026, 3, 2),
            )
        expected = {
            "entries": 4,
            "exits": 4,
            "positive_exits": 2,
            "out_of_scope_exits": 1,
            "positive_exit_rate": 100 * 2 / 3,
            "mean_stay": 60,
            "active_file": 4,
        }
        for code, value in expected.items():
            with self.subTest(code=code):
                self.assertAlmostEqual(self._value(self._starter(code)), value)

    def test_attendance(self):
        for state in ("present", "late", "absent", "excused", "expected", "cancelled"):
            self._make_day_presence(date(2026, 5, 4), self.programme, state=state)
        self.assertEqual(self._value(self._starter("attendance_rate")), 50)

    def test_meals_and_visits(self):
        meal = self.env.ref("ess_programmes.ess_unit_meal")
        session = self._make_day_session(
            date(2026, 5, 4), self.programme_2, kind="distribution"
        )
        self._make_presence(
            session=session, state="present", quantity=2, unit_id=meal.id
        )
        self._make_presence(session=session, headcount=7, state="present")
        self.assertEqual(self._value(self._starter("meals")), 2)
        self.assertEqual(self._value(self._starter("passages")), 8)
        self.assertEqual(self._value(self._starter("unnamed_encounters")), 7)

    def test_not_admitted_by_whom(self):
        for key in ("full", "no_reply"):
            self._make_enrolment(
                stage="not_accepted" if key == "full" else "not_followed",
                date_request=date(2026, 5, 4),
                refusal_reason_id=self._refusal(key).id,
            )
        self.assertEqual(self._value(self._starter("not_admitted")), 1)
        self.assertEqual(self._value(self._starter("not_pursued")), 1)

    def test_moved_into_a_home(self):
        person = self._make_beneficiary()
        person._open_situation("housing", "street", date(2026, 1, 1))
        person._open_situation("housing", "supported", date(2026, 6, 15))
        already = self._make_beneficiary()
        already._open_situation("housing", "tenant", date(2026, 6, 15))
        self.assertEqual(self._value(self._starter("moved_into_home")), 1)
