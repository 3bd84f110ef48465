from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# What was answered and how: history, never overwritten.
ANSWER_FIELDS = frozenset(
    {
        "processing_id",
        "recipient_id",
        "content",
        "answer",
        "date_from",
        "proof",
        "heard_by_id",
        "interpreter",
        "language",
        "delegate",
        "notice_version",
        "signature",
        "scan",
        "date_withdrawn",
        "withdrawn_source",
        "withdrawn_by_id",
    }
)


class EssConsent(models.Model):
    """What a person answered to one question on their data: yes, no, no more.

    Noted by a worker of the file with its proof: a signature, words and who heard
    them, an interpreter and the language. A new answer ends the former one; nothing
    is overwritten. The person withdraws it at any time, on line or by saying so. A
    refusal or a withdrawal stops what it is about, never the support: no other model
    but the share looks at agreements.
    """

    _name = "ess.consent"
    _description = "Agreement of a person"
    _inherit = "ess.beneficiary.fact"
    _file_access = "write"
    _order = "date_from desc, id desc"
    _rec_name = "processing_id"

    processing_id = fields.Many2one(
        comodel_name="ess.processing",
        string="About",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_agreement_asked", "=", True)],
    )
    recipient_id = fields.Many2one(
        comodel_name="res.partner",
        string="For whom",
        index="btree_not_null",
        ondelete="restrict",
        help="The partner that the person agrees to. Empty when it is not a share.",
    )
    content = fields.Char(
        string="For what exactly",
        help="For example: my housing and my resources, not my health.",
    )
    answer = fields.Selection(
        selection=[("given", "Agrees"), ("refused", "Refuses")],
        required=True,
        default="given",
    )
    # stored for lists, groups and filters
    state = fields.Selection(
        selection=[
            ("given", "Agrees"),
            ("refused", "Refuses"),
            ("withdrawn", "Withdrawn"),
        ],
        compute="_compute_state",
        store=True,
        precompute=True,
    )
    date_from = fields.Date(
        string="Answered on",
        required=True,
        default=fields.Date.context_today,
    )
    date_to = fields.Date(
        string="Until",
        help="From this day on it no longer holds. Empty: until it is withdrawn.",
    )
    is_in_force = fields.Boolean(
        string="Holds today",
        compute="_compute_is_in_force",
        search="_search_is_in_force",
    )
    proof = fields.Selection(
        selection=[
            ("signed", "Signed"),
            ("oral", "Said"),
            ("interpreter", "Said through an interpreter"),
        ],
        required=True,
        default="oral",
        help="All three are worth the same: nobody has to sign.",
    )
    signature = fields.Binary(copy=False)
    scan = fields.Binary(string="Signed sheet", copy=False)
    scan_name = fields.Char(copy=False)
    heard_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Heard by",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        ondelete="restrict",
    )
    interpreter = fields.Char(help="Name of the interpreter or of the service.")
    language = fields.Char(help="In which language it was explained and answered.")
    delegate = fields.Char(
        string="Answered for the person by",
        help="Holder of parental authority, guardian… Empty: the person answered.",
    )
    notice_version = fields.Char(
        readonly=True, copy=False, help="The version of the notice that was explained."
    )
    date_withdrawn = fields.Date(string="Withdrawn on", readonly=True, copy=False)
    withdrawn_source = fields.Selection(
        selection=[("portal", "On line"), ("said", "Said or written")],
        string="Withdrawn",
        readonly=True,
        copy=False,
    )
    withdrawn_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Withdrawal noted by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    active = fields.Boolean(
        default=True, help="Archive what was noted by mistake: it no longer counts."
    )

    # [): the day of a new answer belongs to the new one
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (beneficiary_id WITH =, processing_id WITH =,"
        " COALESCE(recipient_id, 0) WITH =, daterange(date_from, date_to) WITH &&)"
        " WHERE (active) DEFERRABLE INITIALLY IMMEDIATE",
        "Two answers to the same question cannot hold on the same day.",
    )
    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "An agreement cannot end before it is given."
    )

    # === COMPUTE

    @api.depends("answer", "date_withdrawn")
    def _compute_state(self):
        for consent in self:
            consent.state = "withdrawn" if consent.date_withdrawn else consent.answer

    @api.depends("state", "date_from", "date_to", "active")
    def _compute_is_in_force(self):
        today = fields.Date.context_today(self)
        for consent in self:
            consent.is_in_force = bool(
                consent.active
                and consent.state == "given"
                and consent.date_from
                and consent.date_from <= today
                and (not consent.date_to or consent.date_to > today)
            )

    @api.model
    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        holds = (
            Domain("active", "=", True)
            & Domain("state", "=", "given")
            & Domain("date_from", "<=", today)
            & (Domain("date_to", "=", False) | Domain("date_to", ">", today))
        )
        return holds if True in value else ~holds

    # === CONSTRAINTS

    @api.constrains(
        "answer",
        "proof",
        "signature",
        "scan",
        "heard_by_id",
        "interpreter",
        "language",
    )
    def _check_proof(self):
        for consent in self.filtered(lambda consent: consent.answer == "given"):
            if message := consent._get_missing_proof():
                raise ValidationError(message)

    def _get_missing_proof(self):
        """Say what is missing for this agreement to be worth something.

        :return: a sentence, or None
        :rtype: str | None
        """
        self.ensure_one()
        if self.proof == "signed" and not (self.signature or self.scan):
            return self.env._(
                "The person has not signed yet. Let them sign here, add the signed "
                "sheet, or choose “Said”: words are worth the same."
            )
        if self.proof != "signed" and not self.heard_by_id:
            return self.env._("Say who heard the agreement.")
        if self.proof == "interpreter" and not (self.interpreter and self.language):
            return self.env._("Name the interpreter and the language that was used.")
        return None

    @api.constrains("recipient_id")
    def _check_recipient(self):
        # sudo: whether the contact stands for a person; nothing else is read
        files = self.env["ess.beneficiary"].sudo()
        if files._get_masks(self.sudo().recipient_id):
            raise ValidationError(
                self.env._("Choose a partner: this contact stands for a person.")
            )

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """End the answers that the new ones replace, then insert them."""
        vals_list = [self._complete_vals(vals) for vals in vals_list]
        self._fit_into_history(vals_list)
        # the former answers must have ended in the table before the INSERT
        self.flush_model(["date_from", "date_to", "active"])
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to rewrite an answer: a new one is a new line.

        :raises UserError: when what was answered would change
        """
        self.check_access("write")  # before any answer about the agreement
        changed = ANSWER_FIELDS & vals.keys()
        if changed and not self.env.su:
            for consent in self:
                if any(consent[name] for name in changed):
                    raise UserError(
                        self.env._(
                            "What was answered stays as it was. Note a new answer: "
                            "it ends this one. If it was a mistake, archive it."
                        )
                    )
        return super().write(vals)

    @api.model
    def _complete_vals(self, vals):
        """Return the values with the day and the notice that was explained."""
        vals = dict(vals)
        if not self.env.su:
            for name in ("date_withdrawn", "withdrawn_source", "withdrawn_by_id"):
                vals.pop(name, None)
        vals["date_from"] = fields.Date.to_date(
            vals.get("date_from") or fields.Date.context_today(self)
        )
        vals["date_to"] = fields.Date.to_date(vals.get("date_to")) or False
        processing = self.env["ess.processing"].browse(vals.get("processing_id"))
        vals["notice_version"] = processing.notice_version
        return vals

    @api.model
    def _fit_into_history(self, vals_list):
        """End former answers on the day of the new ones, and the reverse.

        :param list vals_list: complete values, changed in place
        """
        # sudo: the end depends on all answers, whoever may read them; nothing is shown
        history = self.sudo().search(
            [
                ("beneficiary_id", "in", [v.get("beneficiary_id") for v in vals_list]),
                ("processing_id", "in", [v.get("processing_id") for v in vals_list]),
            ]
        )
        lines = {}
        for line in history:
            key = (line.beneficiary_id.id, line.processing_id.id, line.recipient_id.id)
            lines.setdefault(key, []).append(line)
        for vals in sorted(vals_list, key=lambda vals: vals["date_from"]):
            if not vals.get("active", True):
                continue
            key = (
                vals.get("beneficiary_id"),
                vals.get("processing_id"),
                vals.get("recipient_id") or False,
            )
            self._fit_one(vals, lines.setdefault(key, []))

    @api.model
    def _fit_one(self, vals, lines):
        """Fit one new answer among those to the same question, and add it to them."""
        start = vals["date_from"]
        for line in lines:
            end = line["date_to"]
            if line["date_from"] <= start and (not end or end > start):
                line["date_to"] = start
        following = [line["date_from"] for line in lines if line["date_from"] > start]
        if following:
            vals["date_to"] = min(vals["date_to"] or min(following), *following)
        lines.append(vals)

    # === ACTIONS

    def action_withdraw(self):
        """Note that the person takes the agreement back: it stops today."""
        self.check_access("write")
        self._withdraw("said")

    # === BUSINESS

    def _withdraw(self, source):
        """End agreements today; what rests on them ends too. Override to end it.

        :param str source: *portal* or *said*
        """
        today = fields.Date.context_today(self)
        for consent in self.filtered(lambda consent: consent.state == "given"):
            # sudo: an end is the only change that an answer gets, by this door; the
            # caller has checked who may ask for it
            consent.sudo().write(
                {
                    "date_withdrawn": today,
                    "withdrawn_source": source,
                    "withdrawn_by_id": self.env.uid,
                    "date_to": max(consent.date_from, today),
                }
            )
