from odoo import fields, models


class EssPlatform(models.Model):
    """A form on which funders want applications: its fields, in its order.

    Described once by an administrator or a fundraiser; each application filed there
    gets a copy sheet that follows it.
    """

    _name = "ess.platform"
    _description = "Funders' form"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    url = fields.Char(string="Web page")
    field_ids = fields.One2many(
        "ess.platform.field", "platform_id", string="Fields", copy=True
    )
    source = fields.Char(help="Where its fields come from, and when they were read.")
