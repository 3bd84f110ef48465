import hashlib
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PARTS = ("has_identity", "has_contacts", "has_project", "has_situations")
# What a share was made on: changed before it is made, never after.
DRAFT_FIELDS = frozenset(
    {
        *PARTS,
        "recipient_id",
        "recipient_kind",
        "secrecy_text",
        "frame_id",
        "legal_text",
        "need",
        "document_ids",
        "told",
        "date_told",
        "told_by_id",
        "told_how",
        "not_told_reason",
        "date_end",
    }
)
# Written by the actions alone.
STATE_FIELDS = frozenset({"state", "date_shared", "shared_by_id", "consent_id"})


class EssShare(models.Model):
    """Some parts of a file told to one partner, for their task, until a day.

    Prepared by a worker of the file. It answers one question: what does the
    recipient need for their task? It names its legal frame, which is enforced, and
    how the person was told. Making it freezes the chosen parts, as the worker reads
    them, behind a link that is shown once; the end, a withdrawal or the protection of
    the file closes the link and erases the parts. What stays is the line.
    """

    _name = "ess.share"
    _description = "Share of a part of a file"
    _inherit = "ess.beneficiary.fact"
    _file_access = "write"
    _order = "id desc"
    _rec_name = "recipient_id"

    recipient_id = fields.Many2one(
        comodel_name="res.partner",
        string="With whom",
        required=True,
        index=True,
        ondelete="restrict",
    )
    recipient_kind = fields.Selection(
        selection=[
            ("bound", "Professional bound by secrecy"),
            ("professional", "Other professional"),
            ("volunteer", "Volunteer of a partner"),
            ("chosen", "Person chosen by the person supported"),
            ("authority", "Authority named by a text"),
        ],
        string="Who is",
        required=True,
        default="bound",
    )
    secrecy_text = fields.Char(
        string="Bound by",
        help="Profession or mission that binds to secrecy, and the text that says so.",
    )
    frame_id = fields.Many2one(
        comodel_name="ess.share.frame",
        string="Why may you share?",
        required=True,
        index=True,
        ondelete="restrict",
    )
    frame_who = fields.Text(related="frame_id.who")
    legal_text = fields.Char(
        string="Text or order",
        help="For a legal obligation: the article, or the court and the day.",
    )
    need = fields.Text(
        string="What does the recipient need for their task?",
        required=True,
        help="The one question of a share: nothing more than this leaves.",
    )
    has_identity = fields.Boolean(string="Name and birth date")
    has_contacts = fields.Boolean(string="Contacts")
    has_project = fields.Boolean(string="Project and goals")
    has_situations = fields.Boolean(
        string="Situations", help="Never those that only the team reads."
    )
    document_ids = fields.Many2many(
        comodel_name="ess.document",
        string="Documents",
        domain="[('beneficiary_id', '=', beneficiary_id),"
        " ('never_leaves', '=', False)]",
    )
    told = fields.Selection(
        selection=[("before", "Told before"), ("not", "Not told")],
        string="The person was",
        required=True,
        default="before",
    )
    date_told = fields.Date(string="Told on", default=fields.Date.context_today)
    told_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Told by",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        ondelete="restrict",
    )
    told_how = fields.Selection(
        selection=[
            ("spoken", "Face to face or by phone"),
            ("interpreter", "Through an interpreter"),
            ("writing", "In writing"),
        ],
        string="How",
        default="spoken",
    )
    not_told_reason = fields.Char(
        string="Why not", help="For example: against the interest of the child."
    )
    date_end = fields.Date(
        string="Until",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), months=1),
        help="From this day on the link answers nothing and the parts are erased.",
    )
    consent_id = fields.Many2one(
        comodel_name="ess.consent",
        string="Agreement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[("draft", "To prepare"), ("shared", "Shared"), ("ended", "Ended")],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
    )
    date_shared = fields.Datetime(string="Shared on", readonly=True, copy=False)
    shared_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Shared by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    end_note = fields.Char(string="Why it ended", readonly=True, copy=False)
    opened_count = fields.Integer(string="Times opened", readonly=True, copy=False)
    date_opened = fields.Datetime(string="Last reading", readonly=True, copy=False)
    # what left, while the share lasts, and the digest of its link
    packet = fields.Json(readonly=True, copy=False, groups="base.group_system")
    token_digest = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_system",
    )

    # === CONSTRAINTS

    @api.constrains("recipient_id")
    def _check_recipient(self):
        # sudo: whether the contact stands for a person; nothing else is read
        files = self.env["ess.beneficiary"].sudo()
        if files._get_masks(self.sudo().recipient_id):
            raise ValidationError(
                self.env._("Choose a partner: this contact stands for a person.")
            )

    @api.constrains("document_ids", "beneficiary_id")
    def _check_documents(self):
        for share in self:
            # sudo: a document that the user may not read is refused all the same
            documents = share.sudo().document_ids
            if documents.beneficiary_id - share.sudo().beneficiary_id or any(
                not document._is_in_copy() for document in documents
            ):
                raise ValidationError(
                    self.env._(
                        "One of these documents never leaves the file, or is in "
                        "another file. Take it off the share."
                    )
                )

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Prepare shares: none is born made."""
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in vals if name not in STATE_FIELDS}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to change what left.

        :raises UserError: when the share is made, or its state is written by hand
        """
        made = not self.env.su and (
            STATE_FIELDS & vals.keys()
            or (DRAFT_FIELDS & vals.keys() and set(self.mapped("state")) - {"draft"})
        )
        if made:
            raise UserError(
                self.env._(
                    "What was shared stays as it was. End it and prepare another."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        if any(share.state != "draft" for share in self):
            raise UserError(
                self.env._("A share that was made stays in the file. End it instead.")
            )

    # === ACTIONS

    def action_share(self):
        """Check the frame, freeze the parts, and show the link once.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        consent = self._check_may_share()
        token = secrets.token_urlsafe(32)
        packet = self._prepare_packet()
        # sudo: state, parts and link are written by this door only
        self.sudo().write(
            {
                "state": "shared",
                "date_shared": fields.Datetime.now(),
                "shared_by_id": self.env.uid,
                "consent_id": consent.id,
                "packet": packet,
                "token_digest": self._digest(token),
            }
        )
        self._record_access("share")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("To hand over now"),
            "res_model": "ess.share.link",
            "view_mode": "form",
            "target": "new",
            "context": {"default_link": f"{self.get_base_url()}/ess/share/{token}"},
        }

    def action_end(self):
        """Close the link today: it answers nothing from now on."""
        self.check_access("write")
        self._end(self.env._("Ended by the team"))

    # === BUSINESS

    def _check_may_share(self):
        """Refuse what the frame does not allow.

        :return: the agreement on which the share rests, if the frame asks for one
        :rtype: recordset of ess.consent
        :raises UserError: saying what is missing and what to do
        """
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("This share is already made."))
        # sudo: whether the file is protected, for who may write in it
        if self.sudo().beneficiary_id.is_protected:
            raise UserError(
                self.env._(
                    "Nothing leaves a protected file. Speak with its team and the "
                    "data-protection officer."
                )
            )
        if self.date_end <= fields.Date.context_today(self):
            raise UserError(self.env._("The last day of the share is past."))
        if not (any(self[part] for part in PARTS) or self.document_ids):
            raise UserError(self.env._("Choose what the recipient needs."))
        self._check_recipient_of_frame()
        self._check_told()
        return self._check_agreement()

    def _end(self, note):
        """Close the links and erase the parts.

        :param str note: why, in words
        """
        # sudo: the parts and the link are hidden from all; they are only erased
        self.sudo().filtered(lambda share: share.state == "shared").write(
            {
                "state": "ended",
                "end_note": note,
                "packet": False,
                "token_digest": False,
            }
        )

    @api.autovacuum
    def _gc_past(self):
        """End the shares whose day has come."""
        today = fields.Date.context_today(self)
        domain = [("state", "=", "shared"), ("date_end", "<=", today)]
        self.search(domain, limit=1000)._end(self.env._("The day had come"))

    @api.model
    def _digest(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    @api.model
    def _open(self, token):
        """Return the share behind a link, and leave a line in the access log.

        Called for whoever holds the link. A token that was guessed, cut, ended or
        whose file became protected finds nothing, like one that never was.

        :param str token: what the address holds
        :return: one share as superuser, or none
        :rtype: recordset of ess.share
        """
        # sudo: the link is the right; it shows the frozen parts and nothing else
        shares = self.sudo().search(
            [
                ("token_digest", "=", self._digest(token)),
                ("state", "=", "shared"),
                ("date_end", ">", fields.Date.context_today(self)),
                ("beneficiary_id.is_protected", "=", False),
            ],
            limit=1,
        )
        if shares:
            shares.write(
                {
                    "opened_count": shares.opened_count + 1,
                    "date_opened": fields.Datetime.now(),
                }
            )
            shares.sudo(False)._record_access("share")
        return shares
