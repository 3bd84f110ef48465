from odoo import fields, models


class EssTerritory(models.Model):
    """A coarse zone where a team works: a district, the station, the river banks.

    Never the exact place where someone sleeps. Created by coordinators; without a
    company it is shared by all.
    """

    _name = "ess.territory"
    _description = "Territory"
    _order = "sequence, name, id"

    name = fields.Char(
        required=True,
        help="A coarse zone (district, station), never the place where someone sleeps.",
    )
    code = fields.Char()
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (name, company_id)",
        "A territory with this name exists already. Use it, or choose another name.",
    )
