from odoo import fields, models
from odoo.exceptions import UserError

KINDS = [
    ("heading", "Heading"),
    ("line", "Line"),
    ("unmatched", "On no line"),
    ("total", "Total"),
    ("grand_total", "Grand total"),
]
#: parts whose balances count from the first day of the ledger
CARRIED = (
    "asset",
    "liability",
    "balance_sheet",
    "in_kind",
    "kind_product",
    "kind_charge",
)


class EssAccountsStatementLine(models.TransientModel):
    """One row of the annual accounts; it opens the journal items it is made of."""

    _name = "ess.accounts.statement.line"
    _description = "Row of the annual accounts"
    _order = "sequence, id"

    statement_id = fields.Many2one(
        comodel_name="ess.accounts.statement",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="statement_id.currency_id")
    sequence = fields.Integer()
    code = fields.Char()
    label = fields.Char(required=True)
    kind = fields.Selection(KINDS, required=True)
    part = fields.Char()
    opening = fields.Monetary(help="Balance before the year; debit is positive.")
    debit = fields.Monetary()
    credit = fields.Monetary()
    gross = fields.Monetary()
    reduction = fields.Monetary(string="Depreciation, impairment")
    amount = fields.Monetary(string="Year")
    previous = fields.Monetary(string="Year before")
    generosity = fields.Monetary(
        string="Of which public generosity",
        help="Gifts and patronage, and what is charged to them.",
    )
    account_ids = fields.Json()

    def action_open_items(self):
        """Open the journal items behind the row, with the reader's own rights.

        :raises UserError: when no account stands behind the row
        """
        self.ensure_one()
        if not self.account_ids:
            raise UserError(
                self.env._(
                    "No account stands behind “%(label)s”: it is computed from other "
                    "lines.",
                    label=self.label,
                )
            )
        statement = self.statement_id
        domain = [
            ("account_id", "in", self.account_ids),
            ("company_id", "child_of", statement.company_id.id),
            ("parent_state", "=", "posted"),
            ("date", "<=", statement.date_to),
        ]
        if self.part not in CARRIED:
            domain.append(("date", ">=", statement.date_from))
        return {
            "type": "ir.actions.act_window",
            "name": self.label,
            "res_model": "account.move.line",
            "view_mode": "list,kanban,form",
            "domain": domain,
            "context": {"search_default_group_by_account": 1, "create": False},
        }
