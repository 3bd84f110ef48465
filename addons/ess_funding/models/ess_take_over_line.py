from odoo import api, fields, models
from odoo.exceptions import ValidationError


class EssTakeOverLine(models.Model):
    """What one grant holds in the opening balance, as in the old books.

    Amounts are positive in their usual direction. Income of earlier years is in no
    account any more: it completes the award, so that it is not recorded twice.
    """

    _name = "ess.take.over.line"
    _description = "Grant in a take-over"
    _order = "take_over_id, id"
    _check_company_auto = True

    take_over_id = fields.Many2one(
        comodel_name="ess.take.over", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="take_over_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    grant_id = fields.Many2one(
        comodel_name="ess.grant",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    past_income = fields.Monetary(
        string="Income of earlier years",
        help="Recorded in the books before Odoo; completes the award.",
    )
    receivable = fields.Monetary(
        string="To receive (441, 467)", help="What the funder still owes."
    )
    advance = fields.Monetary(
        string="Advance (4419)", help="Received before it was earned."
    )
    deferred = fields.Monetary(
        string="Deferred (487)", help="Income that belongs to later years."
    )
    fund = fields.Monetary(
        string="Dedicated fund (19)", help="Unspent part of earmarked money."
    )
    equity = fields.Monetary(string="Investment (131)")
    taken = fields.Monetary(
        string="Taken to income (139)", help="Part of the investment grant so far."
    )

    _unique_grant = models.Constraint(
        "UNIQUE(take_over_id, grant_id)", "This grant is in the take-over already."
    )
    _positive = models.Constraint(
        "CHECK(past_income >= 0 AND receivable >= 0 AND advance >= 0 AND deferred >= 0"
        " AND fund >= 0 AND equity >= 0 AND taken >= 0)",
        "Enter amounts as positive figures.",
    )

    @api.constrains("grant_id", "deferred", "fund", "equity", "taken", "past_income")
    def _check_award(self):
        """The parts fit the nature and the amount of the grant."""
        for line in self:
            grant, nature = line.grant_id, line.grant_id.nature_id
            total = line.past_income + line.deferred + line.equity
            misplaced = (line.equity or line.taken) and not nature.is_investment
            if grant.currency_id.compare_amounts(total, grant.amount) > 0 or misplaced:
                raise ValidationError(
                    self.env._(
                        "“%(grant)s”: earlier income, deferred income and investment "
                        "cannot exceed its amount, and 131 and 139 are for investment "
                        "grants.",
                        grant=grant.name,
                    )
                )
            if line.taken > line.equity:
                raise ValidationError(
                    self.env._(
                        "“%(grant)s”: more was taken to income (139) than was given "
                        "(131).",
                        grant=grant.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Lines belong to take-overs that are not booked."""
        lines = super().create(vals_list)
        lines.take_over_id._check_not_booked()
        return lines

    def write(self, vals):
        """Lines of a booked take-over stay."""
        self.take_over_id._check_not_booked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        self.take_over_id._check_not_booked()

    def _get_balances(self):
        """Beginning of a code and balance of each amount, debit positive.

        :rtype: list[tuple]
        """
        nature = self.grant_id.nature_id
        parts = [
            (nature.receivable_code, self.receivable),
            (nature.advance_code, -self.advance),
            (nature.deferred_code, -self.deferred),
            (nature.dedicated_code, -self.fund),
        ]
        if nature.is_investment:
            parts.append((nature.income_code, -self.equity))
            parts.append((nature.writeback_code, self.taken))
        return parts
