from odoo import fields, models


class EssGrantNature(models.Model):
    """What kind of money a grant is, and where accountants book it.

    Shipped as an editable table with a source on each row; the nature proposes the
    accounts and says whether unspent money becomes a dedicated fund.
    """

    _name = "ess.grant.nature"
    _description = "Nature of a grant"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    receivable_code = fields.Char(
        string="Receivable account", help="Account of what the funder still owes."
    )
    income_code = fields.Char(string="Income account")
    dedicated_code = fields.Char(
        string="Dedicated funds account",
        help="Account that keeps the unspent part of an earmarked grant at year end; "
        "empty when this nature knows none.",
    )
    source = fields.Char(help="Text that the accounts come from.")
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "Each nature has its own key.")
