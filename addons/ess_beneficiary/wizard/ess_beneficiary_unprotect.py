from odoo import fields, models


class EssBeneficiaryUnprotect(models.TransientModel):
    """End the protection of a file, by its team alone, with the reason on record."""

    _name = "ess.beneficiary.unprotect"
    _description = "End the protection"

    beneficiary_id = fields.Many2one(
        comodel_name="ess.beneficiary", string="Person", required=True, readonly=True
    )
    reason = fields.Text(
        string="Why it may end",
        required=True,
        help="Kept in the notes of the file, with your name and the date.",
    )

    def action_unprotect(self):
        """End the protection and say so to the whole team.

        :rtype: dict
        """
        self.ensure_one()
        file = self.beneficiary_id
        file._check_in_named_team()
        # sudo: fields written by the actions alone, after the check just above
        file.sudo().write(
            {
                "is_protected": False,
                "protection_reason": False,
                "date_protection_review": False,
            }
        )
        file.message_post(
            body=self.env._("Protection ended: %s", self.reason),
            message_type="comment",
            partner_ids=(file.team_user_ids - self.env.user).partner_id.ids,
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}
