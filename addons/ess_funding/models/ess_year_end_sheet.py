from odoo import fields, models


class EssYearEndSheet(models.Model):
    """One grant in one year, as the auditor and the annex want it.

    Computed by the assistant from the ledger, drafts of the suite included: the lead
    sheet (notified, income, deferred, dedicated, received, receivable) and the row of
    the table of dedicated funds.
    """

    _name = "ess.year.end.sheet"
    _description = "Grant in a year"
    _order = "year_end_id, fund_code, id"

    year_end_id = fields.Many2one(
        comodel_name="ess.year.end", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="year_end_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    grant_id = fields.Many2one(
        comodel_name="ess.grant", required=True, index=True, ondelete="cascade"
    )
    funder_id = fields.Many2one(related="grant_id.funder_id")
    # lead sheet
    award = fields.Monetary(string="Notified")
    income = fields.Monetary(string="Income of the year")
    cost = fields.Monetary(string="Costs of the year")
    deferred = fields.Monetary(string="Deferred income")
    received = fields.Monetary(string="Received so far")
    receivable = fields.Monetary()
    taken = fields.Monetary(string="Investment share so far")
    # table of dedicated funds (ANC 2018-06, art. 431-6)
    fund_code = fields.Char(string="Fund", help="194, 195 or 196.")
    fund_opening = fields.Monetary(string="Opening")
    fund_added = fields.Monetary(string="Transfers to the fund")
    fund_used = fields.Monetary(string="Used, total")
    fund_refund = fields.Monetary(string="Used, of which refunds")
    fund_moved = fields.Monetary(string="Transferred")
    fund_closing = fields.Monetary(string="Closing")
    fund_idle = fields.Monetary(
        string="Closing, without expense for two years",
        help="Funds of projects for which nothing was spent in the last two years.",
    )
