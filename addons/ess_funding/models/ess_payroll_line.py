from odoo import fields, models


class EssPayrollLine(models.Model):
    """One line of a payroll journal: somebody, an account, an amount.

    Read from the file and never changed by hand; only the payroll group sees it.
    """

    _name = "ess.payroll.line"
    _description = "Line of a payroll journal"
    _order = "payroll_id, id"

    payroll_id = fields.Many2one(
        comodel_name="ess.payroll", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="payroll_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    employee_id = fields.Many2one(
        comodel_name="ess.payroll.employee",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty on the lines of the whole association: net to pay, contributions.",
    )
    account_id = fields.Many2one(
        comodel_name="account.account", required=True, ondelete="restrict"
    )
    name = fields.Char(string="Label")
    amount = fields.Monetary(help="Debit is positive.")
    has_key = fields.Boolean(
        string="Spread", readonly=True, help="A key says where this salary goes."
    )
