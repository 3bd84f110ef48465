from odoo import api, fields, models


class EssCecRule(models.Model):
    """What the law asks of the *compte d'engagement citoyen*, from a year on.

    Shipped with its source; an administrator adds a line when the law changes.
    """

    _name = "ess.cec.rule"
    _description = "Rule of the citizen's engagement account"
    _order = "year_from desc"
    _rec_name = "year_from"

    year_from = fields.Integer(string="From the year", required=True, default=2017)
    hours_total = fields.Integer(
        string="Hours in the calendar year",
        required=True,
        help="In all associations together.",
    )
    hours_one = fields.Integer(
        string="Of which in one association",
        required=True,
        help="In one and the same association.",
    )
    years_declared = fields.Integer(string="Association declared for (years)")
    declare_by = fields.Char(
        string="Volunteer declares by",
        required=True,
        help="Month and day of the next year, as 06-30.",
    )
    confirm_by = fields.Char(
        string="Association confirms by",
        required=True,
        help="Month and day of the next year, as 12-31.",
    )
    source = fields.Char(required=True)

    _year_uniq = models.UniqueIndex("(year_from)", "This year already has a rule.")

    @api.model
    def _get_for(self, year):
        """Return the rule of a calendar year; empty when there is none."""
        return self.search([("year_from", "<=", year)], limit=1)
