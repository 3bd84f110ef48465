from odoo import api, fields, models
from odoo.exceptions import UserError


class EssPortalOpen(models.TransientModel):
    """A worker gives a person the means to read their file on line.

    Opened when the person asks for it, with the person there: the login is their
    e-mail or the number of their card, and the code is handed over and shown once.
    """

    _name = "ess.portal.open"
    _description = "Open the file to the person"

    beneficiary_id = fields.Many2one(
        comodel_name="ess.beneficiary", string="Person", required=True, readonly=True
    )
    way = fields.Selection(
        selection=[("card", "A number on a card"), ("email", "Their e-mail")],
        string="The person logs in with",
        required=True,
        default="card",
    )
    email = fields.Char(
        string="E-mail",
        compute="_compute_email",
        store=True,
        readonly=False,
        help="One that nobody else reads.",
    )
    has_asked = fields.Boolean(
        string="The person asked for it, and nobody else uses their phone"
    )
    # shown from the context of the second window: the code is written nowhere
    login = fields.Char(store=False, readonly=True)
    code = fields.Char(store=False, readonly=True)

    @api.depends("beneficiary_id")
    def _compute_email(self):
        for wizard in self:
            person = wizard.beneficiary_id
            wizard.email = wizard.email or person.safe_email or person.email

    def action_open(self):
        """Make the login and show the code, once.

        :rtype: dict
        """
        self.ensure_one()
        if not self.has_asked:
            raise UserError(
                self.env._(
                    "The file is opened on line only when the person asks for it. Ask "
                    "first, then tick the box."
                )
            )
        login = self._get_login()
        code = self.beneficiary_id._open_portal(login)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("To hand over now"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_beneficiary_id": self.beneficiary_id.id,
                "default_login": login,
                "default_code": code,
            },
        }

    def _get_login(self):
        """Return what the person will type, and refuse what somebody else uses."""
        login = self.beneficiary_id.ref
        if self.way == "email":
            login = (self.email or "").strip().lower()
            if "@" not in login:
                raise UserError(self.env._("Write the e-mail of the person."))
        # sudo: logins are unique over all companies; one yes or no comes back
        file = self.beneficiary_id.sudo()
        users = file.env["res.users"].with_context(active_test=False)
        other = users.search([("login", "=", login)]) - file._get_portal_user()
        if other:
            raise UserError(
                self.env._("This login is already used. Choose a number on a card.")
            )
        return login
