from odoo import fields, models


class AccountMove(models.Model):
    """Entries that came from the accounting firm know which one they are."""

    _inherit = "account.move"

    ess_fec_key = fields.Char(
        string="Entry of the accounting firm",
        copy=False,
        readonly=True,
        help="Journal, year and number of the entry in the file of the accounting "
        "firm: the same entry is never imported twice.",
    )
    ess_fec_lines = fields.Json(
        string="Lines of the accounting firm",
        copy=False,
        readonly=True,
        help="The lines as the firm sent them, to show what it changed since.",
    )

    _ess_fec_key = models.UniqueIndex(
        "(company_id, ess_fec_key) WHERE ess_fec_key IS NOT NULL",
        "This entry of the accounting firm is imported already.",
    )
