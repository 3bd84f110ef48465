from odoo import fields, models

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class EssVolunteerAvailability(models.Model):
    """Hours of the week at which a volunteer can usually come.

    Said by the volunteer, written by them or by the volunteer manager. No line at all
    means that they were not asked, not that they never can.
    """

    _name = "ess.volunteer.availability"
    _description = "Usual availability of a volunteer"
    _order = "weekday, hour_from, id"

    volunteer_id = fields.Many2one(
        "ess.volunteer", required=True, index=True, ondelete="cascade"
    )
    weekday = fields.Selection(WEEKDAYS, string="Day", required=True, default="0")
    hour_from = fields.Float(string="From", required=True, default=9.0)
    hour_to = fields.Float(string="To", required=True, default=12.0)
    # Stored: scope key of the row, read by the company rule.
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, precompute=True
    )

    _hours_order = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_to > hour_from AND hour_to <= 30)",
        "Availability ends after it starts. After midnight, go on counting: 2 in the "
        "morning is 26.",
    )
