from odoo import fields, models


class EssPayrollEmployee(models.Model):
    """A person on the payroll, as the payroll tool numbers them.

    Made by the payroll group, or when a journal names somebody new. Entries bear the
    number only; the name stays here, for the payroll group.
    """

    _name = "ess.payroll.employee"
    _description = "Employee on the payroll"
    _order = "code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(
        string="Payroll number", required=True, help="As the payroll tool writes it."
    )
    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    key_ids = fields.One2many("ess.payroll.key", "employee_id", string="Keys")

    _code_uniq = models.UniqueIndex(
        "(company_id, code)", "Somebody has this payroll number already."
    )
