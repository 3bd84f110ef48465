from odoo import api, fields, models
from odoo.exceptions import ValidationError


class EssGrantTranche(models.Model):
    """The part of a grant of several years that the agreement gives to one year.

    Entered by the fundraiser from the agreement; year end defers what belongs to
    later years by it.
    """

    _name = "ess.grant.tranche"
    _description = "Year of a grant"
    _order = "grant_id, date_from, id"

    grant_id = fields.Many2one(
        comodel_name="ess.grant", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="grant_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    amount = fields.Monetary(required=True)

    _dates = models.Constraint(
        "CHECK(date_to >= date_from)", "The year of a grant must end after it begins."
    )
    _positive = models.Constraint(
        "CHECK(amount >= 0)", "The amount of a year cannot be negative."
    )

    @api.depends("grant_id.name", "date_from")
    def _compute_display_name(self):
        for tranche in self:
            year = tranche.date_from.year if tranche.date_from else ""
            tranche.display_name = f"{tranche.grant_id.name} {year}"

    @api.constrains("date_from", "date_to", "grant_id")
    def _check_overlap(self):
        for grant in self.grant_id:
            tranches = grant.tranche_ids.sorted("date_from")
            for before, after in zip(tranches, tranches[1:], strict=False):
                if after.date_from <= before.date_to:
                    raise ValidationError(
                        self.env._(
                            "Two years of “%(name)s” overlap: %(date)s is in both.",
                            name=grant.name,
                            date=after.date_from,
                        )
                    )
