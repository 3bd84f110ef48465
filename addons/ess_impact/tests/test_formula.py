import random
import string
import time
from contextlib import suppress

from odoo.tests import TransactionCase, tagged

from ..tools.formula import MAX_DEPTH, FormulaError, parse

CODES = {"a": 6.0, "b": 3.0, "c_1": 0.5, "zero": 0.0}

# What fuzzing glues together.
PIECES = [
    *CODES,
    "import",
    "__class__",
    "lambda",
    "exec('x')",
    "(",
    ")",
    "+",
    "-",
    "*",
    "/",
    "**",
    "//",
    "%",
    ".",
    ",",
    "[",
    "]",
    "{",
    "}",
    "=",
    "==",
    ":=",
    "'",
    '"',
    "1",
    "0",
    "2.5",
    "1e999",
    "_",
    "\\",
    "\n",
    " ",
    "f''",
    "@",
    "~",
]


@tagged("post_install", "-at_install", "ess")
class TestFormula(TransactionCase):
    """The grammar of formulas computes what it says, and nothing else gets through."""

    def test_precedence_and_brackets(self):
        cases = {
            "a + b * 2": 12.0,
            "(a + b) * 2": 18.0,
            "a - b - 1": 2.0,
            "a / b / 2": 1.0,
            "-a + b": -3.0,
            "--a": 6.0,
            "1,5 * b": 4.5,
            "100 * c_1": 50.0,
        }
        for text, expected in cases.items():
            with self.subTest(formula=text):
                self.assertEqual(parse(text).evaluate(CODES), expected)

    def test_no_value(self):
        for text in ("a / zero", "a / (b - 3)", "unknown + 1", "0 / zero"):
            with self.subTest(formula=text):
                self.assertIsNone(parse(text).evaluate(CODES))

    def test_overflow_is_no_value(self):
        text = " * ".join(["999999999999999"] * 25)
        self.assertIsNone(parse(text).evaluate({}))

    def test_refused(self):
        cases = {
            "": "empty",
            "   ": "empty",
            "a +": "end",
            "a b": "operand",
            "(a": "bracket",
            "a)": "bracket",
            "a ** 2": "operand",
            "a.b": "character",
            "a[0]": "character",
            "A": "character",
            "a; b": "character",
            "1.2.3": "character",
            "0x10": "character",
            "1e9": "character",
            "a" * 600: "long",
            "+".join(["a"] * 200): "long",
            "(" * (MAX_DEPTH + 2) + "a" + ")" * (MAX_DEPTH + 2): "deep",
            "-" * 100 + "a": "deep",
        }
        for text, reason in cases.items():
            with (
                self.subTest(formula=text[:30]),
                self.assertRaises(FormulaError) as got,
            ):
                parse(text)
            self.assertEqual(got.exception.reason, reason)

    def test_position_is_counted_from_one(self):
        with self.assertRaises(FormulaError) as got:
            parse("a + ?")
        self.assertEqual(got.exception.position, 5)

    def test_fuzz_text(self):
        """Ten thousand random texts: a number, no value or a refusal, and fast."""
        rng = random.Random(20261123)
        alphabet = string.printable + "éà–×÷\x00"
        slowest = 0.0
        for index in range(10_000):
            if index % 2:
                text = "".join(rng.choice(alphabet) for _ in range(rng.randint(0, 60)))
            else:
                text = "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 40)))
            start = time.perf_counter()
            with suppress(FormulaError):
                result = parse(text).evaluate(CODES)
                self.assertTrue(result is None or isinstance(result, float))
            slowest = max(slowest, time.perf_counter() - start)
        # a formula never holds the server: 50 ms is the limit set for user formulas
        self.assertLess(slowest, 0.05)

    def test_fuzz_valid_formulas_agree_with_python(self):
        """Random well-formed formulas give what Python's arithmetic gives."""
        rng = random.Random(7)
        checked = 0
        for _index in range(3000):
            text = self._random_formula(rng, 4)
            try:
                expected = _reference(text)
            except ZeroDivisionError:
                expected = None
            if len(text) > 400:
                continue
            try:
                result = parse(text).evaluate(CODES)
            except FormulaError as error:
                self.assertEqual(error.reason, "long", text)
                continue
            checked += 1
            if expected is None:
                self.assertIsNone(result, text)
            else:
                self.assertAlmostEqual(result, expected, places=6, msg=text)
        self.assertGreater(checked, 2000)

    def _random_formula(self, rng, depth):
        if not depth or rng.random() < 0.3:
            return rng.choice([*CODES, "2", "3.5", "10"])
        kind = rng.randint(0, 5)
        if kind == 0:
            return f"({self._random_formula(rng, depth - 1)})"
        if kind == 1:
            return f"-{self._random_formula(rng, depth - 1)}"
        left, right = (self._random_formula(rng, depth - 1) for _side in range(2))
        return f"{left} {rng.choice('+-*/')} {right}"


def _reference(text):
    """Compute an arithmetic text made by the test itself."""
    return eval(text, {"__builtins__": {}}, CODES)  # pylint: disable=eval-used
