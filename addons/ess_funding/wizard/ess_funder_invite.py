from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.ess_funder_space import FUNDER


class EssFunderInvite(models.TransientModel):
    """The officer opens the funder's space to one of its contacts, or closes it.

    The contact gets Odoo's own invitation by e-mail and chooses a password.
    """

    _name = "ess.funder.invite"
    _description = "Open the funder's space"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        required=True,
        help="A person of the funder, with an e-mail of their own.",
    )
    email = fields.Char(related="partner_id.email")
    is_open = fields.Boolean(compute="_compute_is_open")
    body_id = fields.Many2one(
        comodel_name="res.partner",
        string="Reads the grants of",
        compute="_compute_is_open",
    )

    @api.depends("partner_id")
    def _compute_is_open(self):
        for wizard in self:
            wizard.body_id = wizard.partner_id.commercial_partner_id
            user = wizard._get_user()
            wizard.is_open = bool(user) and user.has_group(FUNDER)

    def action_open(self):
        """Invite the contact.

        :raises UserError: without e-mail, for a person of the house, or a mask
        """
        self.ensure_one()
        self._check_contact()
        user = self._get_user()
        if not user or not user.active:
            # sudo: officers make no users; this one reads its own funder's space
            portal = self.env["portal.wizard"].sudo()
            portal = portal.create({"partner_ids": [Command.set(self.partner_id.ids)]})
            portal.user_ids.action_grant_access()
            user = self._get_user()
        group, company = self.env.ref(FUNDER), self.env.company
        user.sudo().write(
            {
                "group_ids": [Command.link(group.id)],
                "company_ids": [Command.link(company.id)],
            }
        )
        return {"type": "ir.actions.act_window_close"}

    def action_close(self):
        """Close the space to the contact; what else they read stays."""
        self.ensure_one()
        group = self.env.ref(FUNDER)
        # sudo: as in action_open, it takes away that right only
        self._get_user().sudo().write({"group_ids": [Command.unlink(group.id)]})
        return {"type": "ir.actions.act_window_close"}

    def _get_user(self):
        """Login of the contact, if any.

        :rtype: res.users
        """
        # sudo: whether the contact has a login, for whoever opens the space
        users = self.env["res.users"].sudo().with_context(active_test=False)
        if not self.partner_id:
            return users
        return users.search([("partner_id", "=", self.partner_id.id)], limit=1)

    def _check_contact(self):
        """Refuse whom the space cannot be for.

        :raises UserError: with the reason
        """
        user = self._get_user()
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "“%(name)s” has no e-mail: enter that of a person of the funder.",
                    name=self.partner_id.name,
                )
            )
        if user and not user.share:
            raise UserError(
                self.env._(
                    "“%(name)s” is a user of the association, not of the funder.",
                    name=self.partner_id.name,
                )
            )
        # sudo: whether a person hides behind the contact, nothing else
        if self.env["ess.beneficiary"].sudo()._get_masks(self.partner_id):
            raise UserError(self.env._("This contact is not one of a funder."))
