from odoo import api, models


class ResUsers(models.Model):
    """Who leaves, or loses the right to follow people, leaves the teams."""

    _inherit = "res.users"

    def write(self, vals):
        """End the follow-ups of users who are archived or lose their profile.

        :raises UserError: when a protected file would be left to nobody
        """
        result = super().write(vals)
        if vals.get("active") is False or {"group_ids", "ess_profile_id"} & vals.keys():
            followups = self.env["ess.followup"]
            followups._check_last_named(self)
            followups._end_for_lost_users(self)._tell_coordination()
        return result

    def _may_follow_people(self):
        """Tell whether the account is open, with a profile that follows people.

        :rtype: bool
        """
        self.ensure_one()
        return self.active and self.has_group(
            "ess_beneficiary.group_beneficiary_officer"
        )

    @api.model
    def _get_coordinators(self, company):
        """Return those who coordinate the follow-up in an association.

        :param company: res.company
        :rtype: recordset of res.users
        """
        # sudo: who coordinates is no secret
        group = self.env.ref("ess_beneficiary.group_beneficiary_manager").sudo()
        return group.all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
