from odoo import fields, models

BUCKETS = [
    ("open", "In preparation"),
    ("sent", "Sent"),
    ("won", "Granted"),
    ("lost", "Not granted"),
]


class EssApplicationStage(models.Model):
    """A step of applications, with the chance that money comes from there.

    Set by administrators; the bucket tells the suite what the step means, whatever
    its name.
    """

    _name = "ess.application.stage"
    _description = "Stage of applications"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    bucket = fields.Selection(
        BUCKETS, string="Means", required=True, default="open", index=True
    )
    probability = fields.Float(
        string="Chance (%)",
        help="Weighs the amount asked: what may be counted on, all applications "
        "together.",
    )
    fold = fields.Boolean(string="Folded", help="Column closed at first.")

    _range = models.Constraint(
        "CHECK(probability >= 0 AND probability <= 100)",
        "A chance is between 0 and 100 %.",
    )
