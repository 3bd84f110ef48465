from odoo import api, fields, models

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

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Add no expense to what is signed."""
        lines = super().create(vals_list)
        lines._check_not_signed()
        return lines

    def write(self, vals):
        """Change nothing of what is signed."""
        self.check_access("write")  # before any answer about the waiver
        self._check_not_signed()
        result = super().write(vals)
        self._check_not_signed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_not_signed()

    def _check_not_signed(self):
        if not self.env.su:
            self.waiver_id._check_not_signed()
