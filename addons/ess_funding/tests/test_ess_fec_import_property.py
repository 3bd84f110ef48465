import random
from collections import Counter
from decimal import Decimal

from odoo.tests import tagged

from .test_ess_fec_import import FecCommon

ACCOUNTS = ("604000", "606300", "613200", "625100")
CODES = ("", "PASS", "PASS/CD93", "TAND", "PASS/CD93:60;TAND:40", "TAND:33.33333333")


@tagged("post_install", "-at_install", "ess")
class TestEssFecImportProperty(FecCommon):
    """Whatever the firm sends, the ledger holds it once and to the cent."""

    def _random_entry(self, generator, number):
        rows, total = [], 0
        for _index in range(generator.randint(1, 4)):
            cents = generator.randint(-50_000, 900_000)
            total += cents
            side = {"debit": cents / 100} if cents >= 0 else {"credit": -cents / 100}
            rows.append(
                self._fec_line(
                    str(number),
                    generator.choice(ACCOUNTS),
                    EcritureDate=f"2026{generator.randint(1, 12):02d}15",
                    Analytique=generator.choice(CODES),
                    **side,
                )
            )
        side = {"credit": total / 100} if total >= 0 else {"debit": -total / 100}
        rows.append(self._fec_line(str(number), "401100", **side))
        for row in rows:
            row["EcritureDate"] = rows[0]["EcritureDate"]
        return rows

    def _cents(self, text):
        return int(Decimal(text.replace(",", ".")) * 100)

    def test_files_in_any_order_give_the_same_ledger(self):
        self.action_2.analytic_account_id.code = "TAND"
        for code in ACCOUNTS:
            self._account(code)
        generator = random.Random(47)
        entries = [self._random_entry(generator, number) for number in range(40)]
        expected = Counter()
        for entry in entries:
            for row in entry:
                cents = self._cents(row["Debit"]) - self._cents(row["Credit"])
                expected[row["CompteNum"]] += cents
        for size in (15, 30, 40, 40):
            part = entries[:size]
            generator.shuffle(part)
            rows = [row for entry in part for row in entry]
            wizard = self._import(rows, separator=generator.choice("\t|"))
            self.assertFalse(wizard.refused_count, wizard.line_ids.mapped("message"))
            self.assertFalse(wizard.changed_count)
        lines = self._moves().line_ids
        found = Counter()
        for line in lines:
            found[line.account_id.code] += round(line.balance * 100)
        self.assertEqual(found, expected)
        self._check_charges(lines)

    def _check_charges(self, lines):
        """Each cost is charged as its code says, one cent per share at most off."""
        action, grant = self._columns()
        for line in lines.filtered("analytic_distribution"):
            charged = line.analytic_line_ids
            whole = sum(line.analytic_distribution.values())
            self.assertAlmostEqual(
                -sum(charged.mapped("amount")),
                line.balance * whole / 100,
                delta=0.005 * len(charged) + 1e-6,
            )
            self.assertTrue(all(one[action] for one in charged if one[grant]))
