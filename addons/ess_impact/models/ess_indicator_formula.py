import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.formula import FormulaError, parse


class EssIndicator(models.Model):
    """Figures made of other figures: reading a formula and finding its operands."""

    _inherit = "ess.indicator"

    formula_text = fields.Char(
        string="In words",
        compute="_compute_formula_text",
        help="The formula with names.",
    )

    # === COMPUTE

    @api.depends("kind", "formula")
    def _compute_formula_text(self):
        signs = {"*": " × ", "/": " ÷ ", "+": " + ", "-": " − "}
        for indicator in self:
            text = indicator.kind == "formula" and indicator.formula or ""
            for operand in indicator._get_operands():
                text = _replace_code(text, operand.code, operand.name)
            for sign, printed in signs.items():
                text = text.replace(f" {sign} ", printed)
            indicator.formula_text = text

    # === CHECKS

    @api.constrains("kind", "formula", "code", "company_id")
    def _check_formula(self):
        for indicator in self.filtered(lambda one: one.kind == "formula"):
            indicator._parse_formula()
            missing = indicator._get_missing_codes()
            if missing:
                raise ValidationError(
                    self.env._(
                        "The formula of “%(name)s” uses “%(codes)s”, which is the code "
                        "of no indicator that it can read.",
                        name=indicator.name,
                        codes=", ".join(sorted(missing)),
                    )
                )
            indicator._check_no_loop()

    def _check_no_loop(self):
        """Refuse a formula that would need its own result."""
        operands = self._get_operands()
        seen = self.browse()
        while operands:
            if self in operands:
                raise ValidationError(
                    self.env._(
                        "The formula of “%s” leads back to itself. Take the figure out "
                        "of it.",
                        self.name,
                    )
                )
            seen |= operands
            operands = self.browse().union(*(one._get_operands() for one in operands))
            operands -= seen

    # === BUSINESS

    def _parse_formula(self):
        """Parse the formula, or say in words what is wrong and where.

        :rtype: tools.formula.Formula
        :raises ValidationError: when the grammar refuses it
        """
        self.ensure_one()
        try:
            return parse(self.formula or "")
        except FormulaError as error:
            raise ValidationError(
                self._get_formula_message(error.reason, error.position)
            ) from error

    def _get_formula_message(self, reason, position):
        messages = {
            "empty": self.env._("Write a formula."),
            "long": self.env._("The formula is too long. Cut it into several figures."),
            "deep": self.env._("There are too many brackets inside brackets."),
            "character": self.env._(
                "The formula cannot be read from character %s: use codes of figures, "
                "numbers, + - * / and brackets.",
                position,
            ),
            "end": self.env._(
                "The formula stops too early: a figure is missing at its end."
            ),
            "operand": self.env._(
                "At character %s, a sign or a figure is missing.", position
            ),
            "bracket": self.env._(
                "At character %s, the brackets do not match.", position
            ),
        }
        return messages[reason]

    def _get_formula_codes(self):
        """Return the codes of a formula, or nothing while it cannot be read."""
        if self.kind != "formula":
            return frozenset()
        try:
            return parse(self.formula or "").codes
        except FormulaError:
            return frozenset()

    def _get_operands(self):
        """Return the indicators that the formula uses, own ones before shared ones.

        :rtype: recordset of ess.indicator
        """
        codes = self._get_formula_codes()
        if not codes:
            return self.browse()
        # sudo: reading a shared or own definition; an archived figure still counts.
        candidates = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("code", "in", list(codes)),
                    ("company_id", "in", [False, self.company_id.id]),
                ],
                order="company_id, id",
            )
        )
        by_code = {}
        for candidate in candidates:
            if candidate.company_id or candidate.code not in by_code:
                by_code[candidate.code] = candidate
        return self.browse([one.id for one in by_code.values()])

    def _get_missing_codes(self):
        """Return the codes of the formula that no indicator answers to."""
        return self._get_formula_codes() - set(self._get_operands().mapped("code"))

    def _get_dependents(self):
        """Return the indicators whose formula uses one of these."""
        formulas = (
            self.sudo()
            .with_context(active_test=False)
            .search([("kind", "=", "formula")])
        )
        return self.browse([one.id for one in formulas if one._get_operands() & self])

    def _check_code_unused(self, vals):
        """Refuse to take a code away from the formulas that use it."""
        if "code" not in vals:
            return
        changed = self.filtered(lambda one: one.code != vals["code"])
        dependents = changed._get_dependents() - changed if changed else changed
        if dependents:
            raise UserError(
                self.env._(
                    "The formula of “%(name)s” uses this code. Change the formula "
                    "first, or archive the indicator instead.",
                    name=dependents[0].name,
                )
            )


def _replace_code(text, code, name):
    """Put the name of a figure in place of its code in a formula."""
    return re.sub(rf"(?<![A-Za-z0-9_]){re.escape(code)}(?![A-Za-z0-9_])", name, text)
