from odoo import fields, models


class EssProgramme(models.Model):
    """What this programme asks of its attendance sheets."""

    _inherit = "ess.programme"

    needs_signed_sheet = fields.Boolean(
        string="Signed sheets",
        help="The funder asks for signatures: sessions without a signed sheet are "
        "listed.",
    )
    sheet_names = fields.Selection(
        [
            ("initial", "First name and initial"),
            ("full", "First and last name"),
            ("reference", "File number only"),
        ],
        string="Names on sheets",
        required=True,
        default="initial",
        help="Everyone in the room reads the sheet: the whole name only when the rule "
        "of the funder asks for it.",
    )
    is_discreet = fields.Boolean(
        string="One slip per person",
        help="Discreet programme: each person signs a slip of their own, which names "
        "neither the programme nor the association.",
    )
    care_absences = fields.Integer(
        string="Absences before a care call",
        default=3,
        help="After so many absences in a row without an excuse, somebody of the "
        "person's team is asked to call: to hear how they are, not to blame. 0: never.",
    )

    _care_absences_range = models.Constraint(
        "CHECK (care_absences BETWEEN 0 AND 20)",
        "The number of absences before a care call goes from 0 to 20.",
    )
