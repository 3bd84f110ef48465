from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

KINDS = [
    ("raise", "More money"),
    ("lower", "Less money"),
    ("extend", "Other dates"),
    ("refund", "Money to give back"),
]


class EssGrantAmendment(models.Model):
    """A change of the agreement, or the funder's last word on the amount.

    Entered by the fundraiser, applied once: the grant takes the new amount or dates,
    and the accountant gets the entry to post. What was before is kept.
    """

    _name = "ess.grant.amendment"
    _description = "Amendment of a grant"
    _order = "date desc, id desc"

    grant_id = fields.Many2one(
        comodel_name="ess.grant", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="grant_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    kind = fields.Selection(KINDS, required=True, default="lower")
    amount = fields.Monetary(
        string="New amount",
        help="The award after the amendment; for money to give back, what goes back.",
    )
    date_to = fields.Date(string="New end")
    reason = fields.Char(required=True)
    accept_overspending = fields.Boolean(
        string="Accept costs above",
        help="The association pays what is charged above the new amount.",
    )
    amount_before = fields.Monetary(readonly=True)
    date_to_before = fields.Date(readonly=True)
    is_applied = fields.Boolean(readonly=True, copy=False)
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Entry",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    @api.depends("grant_id.name", "date")
    def _compute_display_name(self):
        for amendment in self:
            amendment.display_name = f"{amendment.grant_id.name} – {amendment.date}"

    def write(self, vals):
        """What was applied is history."""
        frozen = {"grant_id", "date", "kind", "amount", "date_to"}
        if frozen & vals.keys() and any(self.mapped("is_applied")):
            raise UserError(
                self.env._(
                    "This amendment was applied. Enter another one to change the "
                    "grant again."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if any(self.mapped("is_applied")):
            raise UserError(
                self.env._("An amendment that was applied stays in the file.")
            )

    def action_apply(self):
        """Change the grant, and draft the entry when money moves."""
        for amendment in self:
            amendment._check_applicable()
            grant = amendment.grant_id
            amendment.write(
                {"amount_before": grant.amount, "date_to_before": grant.date_to}
            )
            amendment._apply()
            amendment.is_applied = True
        return True

    def _apply(self):
        """Give the grant its new terms."""
        self.ensure_one()
        grant = self.grant_id
        if self.kind == "extend":
            grant.date_to = self.date_to
        elif self.kind == "refund":
            self.move_id = self._make_refund_entry()
        else:
            grant.amount = self.amount
            booked = grant._get_booked_awards()[grant.id]
            if grant._is_due() and grant.currency_id.compare_amounts(booked, 0) > 0:
                self.move_id = grant._make_award_entry(
                    grant.amount, self.date, self.reason
                )

    def _check_applicable(self):
        """Refuse an amendment that says nothing or lowers under what is charged."""
        self.ensure_one()
        if self.is_applied:
            raise UserError(self.env._("This amendment was applied already."))
        if self.kind == "extend" and not self.date_to:
            raise UserError(self.env._("Enter the new end of the grant."))
        self._check_amount()
        self._check_overspending()

    def _check_amount(self):
        """Refuse an amount on the wrong side of the award."""
        grant = self.grant_id
        wrong_way = {
            "raise": self.amount <= grant.amount,
            "lower": not 0 <= self.amount < grant.amount,
            "refund": self.amount <= 0,
        }
        if wrong_way.get(self.kind):
            raise UserError(
                self.env._(
                    "The award is %(amount)s: the amount entered does not fit "
                    "“%(kind)s”.",
                    amount=formatLang(
                        self.env, grant.amount, currency_obj=self.currency_id
                    ),
                    kind=dict(self._fields["kind"]._description_selection(self.env))[
                        self.kind
                    ],
                )
            )

    def _check_overspending(self):
        """Refuse to lower under what is charged, unless that is accepted."""
        grant = self.grant_id
        over = grant.spent_amount - self.amount
        if (
            self.kind == "lower"
            and not self.accept_overspending
            and self.currency_id.compare_amounts(over, 0) > 0
        ):
            raise UserError(
                self.env._(
                    "Costs charged to “%(name)s” are %(over)s above the new amount. "
                    "Charge them elsewhere first, or accept that the association pays "
                    "them.",
                    name=grant.name,
                    over=formatLang(self.env, over, currency_obj=self.currency_id),
                )
            )

    def _make_refund_entry(self):
        """Draft what goes back to the funder: an expense that the grant bears.

        :rtype: account.move
        """
        grant = self.grant_id
        return grant._make_grant_entry(
            "refund",
            self.date,
            self.env._("%(grant)s, unspent money asked back", grant=grant.name),
            [
                (grant.nature_id.refund_code, self.amount),
                (grant.nature_id.receivable_code, -self.amount),
            ],
            self.reason,
        )
