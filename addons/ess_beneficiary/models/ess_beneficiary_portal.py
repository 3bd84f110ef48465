import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .ess_beneficiary import FILE_GROUPS, PERSON_GROUP

# No letter or digit that is easily read as another one.
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 12  # 32^12 codes


class EssBeneficiary(models.Model):
    """The person reads their own file on line, once they have asked for it."""

    _inherit = "ess.beneficiary"

    is_portal_open = fields.Boolean(
        string="Reads the file on line",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
        help="The person asked for it, and has a login of their own.",
    )
    date_portal = fields.Date(
        string="On line since", readonly=True, copy=False, groups=FILE_GROUPS
    )
    portal_login = fields.Char(
        string="Login of the person",
        compute="_compute_portal_login",
        groups=FILE_GROUPS,
    )

    rights_request_ids = fields.One2many(
        comodel_name="ess.rights.request",
        inverse_name="beneficiary_id",
        string="What the person asked",
        groups=FILE_GROUPS,
    )

    @api.depends("partner_id", "is_portal_open")
    def _compute_portal_login(self):
        # sudo: the logins of these persons, for who reads their files
        files = self.sudo()
        logins = {user.partner_id: user.login for user in files._get_portal_user()}
        for beneficiary, file in zip(self, files, strict=True):
            beneficiary.portal_login = file.is_portal_open and logins.get(
                file.partner_id, False
            )

    def write(self, vals):
        """Close the way in when a file becomes protected or is set aside."""
        result = super().write(vals)
        if vals.get("is_protected") or vals.get("active") is False:
            # sudo: it closes whoever protects the file
            self.sudo().filtered("is_portal_open")._close_portal()
        return result

    # === ACTIONS

    def action_open_portal_wizard(self):
        """Ask how the person will log in.

        :rtype: dict
        """
        self.ensure_one()
        self._check_portal_can_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The person reads their file on line"),
            "res_model": "ess.portal.open",
            "view_mode": "form",
            "target": "new",
            "context": {"default_beneficiary_id": self.id},
        }

    def action_close_portal(self):
        """Close the login of the person: they asked for it, or it is not safe."""
        self.ensure_one()
        self.check_access("write")
        self.sudo()._close_portal()  # sudo: users are not for workers to change

    # === BUSINESS

    def _check_portal_can_open(self):
        """Refuse to open the file on line where it could harm the person.

        :raises UserError: protected file, or minor who may not read it alone
        """
        self.ensure_one()
        self.check_access("write")
        if self.is_protected:
            raise UserError(
                self.env._(
                    "A protected file is not opened on line: whoever holds the phone "
                    "of the person could read it. Read it together, or print it."
                )
            )
        if not self._may_read_own_file():
            raise UserError(
                self.env._(
                    "A minor reads their file alone from 15 years, once the referent "
                    "has checked that it does no harm. Until then, read it together."
                )
            )

    def _open_portal(self, login):
        """Give the person a login, or a new code for the one they have.

        :param str login: e-mail or card number that the person will type
        :return: the code to hand over; it is shown once and kept nowhere
        :rtype: str
        """
        self.ensure_one()
        self._check_portal_can_open()
        mask = self._create_mask_partner()
        code = self._make_portal_code()
        # sudo: workers make no users; this one is the person's and reads one file
        user = self.sudo()._get_portal_user()
        values = {"login": login, "password": code, "active": True}
        if user:
            user.write(values)
        else:
            user = self._create_portal_user(mask, values)
        self.sudo().write(
            {"is_portal_open": True, "date_portal": fields.Date.context_today(self)}
        )
        return code

    def _create_portal_user(self, mask, values):
        """Create the user of the person: their mask, one group, nothing else."""
        users = self.env["res.users"].sudo()
        return users.with_context(
            no_reset_password=True, mail_create_nosubscribe=True, tracking_disable=True
        ).create(
            {
                **values,
                "partner_id": mask.id,
                "company_id": self.company_id.id,
                "company_ids": [Command.set(self.company_id.ids)],
                "group_ids": [Command.set(self.env.ref(PERSON_GROUP).ids)],
            }
        )

    def _get_portal_user(self):
        """Return the user of these persons, a closed one too. Call as superuser.

        :rtype: recordset of res.users
        """
        users = self.env["res.users"].with_context(active_test=False)
        return users.search([("partner_id", "in", self.partner_id.ids)])

    def _close_portal(self):
        """Archive the logins: who is logged in is out at once. Call as superuser."""
        self._get_portal_user().write({"active": False})
        self.write({"is_portal_open": False})

    @api.model
    def _make_portal_code(self):
        letters = [secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)]
        return "-".join("".join(letters[n : n + 4]) for n in range(0, CODE_LENGTH, 4))

    @api.model
    def _get_own_file(self):
        """Return the file of the user who asks, read with their own rights.

        :return: one file, or none when it is not open to them
        :rtype: recordset of ess.beneficiary
        """
        return self.search([], limit=1).filtered(lambda own: own._may_read_own_file())
