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
