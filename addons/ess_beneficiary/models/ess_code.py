from odoo import fields, models


class EssCode(models.Model):
    """One entry of a published code list (publics, themes, types of service…).

    The lists are those of the data·inclusion standard, version 1. They come with
    the addon and are only completed when the standard changes: programmes, values
    of situations and goal themes point at them, so that associations with
    different words can still be compared and published together.
    """

    _name = "ess.code"
    _description = "Reference code"
    _order = "scheme, parent_id, name, id"
    _rec_names_search = ["name", "code"]

    scheme = fields.Selection(
        selection=[
            ("public", "Public"),
            ("category", "Category of themes"),
            ("theme", "Theme"),
            ("service_type", "Type of service"),
            ("fee", "Fee"),
            ("reception_mode", "Mode of reception"),
            ("mobilisation", "How to ask for the service"),
            ("mobilising_person", "Who may ask for the service"),
            ("network", "Network"),
        ],
        string="List",
        required=True,
    )
    code = fields.Char(
        required=True, help="Code of the standard; never changed, never translated."
    )
    name = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True)
    parent_id = fields.Many2one(
        comodel_name="ess.code", string="Category", ondelete="restrict", index=True
    )
    active = fields.Boolean(default=True)

    _scheme_code_uniq = models.UniqueIndex(
        "(scheme, code)", "This code is already in the list."
    )
