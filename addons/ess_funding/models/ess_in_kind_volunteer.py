from odoo import fields, models


class EssInKind(models.Model):
    """The hours of volunteers that a contribution in kind was computed from."""

    _inherit = "ess.in.kind"

    volunteer_rate_id = fields.Many2one(
        "ess.volunteer.rate",
        string="Value of an hour",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Set on lines that come from the sheets of volunteers: they are computed "
        "again, never typed.",
    )
