import ast

from odoo import api, fields, models

from ..tools.periods import month_of


class EssIndicatorValue(models.Model):
    """One figure as it was computed: for a period, a programme and a group of people.

    Written by the suite only, never by hand. It keeps the version of its indicator and
    the condition of the records that it is made of, so that it can be opened and
    computed again. Values are exact: what leaves the team goes through
    `ess.indicator._get_published_values`, which hides small groups.
    """

    _name = "ess.indicator.value"
    _description = "Value of an indicator"
    _order = "date_from desc, indicator_id, programme_id, breakdown, id"
    _rec_name = "indicator_id"

    indicator_id = fields.Many2one(
        comodel_name="ess.indicator", required=True, index=True, ondelete="cascade"
    )
    version = fields.Integer(required=True)
    company_id = fields.Many2one(
        comodel_name="res.company", string="Association", required=True, index=True
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    programme_id = fields.Many2one(
        comodel_name="ess.programme",
        index="btree_not_null",
        ondelete="cascade",
        help="With its parts. Empty: all programmes.",
    )
    scope = fields.Char(
        string="Programmes counted",
        help="Numbers of the programmes that limit the count. Empty: no limit.",
    )
    # Stored: the dashboards show whole months only, and search by it.
    is_month = fields.Boolean(
        string="Whole month", compute="_compute_is_month", store=True
    )
    breakdown = fields.Selection(selection="_selection_breakdown", string="Shown by")
    breakdown_key = fields.Char()
    breakdown_label = fields.Char(string="Group")
    value = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Distinct persons do not add up: lists and tables show averages, and each "
        "period has a figure of its own.",
    )
    is_defined = fields.Boolean(
        string="Has a value", default=True, help="Not ticked: a division by zero."
    )
    value_text = fields.Char(string="Figure", compute="_compute_value_text")
    record_count = fields.Integer(string="Records", readonly=True)
    computed_at = fields.Datetime(string="Computed on", readonly=True)
    res_model = fields.Char(string="Model of the records", readonly=True)
    domain = fields.Char(string="Condition of the records", readonly=True)

    _key_uniq = models.UniqueIndex(
        "(indicator_id, version, company_id, date_from, date_to,"
        " COALESCE(programme_id, 0), md5(COALESCE(scope, '')), COALESCE(breakdown, ''),"
        " COALESCE(breakdown_key, ''))",
        "This figure is already kept.",
    )
    _dates_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A period ends after it starts."
    )
    _company_date_idx = models.Index("(company_id, date_from)")

    @api.depends("date_from", "date_to")
    def _compute_is_month(self):
        for value in self:
            value.is_month = bool(value.date_from) and (
                value.date_from,
                value.date_to,
            ) == month_of(value.date_from)

    @api.depends("indicator_id", "date_from", "date_to")
    def _compute_display_name(self):
        for value in self:
            value.display_name = (
                f"{value.indicator_id.name} ({value.date_from} – {value.date_to})"
            )

    @api.depends("value", "is_defined", "indicator_id.unit", "indicator_id.digits")
    def _compute_value_text(self):
        for value in self:
            number = value.value if value.is_defined else None
            value.value_text = value.indicator_id._format_value(number)

    @api.model
    def _selection_breakdown(self):
        return list(self.env["ess.indicator.source"]._get_breakdowns().items())

    # === ACTIONS

    def action_open_records(self):
        """Open exactly the records that this figure is made of, with the user's rights.

        :raises UserError: when the user may read the figure but not the files
        """
        self.ensure_one()
        indicator = self.indicator_id.with_company(self.company_id)
        cell = self._prepare_cell()
        if not self.res_model:
            return indicator._open_operands(cell)
        return indicator._prepare_records_action(
            self.res_model, ast.literal_eval(self.domain), cell
        )

    # === BUSINESS

    def _prepare_cell(self):
        """Return this value as a cell, see `ess.indicator`."""
        ids = [int(one) for one in (self.scope or "").split(",") if one]
        return {
            "indicator": self.indicator_id,
            "version": self.version,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "programme": self.programme_id,
            "programme_ids": ids or None,
            "breakdown": self.breakdown,
            "key": self.breakdown_key or "",
            "label": self.breakdown_label or "",
        }

    def _get_key(self):
        """Return what makes this value unique."""
        self.ensure_one()
        return self._get_vals_key(
            {
                **{name: self[name] for name in KEY_FIELDS},
                "indicator_id": self.indicator_id.id,
                "company_id": self.company_id.id,
                "programme_id": self.programme_id.id,
            }
        )

    @api.model
    def _get_vals_key(self, vals):
        return tuple(vals.get(name) or False for name in KEY_FIELDS)


KEY_FIELDS = (
    "indicator_id",
    "version",
    "company_id",
    "date_from",
    "date_to",
    "programme_id",
    "scope",
    "breakdown",
    "breakdown_key",
)
