from odoo import fields, models

from .ess_mileage_rate import VEHICLES


class EssExpenseWaiverLine(models.Model):
    """One expense that a volunteer gives up: a journey, a ticket, a purchase.

    Entered with its proof. A journey by one's own vehicle is valued by the official
    scale of the year; everything else at what was paid.
    """

    _name = "ess.expense.waiver.line"
    _description = "Expense given up"
    _order = "date, id"

    waiver_id = fields.Many2one(
        "ess.expense.waiver", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    name = fields.Char(string="What for", required=True)
    proof = fields.Char(
        required=True,
        help="Number of the bill or ticket; for a journey, from where to where.",
    )
    vehicle = fields.Selection(VEHICLES, string="By one's own")
    power = fields.Integer(string="Tax horsepower")
    kilometres = fields.Float()
    paid = fields.Float(help="What was paid, when it is not a journey.")
    # Stored: scope key of the row, read by the company rule.
    company_id = fields.Many2one(
        related="waiver_id.company_id", store=True, precompute=True
    )

    _one_value = models.Constraint(
        "CHECK ((vehicle IS NOT NULL AND kilometres > 0 AND COALESCE(paid, 0) = 0) "
        "OR (vehicle IS NULL AND paid > 0 AND COALESCE(kilometres, 0) = 0))",
        "Enter either the kilometres of a vehicle, or what was paid.",
    )
