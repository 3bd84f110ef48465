from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# The meaning of a figure, as the engine reads it. `operands` gives, for a formula, the
# version of each indicator that it uses: {code: version}, or None for the present ones.
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
    population = fields.Text(translate=True, help="Who is counted, and who is not.")
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
                    self.env._(
                        "Say what is counted, and how, for “%s”.", indicator.name
                    )
                )
            indicator._check_measure(source)
            self.env["ess.indicator.condition"]._check(
                source["model"], indicator.domain
            )

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
        return dict(action, domain=[("indicator_id", "in", self.ids)], context=context)

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
            holder.kind,
            holder.source,
            domain,
            holder.aggregate,
            holder.measure,
            holder.formula,
            operands,
        )

    def _get_meaning(self):
        """Return the values of which any change raises the version."""
        names = ("kind", "formula") if self.kind == "formula" else MEANING_FIELDS[:-1]
        return tuple(self[name] or "" for name in names)

    def _get_free_code(self):
        """Return a code for a copy that nobody uses yet."""
        stem = self.code[:58]
        # sudo: a code is taken whoever may see the indicator; no code leaves here.
        everyone = self.sudo().with_context(active_test=False)
        taken = set(everyone.search([("code", "=like", f"{stem}%")]).mapped("code"))
        number = 2
        while f"{stem}_{number}" in taken:
            number += 1
        return f"{stem}_{number}"

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
