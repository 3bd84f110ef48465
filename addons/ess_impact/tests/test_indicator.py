from datetime import date

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EssImpactCommon


@tagged("post_install", "-at_install", "ess")
class TestIndicator(EssImpactCommon):
    """The card: its checks, its versions, its formulas."""

    def test_starts_at_version_one(self):
        indicator = self._make_indicator()
        self.assertRecordValues(
            indicator.version_ids, [{"version": 1, "source": "presence"}]
        )

    def test_meaning_raises_the_version(self):
        indicator = self._make_indicator()
        indicator.domain = "[('is_present', '=', True)]"
        self.assertEqual(indicator.version, 2)
        first, second = indicator.version_ids.sorted("version")
        self.assertEqual((first.version, second.version), (1, 2))
        self.assertEqual(first.domain, "[]")

    def test_words_do_not_raise_the_version(self):
        indicator = self._make_indicator()
        indicator.write({"name": "Other name", "definition": "Better said."})
        self.assertEqual(indicator.version, 1)
        self.assertEqual(indicator.version_ids.definition, "Better said.")

    def test_same_meaning_written_again_changes_nothing(self):
        indicator = self._make_indicator()
        indicator.write({"domain": "[]", "aggregate": "count"})
        self.assertEqual(indicator.version, 1)

    def test_past_version_can_be_computed_again(self):
        self._make_day_presence(date(2026, 5, 4), state="present")
        self._make_day_presence(date(2026, 5, 5), state="absent")
        indicator = self._make_indicator()
        indicator.domain = "[('is_present', '=', True)]"
        self.assertEqual(self._value(indicator), 1)
        self.assertEqual(self._value(indicator, versions={indicator.id: 1}), 2)

    def test_unknown_version(self):
        indicator = self._make_indicator()
        with self.assertRaises(UserError):
            self._value(indicator, versions={indicator.id: 7})

    def test_version_of_a_formula_follows_its_figures(self):
        self._make_day_presence(date(2026, 5, 4), state="present")
        self._make_day_presence(date(2026, 5, 5), state="absent")
        base = self._make_indicator(code="base")
        double = self._make_indicator(kind="formula", formula="2 * base")
        more = self._make_indicator(kind="formula", formula=f"{double.code} + 1")
        self.assertEqual(self._value(more), 5)
        base.domain = "[('is_present', '=', True)]"
        self.assertEqual((double.version, more.version), (2, 2))
        self.assertEqual(self._value(more), 3)
        self.assertEqual(self._value(more, versions={more.id: 1}), 5)

    def test_code_form_and_uniqueness(self):
        for code in ("Upper", "1st", "with space", "é", ""):
            with (
                self.subTest(code=code),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self._make_indicator(code=code)
        self._make_indicator(code="taken")
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._make_indicator(code="taken")

    def test_copy_has_a_code_of_its_own(self):
        indicator = self.env.ref("ess_impact.ess_indicator_entries")
        copy = indicator.copy()
        self.assertEqual(copy.code, "entries_2")
        self.assertEqual(copy.company_id, self.company)
        self.assertEqual(copy.version, 1)

    def test_measure_of_the_source(self):
        with self.assertRaisesRegex(ValidationError, "cannot be added up"):
            self._make_indicator(source="entry", aggregate="sum", measure="hours")
        with self.assertRaisesRegex(ValidationError, "no person"):
            self._make_indicator(source="session", aggregate="persons")
        with self.assertRaisesRegex(ValidationError, "distinct persons"):
            self._make_indicator(source="active_person", aggregate="count")
        with self.assertRaises(ValidationError):
            self._make_indicator(source=False)

    # --- formulas

    def test_formula_is_read_in_words(self):
        rate = self.env.ref("ess_impact.ess_indicator_positive_exit_rate")
        self.assertEqual(
            rate.formula_text,
            "100 × Favourable exits ÷ (Exits − Exits out of scope)",
        )

    def test_formula_errors_are_sentences(self):
        for formula, words in (
            ("1 +", "stops too early"),
            ("(1", "brackets"),
            ("1 ? 2", "character 3"),
            ("nobody_knows", "nobody_knows"),
        ):
            with (
                self.subTest(formula=formula),
                self.assertRaisesRegex(ValidationError, words),
            ):
                self._make_indicator(kind="formula", formula=formula)

    def test_formula_cannot_need_itself(self):
        one = self._make_indicator(code="one")
        two = self._make_indicator(kind="formula", code="two", formula="one + 1")
        with self.assertRaisesRegex(ValidationError, "leads back"):
            one.write({"kind": "formula", "formula": "two"})
        with self.assertRaisesRegex(ValidationError, "leads back"):
            two.formula = "two + 1"

    def test_division_by_zero_is_no_value(self):
        self._make_indicator(code="none_here", domain="[('kind', '=', 'outing')]")
        rate = self._make_indicator(kind="formula", formula="1 / none_here")
        self.assertIsNone(self._value(rate))
        self.assertEqual(rate._format_value(None), "–")

    def test_used_code_is_kept(self):
        base = self._make_indicator(code="used")
        formula = self._make_indicator(kind="formula", formula="used + 1")
        with self.assertRaises(UserError):
            base.code = "other"
        with self.assertRaises(UserError):
            base.unlink()
        (base + formula).unlink()

    def test_archived_figure_still_feeds_its_formula(self):
        self._make_day_presence(date(2026, 5, 4))
        base = self._make_indicator(code="old")
        formula = self._make_indicator(kind="formula", formula="10 * old")
        base.active = False
        self.assertEqual(self._value(formula), 10)

    def test_own_figure_comes_before_the_shared_one(self):
        self._make_indicator(code="mine", company_id=False)
        own = self._make_indicator(code="mine")
        formula = self._make_indicator(kind="formula", formula="mine")
        shared = self._make_indicator(kind="formula", formula="mine", company_id=False)
        self.assertEqual(formula._get_operands(), own)
        self.assertFalse(shared._get_operands().company_id)

    def test_formula_by_breakdown(self):
        woman = self._make_beneficiary(sex="female")
        for state in ("present", "absent"):
            self._make_day_presence(date(2026, 5, 4), beneficiary=woman, state=state)
        self._make_indicator(code="n_all")
        self._make_indicator(code="n_here", domain="[('is_present', '=', True)]")
        rate = self._make_indicator(kind="formula", formula="100 * n_here / n_all")
        cells = rate._compute_values(*self.year, breakdown="sex")
        self.assertEqual([(c["key"], c["value"]) for c in cells], [("female", 50.0)])

    # --- form

    def test_preview_before_saving(self):
        self._make_day_presence(
            self.env["ess.indicator"]._fields["create_date"].now().date()
        )
        form = Form(self.env["ess.indicator"].with_user(self.impact_officer))
        form.name = "Presences"
        form.source = "presence"
        self.assertEqual(form.preview_text, "1")
        form.domain = "[('beneficiary_id.last_name', '=', 'X')]"
        self.assertFalse(form.preview_text)
        self.assertIn("cannot be used", form.preview_message)
