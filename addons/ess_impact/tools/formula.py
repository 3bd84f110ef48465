"""A small grammar for figures made of other figures.

::

    expression = term   { ("+" | "-") term }
    term       = factor { ("*" | "/") factor }
    factor     = ("+" | "-") factor | number | code | "(" expression ")"
    number     = digits [ ("." | ",") digits ]
    code       = a lower-case letter, then letters, digits or "_"

Nothing else exists: no attribute, no call, no power, no comparison. A formula is parsed
once into a postfix programme (a tuple), so evaluating cannot recurse, and its length,
depth and number of tokens are bounded.

>>> rate = parse("100 * positive_exits / (exits - out_of_scope)")
>>> sorted(rate.codes)
['exits', 'out_of_scope', 'positive_exits']
>>> rate.evaluate({"positive_exits": 3, "exits": 7, "out_of_scope": 1})
50.0
>>> rate.evaluate({"positive_exits": 3, "exits": 1, "out_of_scope": 1}) is None
True
>>> parse("2 + 3 * -4").evaluate({})
-10.0
>>> parse("0,5 * meals").evaluate({"meals": 3})
1.5
>>> parse("__import__('os')")  # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
    ...
FormulaError: character at 1
"""

import math
import re
from dataclasses import dataclass, field

MAX_LENGTH = 500
MAX_DEPTH = 20
MAX_TOKENS = 150

CODE_PATTERN = r"[a-z][a-z0-9_]{0,62}"

_TOKEN = re.compile(
    rf"\s*(?:(?P<number>[0-9]{{1,15}}(?:[.,][0-9]{{1,15}})?)(?![A-Za-z_0-9.,])"
    rf"|(?P<code>{CODE_PATTERN})(?![A-Za-z_0-9.])"
    r"|(?P<op>[-+*/()]))"
)


class FormulaError(ValueError):
    """A formula that the grammar refuses.

    ``reason`` is one of ``empty``, ``long``, ``deep``, ``character``, ``end``,
    ``operand``, ``bracket``; the caller turns it into a sentence of the user's
    language. ``position`` is the place of the fault, counted from 1 as a reader counts.
    """

    def __init__(self, reason, position=0):
        self.reason = reason
        self.position = position
        super().__init__(f"{reason} at {position}" if position else reason)


@dataclass(frozen=True)
class Formula:
    """A parsed formula: postfix steps and the codes that it reads."""

    steps: tuple
    codes: frozenset = field(default_factory=frozenset)

    def evaluate(self, values):
        """Compute the formula.

        :param dict values: ``{code: number or None}``
        :return: the result, or None when an operand is missing, when a divisor is zero
            or when the result is not a finite number
        :rtype: float or None

        >>> parse("a / b").evaluate({"a": 1, "b": 0}) is None
        True
        >>> parse("a + b").evaluate({"a": 1}) is None
        True
        """
        stack = []
        for kind, argument in self.steps:
            if kind == "number":
                stack.append(argument)
            elif kind == "code":
                stack.append(values.get(argument))
            elif kind == "negate":
                operand = stack.pop()
                stack.append(None if operand is None else -operand)
            else:
                right, left = stack.pop(), stack.pop()
                stack.append(_apply(argument, left, right))
        result = stack.pop()
        if result is None or not math.isfinite(result):
            return None
        return float(result)


def _apply(operator, left, right):
    """Apply one operator; None stands for "no value" and is contagious."""
    if left is None or right is None:
        return None
    try:
        if operator == "+":
            return left + right
        if operator == "-":
            return left - right
        if operator == "*":
            return left * right
        return left / right if right else None
    except OverflowError:
        return None


def tokenize(text):
    """Cut a text into ``(kind, value, position)`` tokens.

    :raises FormulaError: at the first character that the grammar does not know

    >>> [token[:2] for token in tokenize("a + 2")]
    [('code', 'a'), ('op', '+'), ('number', 2.0)]
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError("long", MAX_LENGTH)
    tokens, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if not match:
            blank = len(text[position:]) - len(text[position:].lstrip())
            raise FormulaError("character", position + blank + 1)
        kind = match.lastgroup
        value = match.group(kind)
        if kind == "number":
            value = float(value.replace(",", "."))
        tokens.append((kind, value, match.start(kind) + 1))
        position = match.end()
    if len(tokens) > MAX_TOKENS:
        raise FormulaError("long", tokens[MAX_TOKENS][2])
    return tokens


def parse(text):
    """Parse a formula.

    :param str text: the formula as typed
    :rtype: Formula
    :raises FormulaError: with the reason and the place

    >>> parse("(a")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    FormulaError: bracket at 3
    >>> parse("")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    FormulaError: empty
    """
    tokens = tokenize(text or "")
    if not tokens:
        raise FormulaError("empty")
    parser = _Parser(tokens, len(text.rstrip()) + 1)
    parser.expression(0)
    if parser.index < len(tokens):
        reason = "bracket" if parser.peek() == ")" else "operand"
        raise FormulaError(reason, parser.position())
    codes = frozenset(value for kind, value in parser.steps if kind == "code")
    return Formula(tuple(parser.steps), codes)


class _Parser:
    """Recursive descent over the tokens; the steps come out in postfix order."""

    def __init__(self, tokens, end):
        self.tokens = tokens
        self.end = end
        self.index = 0
        self.steps = []

    def peek(self):
        """Return the operator at the cursor, or None."""
        if self.index < len(self.tokens) and self.tokens[self.index][0] == "op":
            return self.tokens[self.index][1]
        return None

    def position(self):
        """Return the place of the cursor in the text, from 1."""
        return self.tokens[self.index][2] if self.index < len(self.tokens) else self.end

    def expression(self, depth):
        """Read terms joined by + and -."""
        self._chain(self.term, "+-", depth)

    def term(self, depth):
        """Read factors joined by * and /."""
        self._chain(self.factor, "*/", depth)

    def _chain(self, read, operators, depth):
        read(depth)
        while (operator := self.peek()) and operator in operators:
            self.index += 1
            read(depth)
            self.steps.append(("operator", operator))

    def factor(self, depth):
        """Read a signed factor, a number, a code or an expression in brackets."""
        if depth > MAX_DEPTH:
            raise FormulaError("deep", self.position())
        operator = self.peek()
        if operator and operator in "+-":
            self.index += 1
            self.factor(depth + 1)
            if operator == "-":
                self.steps.append(("negate", None))
        elif operator == "(":
            self.index += 1
            self.expression(depth + 1)
            if self.peek() != ")":
                raise FormulaError("bracket", self.position())
            self.index += 1
        elif operator is None and self.index < len(self.tokens):
            self.steps.append(self.tokens[self.index][:2])
            self.index += 1
        else:
            reason = "operand" if self.index < len(self.tokens) else "end"
            raise FormulaError(reason, self.position())
