from odoo import fields, models


class ResCompany(models.Model):
    """An association: the extra fields of its files and its word for people."""

    _inherit = "res.company"

    beneficiary_properties_definition = fields.PropertiesDefinition(
        string="Extra fields of files"
    )
    beneficiary_word = fields.Char(
        string="What do you call the persons?",
        translate=True,
        help="For example: person supported, participant, young person, resident. "
        "Used in letters and printed papers.",
    )
    life_project_word = fields.Char(
        string="What do you call the life project?",
        translate=True,
        help="Empty: life project. Social and medico-social establishments write "
        "“projet personnalisé” (CASF L311-3). Used on screens and printed papers.",
    )
    silence_days = fields.Integer(
        string="Days without news",
        default=60,
        help="A file shows an alert when no contact was noted for longer than this. "
        "A choice of the association, no legal term; 0: never.",
    )
    life_project_review_months = fields.Integer(
        string="Months between two reviews",
        default=6,
        help="Proposed as the date of the next review of a new version. Social "
        "establishments owe a review at least once a year (CASF D311). 0: no date.",
    )
