from odoo import fields, models
from odoo.exceptions import UserError

KINDS = [
    ("heading", "Heading"),
    ("line", "Line"),
    ("unmatched", "On no line"),
    ("balance", "Balance"),
    ("total", "Total"),
    ("grand_total", "Grand total"),
    ("other", "Outside the income statement"),
]


class EssFundingStatementLine(models.TransientModel):
    """One row of planned and actual; it opens the entries it is made of."""

    _name = "ess.funding.statement.line"
    _description = "Row of planned and actual"
    _order = "sequence, id"

    statement_id = fields.Many2one(
        comodel_name="ess.funding.statement",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="statement_id.currency_id")
    sequence = fields.Integer()
    kind = fields.Selection(KINDS, required=True)
    side = fields.Char()
    label = fields.Char(required=True)
    planned = fields.Monetary()
    actual = fields.Monetary()
    rate = fields.Float(string="Done (%)")
    difference = fields.Monetary(help="Actual minus planned.")
    share = fields.Monetary(
        string="Of which the grant", help="Part of the actual that the grant pays."
    )
    sources = fields.Json()

    def action_open_entries(self):
        """Open the analytic lines behind the actual amount.

        :raises UserError: when no entry stands behind the row
        """
        self.ensure_one()
        if not self.sources:
            raise UserError(
                self.env._(
                    "No entry stands behind “%(label)s”: it is computed, or nothing "
                    "was posted in the period.",
                    label=self.label,
                )
            )
        statement = self.statement_id
        action = statement.action_id
        domain = action._get_source_domain(
            [tuple(source) for source in self.sources],
            statement.date_from,
            statement.date_to,
        )
        return action._get_line_action(domain) | {"display_name": self.label}
