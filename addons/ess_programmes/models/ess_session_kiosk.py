import base64
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .ess_beneficiary import TOKEN

#: the screen works from two hours before the session to two hours after it
MARGIN = timedelta(hours=2)


class EssSession(models.Model):
    """The check-in screen of a session: a page that a tablet or a phone shows at the
    door, without a login.

    Its address holds a random code, made by whoever opens it and good for this session
    and these hours only. Cards are read with the rights of that user, so that a
    protected file answers on the screens of its own team alone. The page names neither
    the association, the programme nor anybody.
    """

    _inherit = "ess.session"

    kiosk_token = fields.Char(
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="ess_programmes.group_programmes_officer",
    )
    kiosk_user_id = fields.Many2one(
        "res.users",
        string="Check-in screen opened by",
        copy=False,
        readonly=True,
        groups="ess_programmes.group_programmes_officer",
    )

    kiosk_url = fields.Char(
        string="Address of the check-in screen",
        compute="_compute_kiosk_url",
        groups="ess_programmes.group_programmes_officer",
        help="Whoever has this address can check in, at this session and these hours "
        "only. Opening the screen again changes it.",
    )
    kiosk_qr = fields.Binary(
        string="Code for the tablet",
        compute="_compute_kiosk_url",
        groups="ess_programmes.group_programmes_officer",
    )

    @api.depends("kiosk_token", "state")
    def _compute_kiosk_url(self):
        for session in self:
            url = session.kiosk_token and session.state == "planned"
            url = url and f"{session.get_base_url()}/ess/kiosk/{session.kiosk_token}"
            session.kiosk_url = url or False
            session.kiosk_qr = url and base64.b64encode(
                self.env["ir.actions.report"].barcode("QR", url, width=240, height=240)
            )

    # === ACTIONS
    def action_open_kiosk(self):
        """Open the check-in screen in a new tab, to be sent to the tablet.

        :raises UserError: when the sheet is closed
        :rtype: dict
        """
        self.ensure_one()
        self._check_planned()
        self.check_access("write")
        self._check_kiosk_hours()
        # sudo: the two fields are read-only for everybody; the right to write on the
        # session was checked above. A new code closes the screens opened before.
        self.sudo().write(
            {"kiosk_token": uuid.uuid4().hex, "kiosk_user_id": self.env.uid}
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/ess/kiosk/{self.kiosk_token}",
            "target": "new",
        }

    def action_close_kiosk(self):
        """Close the check-in screens of these sessions: their address is worth nothing
        from now on.
        """
        self.check_access("write")
        # sudo: as when it was opened
        self.sudo().write({"kiosk_token": False, "kiosk_user_id": False})

    # === BUSINESS
    def _check_kiosk_hours(self):
        if not self._is_kiosk_time():
            raise UserError(
                self.env._(
                    "The check-in screen opens two hours before the session and closes "
                    "two hours after it."
                )
            )

    def _is_kiosk_time(self):
        """Tell whether people may check in now.

        :rtype: bool
        """
        self.ensure_one()
        now = fields.Datetime.now()
        return self.date_start - MARGIN <= now <= self.date_end + MARGIN

    @api.model
    def _get_by_kiosk_token(self, token):
        """Return the session of a check-in screen that is open, or nothing.

        :param str token: what the address holds, from anybody
        :return: the ess.session, with the rights of who opened the screen
        """
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            return self.browse()
        # sudo: the address is the proof; only a session that is open now leaves this
        # method, with the rights of the user who opened its screen
        session = self.sudo().search(
            [("kiosk_token", "=", token), ("state", "=", "planned")], limit=1
        )
        user = session.kiosk_user_id.filtered("active")
        if not user or not session._is_kiosk_time():
            return self.browse()
        session = session.with_user(user).with_context(
            allowed_company_ids=session.company_id.ids
        )
        return session if session.has_access("write") else self.browse()

    def _kiosk_check_in(self, code):
        """Answer one card, in words for the screen.

        What is not the text of a card at all is told apart from a card that is not
        recognised, which depends on the text alone and says nothing of who exists.

        :param code: what was scanned or typed, from anybody
        :return: ``{'status': 'ok' | 'unknown' | 'unreadable', 'message': text}``
        :rtype: dict
        """
        self.ensure_one()
        text = code.strip().lower() if isinstance(code, str) else ""
        if not TOKEN.fullmatch(text):
            return {
                "status": "unreadable",
                "message": self.env._(
                    "The card could not be read. Show it again, a little further away."
                ),
            }
        return self.action_check_in(text)
