from odoo import fields, models


class EssProgramme(models.Model):
    """Whether the programme is with minors: it decides which papers are asked."""

    _inherit = "ess.programme"

    minors = fields.Selection(
        [
            ("none", "No"),
            ("contact", "Yes"),
            ("protected", "Yes: child protection, early childhood or disability"),
        ],
        string="With minors",
        required=True,
        default="none",
        help="Volunteers need their papers in order for sessions with minors. In child "
        "protection, early childhood and disability the law also asks for the "
        "honourability certificate (CASF L133-6); elsewhere nobody may ask for it.",
    )
