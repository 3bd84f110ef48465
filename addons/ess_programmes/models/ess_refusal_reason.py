from odoo import fields, models


class EssRefusalReason(models.Model):
    """Why a person did not get in, or did not get what was asked: by the association or
    by the person's choice.

    These reasons are advocacy figures: they say what is missing.
    """

    _name = "ess.refusal.reason"
    _description = "Reason for not being admitted"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    is_by_person = fields.Boolean(
        string="Person's own choice",
        help="Ticked when the person decided. Otherwise the association could not say "
        "yes.",
    )
    is_paper_related = fields.Boolean(
        string="Asks for papers",
        help="Cannot be chosen in a programme that is open without conditions.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "Another reason has this code. Choose another code."
    )
