from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("advance", "Advance"),
    ("interim", "Interim payment"),
    ("balance", "Balance"),
]


class EssGrantInstalment(models.Model):
    """One payment that the agreement foresees, and the cash that came.

    It settles what the funder owes and is never income. Entered by the fundraiser from
    the agreement; the accountant books the receipt, or the bank statement does.
    """

    _name = "ess.grant.instalment"
    _description = "Instalment of a grant"
    _order = "date_due, id"

    grant_id = fields.Many2one(
        comodel_name="ess.grant", required=True, index=True, ondelete="cascade"
    )
    funder_id = fields.Many2one(related="grant_id.funder_id")
    company_id = fields.Many2one(
        related="grant_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True, default="advance")
    date_due = fields.Date(string="Expected on", required=True)
    amount = fields.Monetary(string="Expected", required=True)
    condition = fields.Char(
        help="What the funder waits for: signature, report, evidence of costs."
    )
    date_received = fields.Date(string="Received on")
    amount_received = fields.Monetary(string="Received")
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Entry",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    _positive = models.Constraint(
        "CHECK(amount > 0)", "An instalment has an amount above zero."
    )

    @api.depends("grant_id.name", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for instalment in self:
            kind = labels.get(instalment.kind, "")
            instalment.display_name = f"{instalment.grant_id.name} – {kind}"

    @api.depends("date_due", "date_received")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for instalment in self:
            due = instalment.date_due
            instalment.is_late = bool(
                due and due < today and not instalment.date_received
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("date_due", "<", today), ("date_received", "=", False)]

    def action_book(self):
        """Draft the entry of the receipt: the bank against what the funder owes.

        :raises UserError: when the receipt is not filled in, or was booked
        """
        for instalment in self:
            instalment._check_bookable()
            instalment.move_id = instalment._make_entry()
        return self.move_id._ess_get_window_action()

    def _check_bookable(self):
        """Refuse what cannot be booked."""
        self.ensure_one()
        if self.move_id:
            raise UserError(
                self.env._(
                    "“%(name)s” is booked already, in %(entry)s.",
                    name=self.display_name,
                    entry=self.move_id.display_name,
                )
            )
        if not self.date_received or self.amount_received <= 0:
            raise UserError(
                self.env._(
                    "Enter the day and the amount received of “%(name)s” first.",
                    name=self.display_name,
                )
            )

    def _make_entry(self):
        """The draft entry of the receipt.

        :rtype: account.move
        """
        grant, amount = self.grant_id, self.amount_received
        nature, is_due = grant.nature_id, grant._is_due()
        code = nature.receivable_code if is_due else nature.advance_code
        reason = (
            self.env._("Instalments settle what the funder owes; they are no income.")
            if is_due
            else self.env._("Cash received before the grant is earned: an advance.")
        )
        return grant._make_grant_entry(
            "received",
            self.date_received,
            self.display_name,
            [(grant._get_bank_account(), amount), (code, -amount)],
            reason,
        )
