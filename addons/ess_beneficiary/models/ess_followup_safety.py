from odoo import api, fields, models
from odoo.exceptions import UserError


class EssFollowup(models.Model):
    """Follow-ups of protected files: the named team never becomes empty."""

    _inherit = "ess.followup"

    end_reason = fields.Selection(
        selection_add=[("safety", "Safety of the person")],
        ondelete={"safety": "set null"},
    )

    def write(self, vals):
        """Keep somebody in the named team of a protected file."""
        result = super().write(vals)
        if vals.keys() & {"date_to", "user_id", "date_from"}:
            self._check_named_team()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_named(self):
        self._check_named_team(without=self)

    def _check_named_team(self, without=None):
        """Refuse to leave a protected file to nobody.

        :param without: follow-ups about to be deleted
        :raises UserError: when nobody with a login would remain
        """
        if self.env.su:
            return  # jobs and hand-overs look at the whole team themselves
        today = fields.Date.context_today(self)
        gone = without or self.browse()
        # sudo: all the follow-ups of files that the user may write in
        for file in self.sudo().beneficiary_id.filtered("is_protected"):
            named = (file.followup_ids - gone).filtered(
                lambda line: (
                    line.user_id.active
                    and line._is_active_on(today)
                    and not (line.date_to and line.date_to <= today)
                )
            )
            if not named:
                raise UserError(
                    self.env._(
                        "A protected file keeps at least one person who can read it. "
                        "Add someone to the team first."
                    )
                )
