from odoo import fields, models

STATUSES = [
    ("ready", "Ready"),
    ("missing", "Missing: will be added"),
    ("renamed", "Unused, company wording: will be renamed"),
    ("linked", "Present: will be recognised"),
    ("sub_account", "Has entries with another meaning: a sub-account will be added"),
    ("wrong_type", "Wrong type: will be repaired"),
    ("blocked", "Wrong type, entries to correct first"),
]


class EssAssociationChartLine(models.TransientModel):
    """One account of the associations' chart, and what it needs in the company."""

    _name = "ess.association.chart.line"
    _description = "Account of the associations' chart"
    _order = "sequence, code"

    chart_id = fields.Many2one(
        comodel_name="ess.association.chart",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer()
    code = fields.Char()
    name = fields.Char()
    status = fields.Selection(STATUSES)
    source = fields.Char()
