from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EssFundingCommon


@tagged("ess", "post_install", "-at_install")
class TestVolunteerValue(EssFundingCommon):
    """Hours of volunteers in class 8, and expenses given up, which never are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = cls._make_session(
            start=datetime(2026, 3, 2, 9),
            kind="mission",
            mission_type_id=cls.env.ref("ess_programmes.ess_mission_type_french").id,
        )
        cls.volunteer = cls._make_volunteer()
        cls.sponsor = cls._make_volunteer(engagement="skills_sponsor")
        cls.intern = cls._make_volunteer(engagement="intern")
        cls.rate = cls._make_rate(rate=15)
        cls.lent_rate = cls._make_rate(rate=40, time_kind="lent")

    @classmethod
    def _make_rate(cls, **vals):
        return cls.env["ess.volunteer.rate"].create(
            {
                "date_from": date(2026, 1, 1),
                "method": "SMIC brut chargé",
                "source": "Exemple inventé",
                "decided_on": date(2026, 1, 15),
                "company_id": cls.company.id,
                **vals,
            }
        )

    def _give(self, minutes, volunteer=None, session=None):
        return self._make_presence(
            session or self.session,
            volunteer_id=(volunteer or self.volunteer).id,
            minutes=minutes,
        )

    def _value(self):
        wizard = self.env["ess.volunteer.valuation"].create(
            {
                "company_id": self.company.id,
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 12, 31),
            }
        )
        wizard.action_apply()
        return wizard

    def _lines(self):
        return self.env["ess.in.kind"].search(
            [("volunteer_rate_id", "!=", False), ("company_id", "=", self.company.id)]
        )

    # === VALUE OF HOURS
    def test_each_time_to_its_accounts(self):
        self._give(120)
        self._give(60, self.sponsor)
        self._give(600, self.intern)
        wizard = self._value()
        self.assertEqual((wizard.hours, wizard.amount), (3, 70))
        found = {line.kind: (line.quantity, line.amount) for line in self._lines()}
        self.assertEqual(found, {"volunteers": (2, 30), "services": (1, 40)})
        self.assertEqual(self._lines().action_id, self.action)
        self.assertIn("decided by the board", self._lines()[0].method)

    def test_again_corrects(self):
        line = self._give(120)
        self._value()
        before = self._lines()
        line.minutes = 180
        self._value()
        self.assertEqual(self._lines(), before)
        self.assertEqual(before.amount, 45)
        other = self._give(60, self.sponsor)
        line.state = "absent"
        self._value()
        self.assertEqual(self._lines().kind, "services")
        other.state = "absent"
        with self.assertRaisesRegex(UserError, "No hour to value"):
            self._value()

    def test_most_precise_rate(self):
        precise = self._make_rate(
            rate=22.5, mission_type_id=self.session.mission_type_id.id
        )
        self._give(60)
        self._value()
        self.assertEqual(self._lines().volunteer_rate_id, precise)

    def test_hours_without_action_are_told(self):
        self._give(60)
        elsewhere = self._make_session(
            self.programme_2, start=datetime(2026, 3, 3, 9), kind="mission"
        )
        self._give(90, session=elsewhere)
        wizard = self._value()
        self.assertEqual((wizard.hours, wizard.left_hours), (1, 1.5))

    # === EXPENSES GIVEN UP
    def _waive(self, **line):
        return self.env["ess.expense.waiver"].create(
            {
                "volunteer_id": self.volunteer.id,
                "company_id": self.company.id,
                "date": date(2026, 6, 30),
                "line_ids": [Command.create(self._expense(**line))],
            }
        )

    def _expense(self, **vals):
        return {"date": date(2026, 6, 1), "name": "Collecte", "proof": "T-1", **vals}

    def test_scale_of_the_year(self):
        waiver = self._waive(vehicle="car", power=5, kilometres=100)
        self.assertEqual(waiver.amount, 63.6)
        self.assertIn("renoncer au remboursement", waiver.words)
        self.assertIn("63", waiver.words)

    def test_scale_goes_by_the_distance_of_the_year(self):
        first = self._waive(vehicle="car", power=5, kilometres=4000)
        first.action_sign()
        second = self._waive(vehicle="car", power=5, kilometres=2000)
        # 6 000 km: 6 000 x 0.357 + 1 395, less what 4 000 km gave
        self.assertAlmostEqual(second.amount, 6000 * 0.357 + 1395 - 4000 * 0.636)

    def test_signed_approved_booked(self):
        template = self.env["account.chart.template"].with_company(self.company)
        template._ess_load_association(self.company)
        waiver = self._waive(paid=42)
        waiver.action_approve()
        self.assertEqual(waiver.state, "draft")
        waiver.action_sign()
        waiver.with_user(self.volunteer_manager).action_approve()
        waiver.with_user(self.accountant).action_book()
        lines = waiver.move_ids.line_ids
        balances = [(line.account_id.code[:5], line.balance) for line in lines]
        self.assertEqual(
            sorted((code.rstrip("0"), balance) for code, balance in balances),
            [("4681", -42), ("4681", 42), ("6251", 42), ("75412", -42)],
        )
        self.assertFalse([code for code, _balance in balances if code[0] == "8"])
        receipt = waiver._get_receipt()
        self.assertEqual((receipt["number"], receipt["amount"]), ("2026-AF-0001", 42))
        yearly = self.env["ess.expense.waiver"]._get_yearly_declaration(
            self.company, 2026
        )
        self.assertEqual((yearly["receipts"], yearly["amount"]), (1, 42))
        with self.assertRaisesRegex(UserError, "proof"):
            waiver.unlink()

    def test_nobody_approves_their_own(self):
        own = self._make_volunteer(partner_id=self.volunteer_manager.partner_id.id)
        waiver = self._waive(paid=10)
        waiver.volunteer_id = own
        waiver.action_sign()
        with self.assertRaisesRegex(UserError, "Somebody else"):
            waiver.with_user(self.volunteer_manager).action_approve()

    def test_empty_is_not_signed(self):
        waiver = self.env["ess.expense.waiver"].create(
            {"volunteer_id": self.volunteer.id, "company_id": self.company.id}
        )
        with self.assertRaisesRegex(UserError, "Enter the expenses"):
            waiver.action_sign()

    def test_steps_are_written_by_buttons_only(self):
        waiver = self._waive(paid=10).with_user(self.volunteer_manager)
        with self.assertRaisesRegex(UserError, "by its buttons"):
            waiver.state = "approved"
        with self.assertRaisesRegex(UserError, "by its buttons"):
            waiver.copy({"state": "booked"})

    def test_signed_expenses_do_not_change(self):
        waiver = self._waive(paid=10).with_user(self.volunteer_manager)
        waiver.action_sign()
        with self.assertRaisesRegex(UserError, "has signed"):
            waiver.date = date(2026, 7, 1)
        with self.assertRaisesRegex(UserError, "has signed"):
            waiver.line_ids.paid = 1000
        with self.assertRaisesRegex(UserError, "has signed"):
            waiver.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "has signed"):
            waiver.line_ids.create(self._expense(waiver_id=waiver.id, paid=5))

    def test_refused_receipt_number_is_not_taken_again(self):
        waivers = self._waive(paid=1) + self._waive(paid=2)
        numbers = [waiver._next_receipt() for waiver in waivers]
        self.assertEqual(numbers, ["2026-AF-0001", "2026-AF-0002"])
