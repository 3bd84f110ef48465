from odoo import api, fields, models


class EssGrantNature(models.Model):
    """What kind of money a grant is, and where accountants book it.

    Shipped as an editable table with a source on each row; the nature gives the
    accounts (by the beginning of their code) and says whether unspent money becomes a
    dedicated fund.
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
    advance_code = fields.Char(
        string="Advance account",
        default="4419",
        help="Account of cash received before the grant is earned: condition not met "
        "yet, or money earned by spending.",
    )
    income_code = fields.Char(
        string="Income account",
        help="Account of the award; for an investment grant, the account of equity.",
    )
    deferred_code = fields.Char(
        string="Deferred income account",
        default="487",
        help="Account of the part of the income that belongs to later years.",
    )
    dedicated_code = fields.Char(
        string="Dedicated funds account",
        help="Account that keeps the unspent part of an earmarked grant at year end; "
        "empty when this nature knows none.",
    )
    report_code = fields.Char(
        string="Transfer to the fund",
        compute="_compute_dedicated_codes",
        store=True,  # editable
        readonly=False,
        help="Expense account of what is kept for later years.",
    )
    use_code = fields.Char(
        string="Use of the fund",
        compute="_compute_dedicated_codes",
        store=True,  # editable
        readonly=False,
        help="Income account of the dedicated fund that is used.",
    )
    is_investment = fields.Boolean(
        string="Pays an investment",
        compute="_compute_is_investment",
        store=True,  # editable
        readonly=False,
        help="The award goes to equity and reaches income as the asset depreciates.",
    )
    writeback_code = fields.Char(
        string="Share already taken",
        default="139",
        help="Equity account of the part of investment grants taken to income.",
    )
    writeback_income_code = fields.Char(
        string="Income of the share",
        default="747",
        help="Income account of the yearly share of investment grants.",
    )
    refund_code = fields.Char(
        string="Refund account",
        default="658",
        help="Expense account of unspent money that the funder asks back.",
    )
    source = fields.Char(help="Text that the accounts come from.")
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "Each nature has its own key.")

    @api.depends("dedicated_code")
    def _compute_dedicated_codes(self):
        """194 goes with 6894 and 7894, and so on (ANC 2018-06)."""
        for nature in self:
            tail = (nature.dedicated_code or "")[2:]
            nature.report_code = f"689{tail}" if tail else False
            nature.use_code = f"789{tail}" if tail else False

    @api.depends("income_code")
    def _compute_is_investment(self):
        for nature in self:
            nature.is_investment = (nature.income_code or "").startswith("13")
