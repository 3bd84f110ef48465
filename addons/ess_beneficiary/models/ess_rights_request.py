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
    activity; they answer in words that the person reads. Complaints are elsewhere
    (`ess.complaint`): the team does not read them.
    """

    _name = "ess.rights.request"
    _description = "Request of a person about their file"
    _inherit = ["ess.answer.mixin", "ess.beneficiary.fact"]
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

    # === ACTIONS

    def action_reopen(self):
        """Open the request again: the answer was not the last word."""
        self.write({"state": "open", "date_answered": False})

    # === BUSINESS

    def _check_answer(self):
        if not (self.answer or "").strip() or not self.is_granted:
            raise UserError(
                self.env._(
                    "Write the answer that the person will read, and choose the "
                    "outcome."
                )
            )
        if not self.is_identity_checked:
            raise UserError(
                self.env._("Check first that the person is who they say they are.")
            )

    def _prepare_answered(self):
        return super()._prepare_answered() | {
            "date_answered": fields.Date.context_today(self)
        }

    def _get_summary(self):
        return self.env._("A person asks about their file")

    def _get_answer_deadline(self):
        return self.date_due
