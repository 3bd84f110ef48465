from odoo import fields, models
from odoo.exceptions import UserError


class EssAccessContest(models.Model):
    """A reading of a file that somebody finds wrong, and what was answered.

    Written from a line of the access log by whoever follows the person, in the
    person's words, later by the person on the portal. The data-protection officers
    get an activity; they answer, and decide whether the name of the reader is given.
    """

    _name = "ess.access.contest"
    _description = "Contested reading"
    _inherit = "ess.answer.mixin"
    _order = "id desc"
    _rec_name = "log_date"

    log_id = fields.Many2one(
        comodel_name="ess.access.log",
        string="Reading",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    # copied: they stay readable for whoever may not read the line any more
    log_date = fields.Datetime(string="Read on", related="log_id.date", store=True)
    beneficiary_id = fields.Many2one(
        related="log_id.beneficiary_id", store=True, index=True
    )
    company_id = fields.Many2one(related="log_id.company_id", store=True, index=True)
    reason = fields.Text(
        string="What seems wrong",
        required=True,
        help="In the words of the person. For example: this worker is a neighbour.",
    )
    is_name_given = fields.Boolean(
        string="Tell the name of the reader",
        tracking=True,
        help="The person then sees who it was. To be weighed against the protection "
        "of the employee (CJEU C-579/21).",
    )

    def action_save(self):
        """Close the window: the line is saved, the officers are told."""
        return {"type": "ir.actions.act_window_close"}

    def _check_answer(self):
        if not (self.answer or "").strip():
            raise UserError(
                self.env._("Write the answer that the person will read first.")
            )

    def _get_summary(self):
        return self.env._("A reading of a file is contested")
