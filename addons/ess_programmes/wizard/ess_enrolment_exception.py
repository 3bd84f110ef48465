from odoo import api, fields, models


class EssEnrolmentException(models.TransientModel):
    """Asks why people are taken in although a condition of access is not met."""

    _name = "ess.enrolment.exception"
    _description = "Take in all the same"

    enrolment_ids = fields.Many2many(
        "ess.enrolment", string="Enrolments", required=True
    )
    unmet_text = fields.Text(
        string="Conditions not met", compute="_compute_unmet_text", compute_sudo=False
    )
    reason = fields.Char(string="Taken in all the same because", required=True)

    @api.depends("enrolment_ids")
    def _compute_unmet_text(self):
        for wizard in self:
            refused = wizard.enrolment_ids._get_refused()
            wizard.unmet_text = "\n".join(
                f"{stay.beneficiary_id.display_name} · {sentence}"
                for stay in refused
                for sentence in (stay.unmet_text or "").splitlines()
            )

    def action_confirm(self):
        """Write why, then take the people in."""
        self.ensure_one()
        self.enrolment_ids._get_refused().exception_reason = self.reason.strip()
        self.enrolment_ids.action_enrol()
        return {"type": "ir.actions.act_window_close"}
