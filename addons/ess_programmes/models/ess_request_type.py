from odoo import fields, models


class EssRequestType(models.Model):
    """Something that people ask for, in a word of everyday: a shelter, food, papers.

    Shipped for the usual needs, completed by coordinators. Each type points at a
    data·inclusion category, so that associations with other words can be added up.
    """

    _name = "ess.request.type"
    _description = "Thing asked for"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Key used by figures and imports.")
    sequence = fields.Integer(
        default=10, help="The first eleven are shown at once, the others on request."
    )
    theme_id = fields.Many2one(
        "ess.code",
        ondelete="restrict",
        domain=[("scheme", "=", "category")],
        help="Category of the data·inclusion standard, by which needs are counted.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another thing asked for has this key.")
