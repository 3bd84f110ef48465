from odoo import fields, models


class EssMissionType(models.Model):
    """What volunteers do in a mission: outreach, reception, French classes…

    Shipped; the volunteer manager adapts the list. It says what the mission asks for
    (papers), how its hours are valued and whether they count for the *compte
    d'engagement citoyen*.
    """

    _name = "ess.mission.type"
    _description = "Mission type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable key, in packs and exchanges.")
    sequence = fields.Integer(default=10)
    has_minors = fields.Boolean(
        string="Contact with minors",
        help="Sessions of this type are with minors, unless they say otherwise.",
    )
    is_driving = fields.Boolean(string="Drives", help="A driving licence is needed.")
    handles_food = fields.Boolean()
    is_leading = fields.Boolean(
        string="Leads other volunteers",
        help="Seat on the board, or leading other volunteers: the hours count for the "
        "citizen's engagement account.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code)", "Another mission type already has this code."
    )
