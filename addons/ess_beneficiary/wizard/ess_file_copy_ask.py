from odoo import fields, models


class EssFileCopyAsk(models.TransientModel):
    """Why copies of files are made: asked once, before they are."""

    _name = "ess.file.copy.ask"
    _description = "Make copies of files"

    beneficiary_ids = fields.Many2many(
        comodel_name="ess.beneficiary", string="Persons", required=True, readonly=True
    )
    reason = fields.Char(
        required=True,
        default=lambda self: self.env._("The person asks for it"),
        help="Kept in the access log of each file.",
    )

    def action_make(self):
        """Make the copies and show them, or how far they have got.

        :rtype: dict
        """
        self.ensure_one()
        order = self.env["ess.file.copy"]._order_copies(
            self.beneficiary_ids, self.reason
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copies of files"),
            "res_model": order._name,
            "res_id": order.id,
            "view_mode": "form",
            "target": "current",
        }
