from odoo import fields, models

EXIT_CLASSES = [
    ("positive", "Favourable"),
    ("relay", "Handed over"),
    ("neutral", "No known change"),
    ("interrupted", "Interrupted"),
    ("out_of_scope", "Out of scope"),
    ("none", "Not counted"),
]


class EssExitReason(models.Model):
    """Why a stay in a programme ended, in the association's own words, with the class
    that figures read.

    Shipped with the usual reasons, among them those by which the association's own part
    in a break stays visible.
    """

    _name = "ess.exit.reason"
    _description = "Exit reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    exit_class = fields.Selection(
        EXIT_CLASSES,
        string="Exit class",
        required=True,
        help="What this reason means in the figures. “Out of scope” is left out of "
        "rates; “Not counted” is left out of everything.",
    )
    iae_class = fields.Selection(
        [
            ("lasting", "Lasting employment"),
            ("transition", "Transition employment"),
            ("positive", "Positive exit"),
            ("other", "Other exit"),
            ("no_news", "No news"),
            ("out_of_scope", "Out of scope"),
        ],
        string="Class in job insertion",
        help="Class of the exit in the French statistics of insertion through economic "
        "activity (IAE).",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "Another reason has this code. Choose another code."
    )
