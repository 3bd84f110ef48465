from odoo import fields, models

RESULTS = [
    ("refused", "Not taken"),
    ("changed", "Changed by the firm"),
    ("gone", "No longer in the file"),
]


class EssFecImportLine(models.TransientModel):
    """What the accountant must see of a file of entries: refusals and changes.

    Made by the reading of the file, one for each line that cannot be taken, one for
    each entry that changed or is gone.
    """

    _name = "ess.fec.import.line"
    _description = "Remark on an entry of the accounting firm"
    _order = "row, id"

    import_id = fields.Many2one(
        comodel_name="ess.fec.import",
        string="File read",
        required=True,
        index=True,
        ondelete="cascade",
    )
    row = fields.Integer(string="Line", help="Number of the line in the file.")
    result = fields.Selection(RESULTS, required=True)
    entry = fields.Char(help="Journal and number at the firm.")
    date = fields.Date()
    message = fields.Text(string="Why")
    move_id = fields.Many2one(comodel_name="account.move", string="Entry here")
    is_wanted = fields.Boolean(
        string="Replace",
        help="Write the firm's lines in the entry here. What was changed here by hand, "
        "its links to actions and grants included, is lost.",
    )
