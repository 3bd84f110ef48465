from odoo import fields, models


class EssUnit(models.Model):
    """A unit in which something given or done is counted: meal, parcel, blanket, night.

    Shipped with the usual ones; an administrator adds others. A presence carries a
    quantity of one unit.
    """

    _name = "ess.unit"
    _description = "Unit of what is handed out"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Short fixed word used by imports and figures. It does not change when "
        "the name does.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "Another unit has this code. Choose another code."
    )
