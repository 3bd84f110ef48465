from odoo import api, fields, models

STEPS = [
    ("lowered", "Award lowered"),
    ("accrued", "Income earned by spending"),
    ("deferred", "Deferred income"),
    ("dedicated_use", "Dedicated fund used"),
    ("dedicated_add", "Dedicated fund added"),
    ("investment", "Share of an investment grant"),
    ("in_kind", "Contributions in kind"),
]


class EssYearEndLine(models.Model):
    """One entry that year end proposes, with its reasoning.

    Made by the assistant, never by hand. Without an entry it is a proposal; its draft
    entry, and the one that takes it back next year, are opened from it.
    """

    _name = "ess.year.end.line"
    _description = "Entry proposed at year end"
    _order = "year_end_id, sequence, id"

    year_end_id = fields.Many2one(
        comodel_name="ess.year.end", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="year_end_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer()
    step = fields.Selection(STEPS, required=True)
    grant_id = fields.Many2one(
        comodel_name="ess.grant", index="btree_not_null", ondelete="restrict"
    )
    action_id = fields.Many2one(
        comodel_name="ess.funding.action",
        string="Funded action",
        index="btree_not_null",
        ondelete="restrict",
    )
    kind = fields.Char(help="Nature of the contribution in kind.")
    amount = fields.Monetary(required=True)
    refund_amount = fields.Monetary(
        string="Of which refunds", help="Part of the fund that goes back to the funder."
    )
    reason = fields.Text()
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Entry",
        index="btree_not_null",
        ondelete="set null",
    )
    reset_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Taken back by",
        index="btree_not_null",
        ondelete="set null",
        help="Entry of the first day of the next year.",
    )
    state = fields.Selection(
        [("proposed", "Proposed"), ("draft", "Draft entry"), ("posted", "Posted")],
        compute="_compute_state",
    )

    @api.depends("move_id.state")
    def _compute_state(self):
        for line in self:
            # sudo: the state of an entry, told to those who may read the proposal
            move = line.sudo().move_id
            line.state = (
                "posted" if move.state == "posted" else "draft" if move else "proposed"
            )

    def action_open_entry(self):
        """Open the entry and the one that takes it back."""
        return (self.move_id + self.reset_move_id)._ess_get_window_action()
