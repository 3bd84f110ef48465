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

    @api.model
    def _get_last_named(self, users):
        """Return the places of users without whom nobody reads a protected file.

        :param users: res.users who are leaving or have left
        :rtype: recordset of ess.followup
        """
        today = fields.Date.today()
        # sudo: the whole team of files that the caller may not know of
        places = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("user_id", "in", users.ids),
                    ("beneficiary_id.is_protected", "=", True),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", today),
                ]
            )
        )
        kept_by_others = places.beneficiary_id.filtered(
            lambda file: file.followup_ids.filtered(
                lambda line: (
                    line.user_id
                    and line.user_id not in users
                    and line._is_active_on(today)
                    and line.user_id._may_follow_people()
                )
            )
        )
        return places.filtered(lambda line: line.beneficiary_id not in kept_by_others)

    @api.model
    def _check_last_named(self, users):
        """Refuse that a protected file is lost with the account of who reads it.

        :param users: res.users just archived, or whose rights just changed
        :raises UserError: naming the users, and nothing of the files
        """
        lost = users.filtered(lambda user: not user._may_follow_people())
        last = self._get_last_named(lost)
        if last:
            raise UserError(
                self.env._(
                    "%(users)s: nobody else is named for a protected file, which would "
                    "be lost. Ask them to add a colleague in the file, under “Team "
                    "and access”, then do this again. If they cannot any more, change "
                    "their password instead: the account is closed to them, and with "
                    "it the data-protection officer can name a colleague.",
                    users=", ".join(last.user_id.mapped("name")),
                )
            )
