from odoo import api, fields, models


class EssEnrolmentClose(models.TransientModel):
    """Asks why stays end, or why requests go no further, before closing them. One
    screen for the three cases.
    """

    _name = "ess.enrolment.close"
    _description = "Close enrolments"

    enrolment_ids = fields.Many2many(
        "ess.enrolment", string="Enrolments", required=True
    )
    outcome = fields.Selection(
        [
            ("completed", "Completed"),
            ("left", "Left before the end"),
            ("refused", "Not pursued or not accepted"),
        ],
        required=True,
    )
    exit_reason_id = fields.Many2one("ess.exit.reason", string="Exit reason")
    refusal_reason_id = fields.Many2one(
        "ess.refusal.reason",
        string="Why",
        domain="[('is_paper_related', 'in', (False, allow_paper_reason))]",
    )
    allow_paper_reason = fields.Boolean(compute="_compute_allow_paper_reason")
    date_end = fields.Date(
        string="Last day",
        required=True,
        default=lambda self: self.env["ess.programme"]._today(),
    )

    @api.depends("enrolment_ids")
    def _compute_allow_paper_reason(self):
        for wizard in self:
            wizard.allow_paper_reason = not any(
                wizard.enrolment_ids.programme_id.mapped("is_unconditional")
            )

    def action_confirm(self):
        """Close the enrolments with the reason given."""
        self.ensure_one()
        if self.outcome == "refused":
            self.enrolment_ids._refuse(self.refusal_reason_id)
        else:
            self.enrolment_ids._end(self.outcome, self.exit_reason_id, self.date_end)
        return {"type": "ir.actions.act_window_close"}
