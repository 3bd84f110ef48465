from odoo import fields, models

SCHOOL_ZONES = [("A", "Zone A"), ("B", "Zone B"), ("C", "Zone C")]


class EssClosedDay(models.Model):
    """Days on which series of sessions are not held: school holidays of a zone, or the
    association's own closing.

    School holidays are shipped with their source and completed by coordinators when the
    ministry publishes the next year; public holidays are computed and not listed here.
    """

    _name = "ess.closed.day"
    _description = "Closed days"
    _order = "date_from desc, zone, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("school", "School holidays"), ("closing", "Closing of the association")],
        string="Kind of closing",
        required=True,
        default="closing",
    )
    zone = fields.Selection(
        SCHOOL_ZONES, string="School zone", help="Empty: the three zones."
    )
    date_from = fields.Date(string="First day", required=True)
    date_to = fields.Date(string="Last day", required=True, help="Included.")
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Empty: for all associations of this database.",
    )
    source = fields.Char(help="Where the dates come from: title and date of the text.")
    active = fields.Boolean(default=True)

    _dates_order = models.Constraint(
        "CHECK (date_to >= date_from)",
        "The last day comes before the first one. Check both.",
    )
