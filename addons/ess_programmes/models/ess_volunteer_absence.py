from odoo import api, fields, models


class EssVolunteerAbsence(models.Model):
    """Days on which a volunteer departs from the usual week: away, or free.

    Said by the volunteer; no reason is asked.
    """

    _name = "ess.volunteer.absence"
    _description = "Exception to a volunteer's availability"
    _order = "date_from desc, id desc"

    volunteer_id = fields.Many2one(
        "ess.volunteer", required=True, index=True, ondelete="cascade"
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(
        string="To",
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Last day, included.",
    )
    is_available = fields.Boolean(
        string="Free",
        help="Ticked: can come on these days. Not ticked: away on these days.",
    )
    # Stored: scope key of the row, read by the company rule.
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, precompute=True
    )

    _dates_order = models.Constraint(
        "CHECK (date_to >= date_from)",
        "These days end before they start. Check the two dates.",
    )

    @api.depends("date_from")
    def _compute_date_to(self):
        for absence in self:
            absence.date_to = max(
                absence.date_to or absence.date_from, absence.date_from
            )
