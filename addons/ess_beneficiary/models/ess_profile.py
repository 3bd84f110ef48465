from odoo import api, fields, models


class EssProfile(models.Model):
    """The one choice that gives a user all their rights and their start page.

    Shipped for the usual trades of an association; each room adds its groups to
    them. When an administrator changes a profile, its users follow.
    """

    _name = "ess.profile"
    _description = "Profile of users"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    description = fields.Char(
        translate=True, help="Who it is for and what they see, in one sentence."
    )
    group_ids = fields.Many2many(
        comodel_name="res.groups",
        string="Rights",
        help="Every user also is an internal user.",
    )
    action_id = fields.Many2one(
        comodel_name="ir.actions.actions",
        string="Start page",
        help="Screen shown after login.",
    )
    user_ids = fields.One2many(
        comodel_name="res.users", inverse_name="ess_profile_id", string="Users"
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another profile has this key.")

    def write(self, vals):
        """Pass a change of rights or start page on to the users."""
        before = self._get_all_groups()
        result = super().write(vals)
        if {"group_ids", "action_id"} & vals.keys():
            self._apply_to_users(before)
        return result

    @api.model
    def _get_all_groups(self):
        """Return the groups that profiles give, archived profiles included.

        :rtype: recordset of res.groups
        """
        everything = self.sudo().with_context(active_test=False)
        return everything.search([("group_ids", "!=", False)]).group_ids

    def _apply_to_users(self, managed):
        """Set groups and start page of the users of these profiles.

        :param managed: res.groups that profiles give or gave: those that the
            profile of a user does not give are taken away
        """
        for profile in self:
            # sudo: rights of users follow the profile that an administrator wrote
            users = profile.sudo().with_context(active_test=False).user_ids
            users._apply_profile(profile.sudo(), managed | self._get_all_groups())
