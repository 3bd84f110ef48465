from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# GDPR art. 12(3): one month, two more with a reason given within the first.
ANSWER_MONTHS = 1
EXTENSION_MONTHS = 2


class EssRightsRequest(models.Model):
    """Something that a person asks about their own file, and what was answered.

    Made by the person on line, or noted by a worker from a letter or from what was
    said. The law gives a date for the answer. The data-protection officers get an
    activity; they answer in words that the person reads. A complaint is read by them
    and by coordination, not by the team that it may be about.
    """

    _name = "ess.rights.request"
    _description = "Request of a person about their file"
    _inherit = ["ess.beneficiary.fact", "mail.thread", "mail.activity.mixin"]
    _order = "state, date_due, id desc"
    _rec_name = "kind"

    kind = fields.Selection(
        selection=[
            ("access", "Receive a copy of the file"),
            ("rectification", "Correct something"),
            ("erasure", "Erase something"),
            ("restriction", "Stop using something for now"),
            ("objection", "Say no to a use"),
            ("portability", "Take the data elsewhere"),
            ("complaint", "Complain"),
        ],
        string="What is asked",
        required=True,
        index=True,
    )
    words = fields.Text(
        string="In their words", help="What the person wrote or said, not corrected."
    )
    source = fields.Selection(
        selection=[
            ("portal", "On line"),
            ("spoken", "Said"),
            ("paper", "Letter or form"),
        ],
        string="Came by",
        required=True,
        default="spoken",
    )
    date = fields.Date(
        string="Received on", required=True, default=fields.Date.context_today
    )
    extension_reason = fields.Char(
        string="Why more time is needed",
        tracking=True,
        help="Two more months, when the request is complex. The person must be told "
        "within the first month (GDPR art. 12(3)).",
    )
    # stored for the list of what is late
    date_due = fields.Date(
        string="Answer before",
        compute="_compute_date_due",
        store=True,
        index=True,
        help="One month after it was received (GDPR art. 12(3)).",
    )
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )
    is_identity_checked = fields.Boolean(
        string="It is the person",
        tracking=True,
        help="Known to the team, or a proof was shown. No copy of it is kept.",
    )
    state = fields.Selection(
        selection=[("open", "To answer"), ("answered", "Answered")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    is_granted = fields.Selection(
        selection=[("yes", "Done"), ("partly", "Done in part"), ("no", "Refused")],
        string="Outcome",
        tracking=True,
    )
    answer = fields.Text(
        help="What the person reads. A refusal gives its reason and where to turn: "
        "the CNIL, the Défenseur des droits, a court."
    )
    date_answered = fields.Date(string="Answered on", readonly=True, copy=False)
    active = fields.Boolean(default=True)

    # === COMPUTE

    @api.depends("date", "extension_reason")
    def _compute_date_due(self):
        for request in self:
            months = ANSWER_MONTHS
            if (request.extension_reason or "").strip():
                months += EXTENSION_MONTHS
            request.date_due = request.date and request.date + relativedelta(
                months=months
            )

    @api.depends("date_due", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for request in self:
            is_open = request.state == "open"
            request.is_late = bool(
                is_open and request.date_due and request.date_due < today
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = [("state", "=", "open"), ("date_due", "<", today)]
        return late if True in value else ["!", "&", *late]

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Give the officers something to do before the date of the law."""
        requests = super(
            EssRightsRequest, self.with_context(mail_create_nosubscribe=True)
        ).create([dict(vals, state="open") for vals in vals_list])
        for request in requests:
            request._ask_officers()
        return requests.with_env(self.env)

    # === ACTIONS

    def action_answer(self):
        """Close the request once there is an answer that the person can read."""
        for request in self:
            if not (request.answer or "").strip() or not request.is_granted:
                raise UserError(
                    self.env._(
                        "Write the answer that the person will read, and choose the "
                        "outcome."
                    )
                )
            if not request.is_identity_checked and request.kind != "complaint":
                raise UserError(
                    self.env._("Check first that the person is who they say they are.")
                )
            request.write(
                {"state": "answered", "date_answered": fields.Date.context_today(self)}
            )
            # sudo: the other officers' activities on this request are done too
            request.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def action_reopen(self):
        """Open the request again: the answer was not the last word."""
        self.write({"state": "open", "date_answered": False})

    # === BUSINESS

    def _ask_officers(self):
        """Plan an activity for the officers, for the date of the law."""
        self.ensure_one()
        officers = self.env["ess.access.seal"]._get_officers(self.company_id)
        for officer in officers:
            # sudo: the person and workers write no activity for officers elsewhere;
            # no word of the file is in it
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.date_due,
                summary=self.env._("A person asks about their file"),
                user_id=officer.id,
            )
