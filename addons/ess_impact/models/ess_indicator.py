import re
from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.formula import FormulaError, parse

# The meaning of a figure, as the engine reads it. `operands` gives, for a formula, the version
# of each indicator that it uses: {code: version}, or None for the present ones.
Spec = namedtuple("Spec", "kind source domain aggregate measure formula operands")

# A change of one of these changes what past figures meant: the version goes up.
MEANING_FIELDS = ("kind", "source", "domain", "aggregate", "measure", "formula")


class EssIndicator(models.Model):
    """The card of one figure: what it says in plain words, and how it is computed.

    Shipped with the usual ones; officers define others. A figure is a count of facts,
    of distinct persons, a sum, or a formula of other figures. Nobody ever types a
    value. When its meaning changes its version goes up, and the former meaning is kept
    so that a published figure can be computed again.
    """

    _name = "ess.indicator"
    _description = "Indicator"
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]

    # === FIELDS

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Short word used in formulas: small letters, digits and “_”.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_key_figure = fields.Boolean(
        string="On the director's page", help="Shown on the first page of Impact."
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: the definition is shared, each association gets its own figures.",
    )
    is_locked = fields.Boolean(
        compute="_compute_is_locked",
        help="A shared definition, which this user may read but not change.",
    )
    # words
    definition = fields.Text(
        required=True,
        translate=True,
        help="What the figure says, in words that a reader outside understands. It is "
        "printed under the figure.",
    )
    population = fields.Text(
        translate=True, help="Who is counted, and who is not."
    )
    source_ref = fields.Char(
        string="Reference",
        translate=True,
        help="Text of law, guide or convention that the definition comes from.",
    )
    owner_id = fields.Many2one(
        comodel_name="res.users",
        string="Answers for it",
        default=lambda self: self.env.user,
        help="The person to ask when the figure is not understood.",
    )
    # computation
    kind = fields.Selection(
        selection=[
            ("aggregate", "Count or sum of facts"),
            ("formula", "Formula of other figures"),
        ],
        string="Computed as",
        required=True,
        default="aggregate",
    )
    source = fields.Selection(selection="_selection_source", string="What is counted")
    source_model = fields.Char(compute="_compute_source_model")
    domain = fields.Char(string="Condition", default="[]")
    aggregate = fields.Selection(
        selection=[
            ("count", "Number of facts"),
            ("persons", "Number of distinct persons"),
            ("sum", "Sum of a quantity"),
        ],
        string="How it is counted",
        default="count",
        help="Distinct persons do not add up over months: each period is counted anew.",
    )
    measure = fields.Selection(selection="_selection_measure", string="Quantity")
    formula = fields.Char(
        help="Codes of other figures, numbers, + - * / and brackets. "
        "For example: 100 * positive_exits / exits",
    )
    formula_text = fields.Char(
        string="In words", compute="_compute_formula_text", help="The formula with names."
    )
    breakdown_names = fields.Char(
        string="Can be shown by", compute="_compute_breakdown_names"
    )
    # presentation
    unit = fields.Char(translate=True, help="For example: people, hours, %")
    digits = fields.Integer(string="Decimals", default=0)
    period = fields.Selection(
        selection=[
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("year", "Year"),
            ("custom", "Any dates"),
        ],
        string="Usual period",
        required=True,
        default="year",
    )
    threshold = fields.Integer(
        string="Secrecy threshold",
        required=True,
        default=5,
        help="Outside of the team, a figure about fewer people than this is hidden.",
    )
    # history
    version = fields.Integer(default=1, readonly=True, copy=False)
    version_ids = fields.One2many(
        comodel_name="ess.indicator.version",
        inverse_name="indicator_id",
        string="Versions",
    )
    target_ids = fields.One2many(
        comodel_name="ess.indicator.target",
        inverse_name="indicator_id",
        string="Targets",
    )

    # === CONSTRAINTS

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "Another indicator has this code. Choose another code.",
    )
    _code_form = models.Constraint(
        "CHECK (code ~ '^[a-z][a-z0-9_]{0,62}$')",
        "A code starts with a small letter, then small letters, digits or “_”.",
    )
    _threshold_positive = models.Constraint(
        "CHECK (threshold >= 1)", "The secrecy threshold is 1 or more."
    )
    _digits_range = models.Constraint(
        "CHECK (digits BETWEEN 0 AND 6)", "Show between 0 and 6 decimals."
    )

    # === COMPUTE

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_is_locked(self):
        is_manager = self.env.user.has_group("ess_impact.group_impact_manager")
        for indicator in self:
            indicator.is_locked = bool(
                indicator._origin and not indicator.company_id and not is_manager
            )

    @api.depends("source")
    def _compute_source_model(self):
        sources = self.env["ess.indicator.source"]._get_sources()
        for indicator in self:
            indicator.source_model = sources.get(indicator.source, {}).get("model")

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

    @api.depends("kind", "source", "formula")
    def _compute_breakdown_names(self):
        labels = self.env["ess.indicator.source"]._get_breakdowns()
        for indicator in self:
            codes = indicator._get_breakdown_codes()
            indicator.breakdown_names = ", ".join(labels[code] for code in codes)

    @api.model
    def _selection_source(self):
        sources = self.env["ess.indicator.source"]._get_sources()
        return [(code, source["label"]) for code, source in sources.items()]

    @api.model
    def _selection_measure(self):
        measures = self.env["ess.indicator.source"]._get_measures()
        return [(code, measure["label"]) for code, measure in measures.items()]

    # === CHECKS

    @api.constrains("kind", "source", "aggregate", "measure", "domain")
    def _check_aggregate(self):
        sources = self.env["ess.indicator.source"]._get_sources()
        for indicator in self.filtered(lambda one: one.kind == "aggregate"):
            source = sources.get(indicator.source)
            if not source or not indicator.aggregate:
                raise ValidationError(
                    self.env._("Say what is counted, and how, for “%s”.", indicator.name)
                )
            indicator._check_measure(source)
            self.env["ess.indicator.condition"]._check(source["model"], indicator.domain)

    def _check_measure(self, source):
        """Check that the source can be counted this way."""
        if self.aggregate == "sum" and self.measure not in source["measures"]:
            labels = dict(self._selection_measure())
            raise ValidationError(
                self.env._(
                    "“%(name)s”: this quantity cannot be added up here. Choose among: "
                    "%(measures)s.",
                    name=self.name,
                    measures=", ".join(labels[code] for code in source["measures"])
                    or self.env._("none"),
                )
            )
        if self.aggregate == "persons" and not source["person_model"]:
            raise ValidationError(
                self.env._("“%s”: these facts are about no person.", self.name)
            )
        if len(source["parts"]) > 1 and self.aggregate != "persons":
            raise ValidationError(
                self.env._(
                    "“%s”: this source puts several kinds of facts together, so it can "
                    "only count distinct persons.",
                    self.name,
                )
            )

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

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Create the cards with their first version."""
        indicators = super().create(vals_list)
        indicators._record_version()
        return indicators

    def write(self, vals):
        """Raise the version of the cards whose meaning changes."""
        self._check_code_unused(vals)
        before = {one.id: one._get_meaning() for one in self}
        result = super().write(vals)
        changed = self.filtered(lambda one: before[one.id] != one._get_meaning())
        changed._raise_version()
        if {"definition", "population"} & vals.keys():
            (self - changed)._update_version_words()
        return result

    def copy_data(self, default=None):
        """A copy has a code of its own."""
        vals_list = super().copy_data(default)
        if not (default and default.get("code")):
            for indicator, vals in zip(self, vals_list, strict=True):
                vals["code"] = indicator._get_free_code()
                vals["name"] = self.env._("%s (copy)", indicator.name)
                vals["company_id"] = self.env.company.id
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_code_unused({"code": False})

    # === ACTIONS

    def action_open_values(self):
        """Open the stored values of these indicators."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_impact.ess_indicator_value_action"
        )
        context = {"search_default_total": 1}
        return dict(
            action, domain=[("indicator_id", "in", self.ids)], context=context
        )

    # === BUSINESS

    def _get_spec(self, version=None):
        """Return the meaning of the figure.

        :param int version: a past version, or None for the present one
        :rtype: Spec
        :raises UserError: when this version was not kept
        """
        self.ensure_one()
        holder = self
        operands = None
        if version and version != self.version:
            holder = self.version_ids.filtered(lambda one: one.version == version)
            if not holder:
                raise UserError(
                    self.env._(
                        "“%(name)s” has no version %(version)s.",
                        name=self.name,
                        version=version,
                    )
                )
            operands = holder.operand_versions or {}
        domain = self.env["ess.indicator.condition"]._parse(holder.domain)
        return Spec(
            holder.kind, holder.source, domain, holder.aggregate, holder.measure,
            holder.formula, operands,
        )

    def _get_meaning(self):
        """Return the values of which any change raises the version."""
        names = ("kind", "formula") if self.kind == "formula" else MEANING_FIELDS[:-1]
        return tuple(self[name] or "" for name in names)

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
            "end": self.env._("The formula stops too early: a figure is missing at its end."),
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
        candidates = self.sudo().with_context(active_test=False).search(
            [
                ("code", "in", list(codes)),
                ("company_id", "in", [False, self.company_id.id]),
            ],
            order="company_id, id",
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
        formulas = self.sudo().with_context(active_test=False).search(
            [("kind", "=", "formula")]
        )
        return self.browse(
            [one.id for one in formulas if one._get_operands() & self]
        )

    def _check_code_unused(self, vals):
        """Refuse to take a code away from the formulas that use it."""
        if "code" not in vals:
            return
        changed = self.filtered(lambda one: one.code != vals["code"])
        dependents = changed._get_dependents() - changed if changed else changed
        if dependents:
            raise UserError(
                self.env._(
                    "The formula of “%(name)s” uses this code. Change the formula first, "
                    "or archive the indicator instead.",
                    name=dependents[0].name,
                )
            )

    def _get_free_code(self):
        """Return a code for a copy that nobody uses yet."""
        taken = set(self.sudo().with_context(active_test=False).search([]).mapped("code"))
        number = 2
        while f"{self.code[:58]}_{number}" in taken:
            number += 1
        return f"{self.code[:58]}_{number}"

    def _get_breakdown_codes(self):
        """Return the breakdowns that the figure can be shown by.

        :rtype: list of str
        """
        self.ensure_one()
        registry = self.env["ess.indicator.source"]
        if self.kind == "aggregate":
            return registry._get_source_breakdowns(self.source) if self.source else []
        lists = [one._get_breakdown_codes() for one in self._get_operands()]
        if not lists:
            return []
        return [code for code in lists[0] if all(code in one for one in lists[1:])]

    # --- versions

    def _raise_version(self):
        """Open a new version of these figures and of the formulas that use them."""
        if not self:
            return
        # sudo: a formula of another association that uses a shared figure follows it.
        for indicator in self.sudo():
            super(EssIndicator, indicator).write({"version": indicator.version + 1})
        self._record_version()
        (self._get_dependents() - self)._raise_version()

    def _record_version(self):
        """Keep the present meaning under the present version number."""
        # sudo: history is written by nobody's hand, only here.
        self.env["ess.indicator.version"].sudo().create(
            [one._prepare_version_values() for one in self]
        )

    def _prepare_version_values(self):
        values = {name: self[name] for name in MEANING_FIELDS}
        return dict(
            values,
            indicator_id=self.id,
            version=self.version,
            definition=self.definition,
            population=self.population,
            operand_versions={one.code: one.version for one in self._get_operands()},
        )

    def _update_version_words(self):
        """Follow a better wording that does not change the meaning."""
        # sudo: see `_record_version`
        for indicator in self.sudo():
            current = indicator.version_ids.filtered(
                lambda one, indicator=indicator: one.version == indicator.version
            )
            current.write(
                {"definition": indicator.definition, "population": indicator.population}
            )


def _replace_code(text, code, name):
    """Put the name of a figure in place of its code in a formula."""
    return re.sub(rf"(?<![A-Za-z0-9_]){re.escape(code)}(?![A-Za-z0-9_])", name, text)
