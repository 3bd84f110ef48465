from odoo import api, fields, models
from odoo.exceptions import UserError


class EssRetentionLine(models.Model):
    """One file in a list of what has been kept long enough: what would happen to it.

    Written by the list. The officer may take a file out of it, with a reason: a
    decision of a human goes before the list.
    """

    _name = "ess.retention.line"
    _description = "File kept long enough"
    _inherit = "ess.beneficiary.fact"
    _order = "step, outcome, date_last, id"
    _rec_name = "step"

    run_id = fields.Many2one(
        comodel_name="ess.retention.run", required=True, index=True, ondelete="cascade"
    )
    step = fields.Selection(
        selection=[
            ("archive", "Put in the archive"),
            ("anonymise", "Anonymise for good"),
        ],
        required=True,
        readonly=True,
    )
    date_last = fields.Date(string="Last contact from the person", readonly=True)
    outcome = fields.Selection(
        selection=[("do", "To do"), ("wait", "Waits")],
        required=True,
        readonly=True,
    )
    reason = fields.Char(string="What it waits for")
    is_done = fields.Boolean(string="Done", readonly=True)

    @api.model
    def _is_content(self, name):
        """The list tells dates and steps, nothing of the life of the person."""
        return False

    def action_wait(self):
        """Take the file out of this list; the reason is written on the line."""
        self.check_access("write")
        for line in self:
            if not (line.reason or "").strip():
                raise UserError(self.env._("Write on the line why this file waits."))
            line.sudo().outcome = "wait"  # sudo: a read-only field
        self.sudo().run_id._count()
