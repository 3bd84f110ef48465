from odoo import api, fields, models
from odoo.fields import Command


class ResUsers(models.Model):
    """A user has one profile, which sets their rights and start page."""

    _inherit = "res.users"

    ess_profile_id = fields.Many2one(
        comodel_name="ess.profile",
        string="Profile",
        ondelete="restrict",
        index="btree_not_null",
        groups="base.group_erp_manager",
        help="Sets all the rights of the association's tools and the start page.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give new users the rights of their profile."""
        users = super().create(vals_list)
        users._follow_profile()
        return users

    def write(self, vals):
        """Give users the rights of their new profile."""
        result = super().write(vals)
        if "ess_profile_id" in vals:
            self._follow_profile()
        return result

    def _follow_profile(self):
        """Set rights and start page of the users who have a profile."""
        managed = self.env["ess.profile"]._get_all_groups()
        for profile, users in self.grouped("ess_profile_id").items():
            if profile:
                users._apply_profile(profile, managed)

    def _apply_profile(self, profile, managed):
        """Give the users exactly the rights of a profile, among those it manages.

        Rights that no profile mentions (technical ones) stay.

        :param profile: ess.profile, one record
        :param managed: res.groups that profiles give
        """
        internal = self.env.ref("base.group_user")
        other_types = self.env.ref("base.group_portal") | self.env.ref(
            "base.group_public"
        )
        given = profile.group_ids | internal
        for user in self:
            groups = (user.group_ids - managed - other_types) | given
            user.write(
                {
                    "group_ids": [Command.set(groups.ids)],
                    "action_id": profile.action_id.id,
                }
            )
