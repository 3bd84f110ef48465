from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestCerfaLine(EssFundingCommon):
    def test_form_is_whole(self):
        """Every line of the form is shipped, on its side."""
        lines = self.env["ess.cerfa.line"].search([("is_heading", "=", False)])
        sides = lines.grouped("side")
        self.assertEqual(
            {side: len(found) for side, found in sides.items()},
            {"charge": 25, "in_kind_charge": 4, "product": 20, "in_kind_product": 3},
        )

    def test_longest_prefix_wins(self):
        find = self.env["ess.cerfa.line"]._get_prefix_map().find
        code = {line.id: line.code for line in self.env["ess.cerfa.line"].search([])}
        expected = {
            "604000": "604",
            "606300": "60x",
            "607000": "601",
            "613200": "613",
            "641100": "641",
            "681120": "68x",
            "741000": "74x",
            "747000": "77x",
            "755100": "74aidespriv",
            "755500": "750",
            "754120": "758",
            # The form numbers volunteers and gifts the other way round.
            "875000": "870",
            "870000": "875",
        }
        for account, line in expected.items():
            self.assertEqual(code[find(account)], line, account)

    def test_prefix_on_two_lines_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "604"):
            self._line("601").account_prefixes = "601,604"

    def test_prefix_must_be_a_code(self):
        with self.assertRaisesRegex(ValidationError, "beginning of an account"):
            self._line("601").account_prefixes = "60-1"

    def test_archived_line_gives_its_prefix_back(self):
        self._line("604").active = False
        self._line("601").account_prefixes = "601,602,603,604,607"
        find = self.env["ess.cerfa.line"]._get_prefix_map().find
        self.assertEqual(find("604000"), self._line("601").id)
