from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EssFundingCommon

# The year 2026 of the worked-out case: account, ledger, part of the action, charged
# to A, charged to B. Indirect costs come by floor area, in the lines 613, 616 and 626.
COSTS = (
    ("604000", 18000.00, 18000.00, 0, 18000.00),
    ("606300", 4500.00, 4500.00, 0, 4500.00),
    ("606400", 3480.00, 3480.00, 3480.00, 0),
    ("623600", 2640.00, 2640.00, 2640.00, 0),
    ("625100", 1860.00, 1860.00, 1860.00, 0),
    ("625100", 540.00, 540.00, 0, 0),
    ("641100", 30000.00, 30000.00, 30000.00, 0),
    ("645100", 12600.00, 12600.00, 12600.00, 0),
    ("641100", 36000.00, 18000.00, 9000.00, 0),
    ("645100", 15840.00, 7920.00, 3960.00, 0),
    ("681120", 2400.00, 2400.00, 0, 0),
    ("613200", 24000.00, 6000.00, 4420.17, 0),
    ("616100", 1200.00, 300.00, 221.01, 0),
    ("626000", 2400.00, 600.00, 442.02, 0),
)


INDIRECT_ACCOUNTS = ("613200", "616100", "626000")


@tagged("post_install", "-at_install", "ess")
class TestGoldenTwoYears(EssFundingCommon):
    """A case worked out by hand: who pays what of an action, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grant.write({"amount": 120000, "date_to": date(2027, 6, 30)})
        cls.grant_b = cls._make_grant(
            name="Grant B",
            actions={cls.action: 30000},
            cerfa_line_id=cls._line("74aidespriv").id,
        )
        for account, ledger, action, paid_a, paid_b in COSTS:
            move = cls._make_entry(
                [(account, ledger, cls._distribution(ledger, action, paid_a, paid_b))]
            )
            if account in INDIRECT_ACCOUNTS:
                move.line_ids[0].ess_is_indirect = True
        whole_a = {cls._share(cls.action, cls.grant): 100}
        whole_b = {cls._share(cls.action, cls.grant_b): 100}
        cls._make_entry([("741000", -80000, whole_a)])
        cls._make_entry([("755100", -30000, whole_b)])
        cls._make_entry([("689400", 11376.80, whole_a), ("689500", 7500, whole_b)])
        kind = {cls._share(cls.action): 100}
        cls._make_entry([("864000", 8000, kind), ("875000", -8000, kind)])
        cls._make_entry([("861000", 3600, kind), ("871000", -3600, kind)])

    @classmethod
    def _distribution(cls, ledger, action, paid_a, paid_b):
        """Shares in percent of 8 digits, from amounts, as a user would enter them."""
        amounts = {
            cls._share(cls.action, cls.grant): paid_a,
            cls._share(cls.action, cls.grant_b): paid_b,
            cls._share(cls.action): action - paid_a - paid_b,
        }
        return {
            key: round(amount / ledger * 100, 8)
            for key, amount in amounts.items()
            if amount
        }

    def _charged(self, grant):
        """Costs charged to a grant, dedicated funds left out."""
        rows = self._rows(grant=grant)
        total = rows["total", "charge", None]["share"]
        return round(total - rows["line", "charge", "68x"]["share"], 2)

    def test_charged_to_each_grant(self):
        self.assertEqual(self._charged(self.grant), 68623.20)
        self.assertEqual(self._charged(self.grant_b), 22500.00)

    def test_report_shows_the_whole_action(self):
        rows = self._rows(grant=self.grant)
        expected = {
            "604": 18000.00,
            "60x": 7980.00,
            "623": 2640.00,
            "625": 2400.00,
            "641": 48000.00,
            "645": 20520.00,
            "68x": 21276.80,
            "chgfixe": 6900.00,
        }
        for code, amount in expected.items():
            self.assertEqual(rows["line", "charge", code]["actual"], amount, code)
        total = rows["total", "charge", None]["actual"]
        self.assertEqual(total, 127716.80)
        self.assertNotEqual(total, 68623.20, "only the part of the grant")
        self.assertEqual(rows["line", "product", "74dep"]["actual"], 80000)
        self.assertEqual(rows["line", "product", "74aidespriv"]["actual"], 30000)

    def test_differences_to_explain(self):
        """More than 10 %: line 604, at exactly -10 %, needs no explanation."""
        planned = {"604": 20000, "60x": 8000, "623": 3000, "625": 3000, "641": 60000}
        planned |= {"645": 25000, "68x": 2400, "chgfixe": 7800, "74dep": 80000}
        planned |= {"74com": 15000, "74aidespriv": 30000, "77x": 1200}
        planned |= {"insufprevisionnel": 3000, "861": 3600, "864": 9000}
        planned |= {"870": 9000, "871": 3600}
        self._make_budget(amounts=planned).action_validate()
        self._make_entry([("741000", -15000, {self._share(self.action): 100})])
        self._make_entry([("747000", -1200, {self._share(self.action): 100})])
        self._make_entry([("754120", -540, {self._share(self.action): 100})])
        report = self.env["ess.funder.report"].create(
            {"grant_id": self.grant.id, "date_to": date(2026, 12, 31)}
        )
        report.action_compute()
        codes = {gap.key.rpartition("/")[2] for gap in report.gap_ids}
        self.assertLessEqual(
            {"623", "625", "641", "645", "68x", "chgfixe", "758", "864", "870"}, codes
        )
        self.assertIn("insufprevisionnel", codes)
        self.assertFalse(codes & {"604", "60x", "861", "871", "77x", "74aidespriv"})
        with self.assertRaisesRegex(UserError, "Explain these lines"):
            report.action_finalise()
        gap = report.gap_ids[0]
        with self.assertRaises(UserError):
            gap.with_user(self.fundraiser).value = 0
        for gap in report.gap_ids.with_user(self.fundraiser):
            gap.explanation = "Because"
        report.with_user(self.fundraiser).action_compute()
        self.assertEqual(set(report.gap_ids.mapped("explanation")), {"Because"})
        report.with_user(self.fundraiser).action_finalise()
        with self.assertRaises(UserError):
            report.gap_ids[0].with_user(self.fundraiser).explanation = "Later"

    def test_in_kind_and_grand_total(self):
        rows = self._rows()
        self.assertEqual(rows["line", "in_kind_charge", "864"]["actual"], 8000)
        self.assertEqual(rows["line", "in_kind_product", "870"]["actual"], 8000)
        self.assertEqual(rows["line", "in_kind_product", "871"]["actual"], 3600)
        for side in ("in_kind_charge", "in_kind_product"):
            self.assertEqual(rows["grand_total", side, None]["actual"], 139316.80)

    def test_two_decimals_would_betray_themselves(self):
        """73.67 % instead of 73.6695 %: the reason for eight digits."""
        self.assertNotEqual(self._charged(self.grant), 68623.23)
