from odoo import api, fields, models
from odoo.exceptions import ValidationError

CONDITIONS = [
    ("none", "None"),
    ("suspensive", "Suspensive: due only if it is met"),
    ("resolutive", "Resolutive: lost if it is broken"),
]
RULES = [
    ("fixed", "Fixed sum"),
    ("rate", "Rate of the eligible cost, with a ceiling"),
    ("unit", "Units × price"),
    ("real", "Real costs charged to it"),
]
DEFERRALS = [
    ("agreement", "Deferred, by the years of the agreement, else by months"),
    ("none", "One sum for the whole period"),
]
FLATS = [
    ("none", "None"),
    ("staff15", "15 % of direct staff costs"),
    ("staff40", "40 % of direct staff costs, in place of all other costs"),
    ("direct7", "7 % of direct costs"),
    ("nonstaff20", "Staff at 20 % of other direct costs"),
]


class EssGrant(models.Model):
    """Terms of the agreement: condition, funding rule, years, instalments."""

    _inherit = "ess.grant"

    date_notified = fields.Date(
        string="Notified on",
        tracking=True,
        help="Day of the letter or of the signature: income is recorded that day.",
    )
    condition = fields.Selection(
        CONDITIONS,
        required=True,
        default="none",
        tracking=True,
        help="Suspensive: nothing is recorded before the condition is met, and cash "
        "received meanwhile is an advance. Resolutive: income is recorded, the risk "
        "goes to the notes of the accounts.",
    )
    condition_text = fields.Char(string="What the condition says")
    date_condition_met = fields.Date(string="Condition met on", tracking=True)
    rule = fields.Selection(
        RULES,
        string="Funding rule",
        required=True,
        default="fixed",
        tracking=True,
        help="What the funder pays in the end. Under another rule than a fixed sum, "
        "the award is lowered at year end when less will be paid, and there is no "
        "dedicated fund.",
    )
    rate = fields.Float(string="Rate (%)", default=100.0)
    unit_price = fields.Monetary()
    unit_indicator_id = fields.Many2one(
        comodel_name="ess.indicator",
        string="Units counted by",
        help="Indicator whose value is multiplied by the price.",
    )
    is_earned_by_spending = fields.Boolean(
        string="Earned by spending",
        tracking=True,
        help="Nothing is due before the money is spent (ESF+): no income at "
        "notification, the income of the year is the rate of the eligible cost, and "
        "cash received before is an advance.",
    )
    flat = fields.Selection(
        FLATS,
        string="Flat rate",
        required=True,
        default="none",
        help="Part of the eligible cost that needs no evidence (regulation (EU) "
        "2021/1060, articles 54 to 56).",
    )
    is_limited_by_others = fields.Boolean(
        string="Limited by other resources",
        help="What other grants give to the same actions lowers this one.",
    )
    indirect_rate = fields.Float(
        string="Indirect costs, at most (%)",
        help="Ceiling of indirect costs, as a part of the direct costs charged.",
    )
    variance_threshold = fields.Float(
        string="Differences explained above (%)",
        default=10.0,
        help="Report lines whose actual amount differs from the plan by more than this "
        "need an explanation before the report is final.",
    )
    deferral = fields.Selection(
        DEFERRALS,
        string="Later years",
        required=True,
        default="agreement",
        help="Whether year end defers the part of later years. One sum for the whole "
        "period is not deferred: what is unspent goes to the dedicated fund.",
    )
    tranche_ids = fields.One2many("ess.grant.tranche", "grant_id", string="Years")
    instalment_ids = fields.One2many(
        "ess.grant.instalment", "grant_id", string="Instalments"
    )
    amendment_ids = fields.One2many(
        "ess.grant.amendment", "grant_id", string="Amendments"
    )
    # investment
    is_investment = fields.Boolean(related="nature_id.is_investment")
    date_in_service = fields.Date(
        string="In service on", help="Day on which depreciation of the asset begins."
    )
    depreciation_months = fields.Integer(
        string="Depreciated over (months)",
        help="Straight-line duration of what the grant pays.",
    )

    _rate_range = models.Constraint(
        "CHECK(rate > 0 AND rate <= 100)", "The rate is above 0 and at most 100 %."
    )
    _threshold_positive = models.Constraint(
        "CHECK(variance_threshold >= 0)", "The threshold cannot be negative."
    )
    _months_positive = models.Constraint(
        "CHECK(depreciation_months >= 0)", "The number of months cannot be negative."
    )

    @api.constrains("rule", "unit_indicator_id", "unit_price")
    def _check_unit_rule(self):
        for grant in self:
            if grant.rule == "unit" and not (
                grant.unit_indicator_id and grant.unit_price > 0
            ):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” pays by unit: choose the indicator that counts "
                        "the units, and their price.",
                        name=grant.name,
                    )
                )

    def _is_due(self):
        """Whether the award may be recorded at all."""
        self.ensure_one()
        waits = self.condition == "suspensive" and not self.date_condition_met
        return not waits and not self.is_earned_by_spending
