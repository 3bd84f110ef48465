from odoo import fields, models
from odoo.exceptions import UserError


class EssEmergencyDefer(models.TransientModel):
    """Why and until when a person is not told of an emergency access."""

    _name = "ess.emergency.defer"
    _description = "Tell the person later"

    access_id = fields.Many2one(
        comodel_name="ess.emergency.access", required=True, ondelete="cascade"
    )
    reason = fields.Char(
        required=True, help="For example: the violent partner reads her post."
    )
    date = fields.Date(string="Not before", required=True)

    def action_defer(self):
        """Keep the reason and the date on the emergency access.

        :rtype: dict
        """
        self.ensure_one()
        self.access_id.check_access("read")
        if self.access_id.told_state == "told":
            raise UserError(self.env._("The person was told already."))
        if self.date <= fields.Date.today():
            raise UserError(self.env._("Choose a day to come."))
        # sudo: only officers hold this wizard; these three fields only
        self.access_id.sudo().write(
            {
                "told_state": "deferred",
                "defer_reason": self.env["ess.access.reason"]._check_words(self.reason),
                "defer_date": self.date,
            }
        )
        return {"type": "ir.actions.act_window_close"}
