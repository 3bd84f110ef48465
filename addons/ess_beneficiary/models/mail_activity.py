from odoo import api, models
from odoo.exceptions import UserError


class MailActivity(models.Model):
    """Activities on a file go only to people who can read the file."""

    _inherit = "mail.activity"

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        """Say what an activity on a file is about to those who can read it alone."""
        super()._compute_display_name()
        on_files = self.filtered(
            lambda act: act._origin and (act.res_model or "").startswith("ess.")
        )
        hidden = on_files - on_files.sudo(False)._filtered_access("read").sudo()
        for activity in hidden:
            activity.display_name = activity.activity_type_id.display_name

    @api.constrains("user_id", "res_model", "res_id")
    def _check_user_reads_file(self):
        for activity in self.filtered(lambda act: act.res_model == "ess.beneficiary"):
            if not activity.user_id:
                continue
            beneficiary = self.env["ess.beneficiary"].browse(activity.res_id)
            if not beneficiary._is_readable_by(activity.user_id):
                raise UserError(
                    self.env._(
                        "%(user)s cannot read this file. Add them to the people "
                        "around the person first, or choose someone else.",
                        user=activity.user_id.name,
                    )
                )

    def _action_done(self, feedback=False, attachment_ids=None):
        """Finish the steps of goals that these activities stand for."""
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        on_files = self.exists().filtered(
            lambda act: act.res_model == "ess.beneficiary"
        )
        if on_files:
            self.env["ess.goal.step"]._mark_done_from(on_files)
        return result
