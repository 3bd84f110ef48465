from odoo import api, fields, models
from odoo.exceptions import UserError


class EssBudgetLine(models.Model):
    """One amount of a budget, on one line of the form.

    A line of the form may be used several times, for example for two ministries; the
    precision then says which.
    """

    _name = "ess.budget.line"
    _description = "Budget line"
    _order = "cerfa_sequence, id"
    _check_company_auto = True

    budget_id = fields.Many2one(
        comodel_name="ess.budget", required=True, index=True, ondelete="cascade"
    )
    cerfa_line_id = fields.Many2one(
        comodel_name="ess.cerfa.line",
        string="Line",
        required=True,
        index=True,
        ondelete="restrict",
    )
    cerfa_sequence = fields.Integer(
        related="cerfa_line_id.sequence",
        store=True,  # stored: order of the form
    )
    side = fields.Selection(
        related="cerfa_line_id.side",
        store=True,  # stored: domain of the two lists of the form
    )
    is_heading = fields.Boolean(related="cerfa_line_id.is_heading")
    company_id = fields.Many2one(
        related="budget_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    note = fields.Char(
        string="Precision", help="Which ministry, which town, which staff…"
    )
    amount = fields.Monetary()
    subtotal = fields.Monetary(compute="_compute_subtotal")

    _positive = models.Constraint(
        "CHECK(amount >= 0)", "Enter amounts of a budget without a minus sign."
    )

    @api.depends(
        "budget_id.charge_line_ids.amount",
        "budget_id.product_line_ids.amount",
        "cerfa_line_id",
    )
    def _compute_subtotal(self):
        for line in self:
            if not line.is_heading:
                line.subtotal = 0
                continue
            budget, section = line.budget_id, line.cerfa_line_id.section
            lines = budget.charge_line_ids | budget.product_line_ids
            line.subtotal = sum(
                other.amount
                for other in lines
                if other.cerfa_line_id.section == section and other.side == line.side
            )

    @api.constrains("amount", "cerfa_line_id", "budget_id")
    def _check_amount(self):
        for line in self:
            if line.amount and line.is_heading:
                raise UserError(
                    self.env._(
                        "“%(line)s” is a heading: it shows the sum of its lines. "
                        "Enter the amount on one of them.",
                        line=line.cerfa_line_id.name,
                    )
                )
            if line.budget_id.state == "validated":
                raise UserError(
                    self.env._(
                        "“%(budget)s” is validated. Set it back to draft to change "
                        "its amounts.",
                        budget=line.budget_id.name,
                    )
                )
