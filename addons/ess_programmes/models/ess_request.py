from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

REQUEST_STATES = [
    ("waiting", "Waiting for an answer"),
    ("served", "Answered"),
    ("partly", "Answered in part"),
    ("orientated", "Orientated to another service"),
    ("not_served", "Without answer"),
    ("no_reply", "The service did not reply"),
    ("declined", "Declined by the person"),
    ("not_asked", "Not asked for"),
]
#: What was asked and not given: the register of unmet needs. What the person declined
#: or did not want to ask is counted apart, never as unmet by others.
UNMET_STATES = ("partly", "not_served", "no_reply")


class EssRequest(models.Model):
    """What a person, a household or a number of people asked, and what was answered.

    Noted in a few taps from the file, a session or the reception. Waiting at first,
    then answered, orientated or without an answer, with a reason. What stays without
    an answer makes the register of unmet needs. Nothing is owed for asking: no field
    but what was asked is mandatory.
    """

    _name = "ess.request"
    _description = "Request"
    _inherit = "ess.access.mixin"
    _order = "date desc, id desc"
    _check_company_auto = True
    _rec_names_search = ["type_id", "words"]

    # === FIELDS
    # who
    beneficiary_id = fields.Many2one(
        "ess.beneficiary",
        string="Person",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    household_id = fields.Many2one(
        "ess.household",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
    )
    headcount = fields.Integer(
        string="Without a name", help="Number of people whose name was not asked."
    )
    # Stored: summed by figures. With the user's rights: a household counts the
    # members that its author may know of.
    people_count = fields.Integer(
        string="People",
        compute="_compute_people_count",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    # what
    type_id = fields.Many2one(
        "ess.request.type",
        string="What is asked",
        required=True,
        index=True,
        ondelete="restrict",
    )
    # Stored: grouped by figures.
    theme_id = fields.Many2one(
        related="type_id.theme_id", store=True, precompute=True, index="btree_not_null"
    )
    words = fields.Char(
        string="In their own words", help="Only if it helps; as the person says it."
    )
    # when and where
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    session_id = fields.Many2one(
        "ess.session",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="When it was asked during a session.",
    )
    programme_id = fields.Many2one(
        "ess.programme",
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    territory_id = fields.Many2one(
        "ess.territory",
        string="Zone",
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="A coarse zone, never an address.",
    )
    channel = fields.Selection(
        [
            ("file", "In the file"),
            ("session", "At a session"),
            ("reception", "At reception"),
            ("phone", "By phone"),
            ("call_115", "Call to the 115"),
            ("partner", "Through a partner"),
            ("portal", "Portal"),
        ],
        string="How",
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    waiting_time = fields.Selection(
        [
            ("5", "Less than 5 minutes"),
            ("15", "5 to 15 minutes"),
            ("30", "15 to 30 minutes"),
            ("more", "More than 30 minutes"),
        ],
        string="Waiting on the phone",
    )
    # answer
    state = fields.Selection(
        REQUEST_STATES, string="Answer", required=True, default="waiting", index=True
    )
    reason_id = fields.Many2one(
        "ess.refusal.reason",
        string="Why",
        index="btree_not_null",
        ondelete="restrict",
        help="Why it could not be given, or why the person did not want it.",
    )
    orientation = fields.Char(
        string="Orientated to", help="Name of the service, not of a worker."
    )
    # Stored: when the answer came, for delays.
    date_answer = fields.Date(
        string="Answered on",
        compute="_compute_date_answer",
        store=True,
        readonly=False,
        precompute=True,
    )
    # Stored: searched and grouped by the register.
    is_unmet = fields.Boolean(
        string="Unmet need", compute="_compute_is_unmet", store=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Noted by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    allow_paper_reason = fields.Boolean(compute="_compute_allow_paper_reason")

    # === CONSTRAINTS
    _one_who = models.Constraint(
        "CHECK (num_nonnulls(beneficiary_id, household_id, NULLIF(headcount, 0)) = 1 "
        "AND COALESCE(headcount, 0) BETWEEN 0 AND 1000)",
        "A request is that of one person, or of one household, or of a number of "
        "people without names (up to 1000): exactly one of the three.",
    )
    _people_positive = models.Constraint(
        "CHECK (people_count > 0)", "At least one person asks."
    )
    _reason_given = models.Constraint(
        "CHECK (state <> 'not_served' OR reason_id IS NOT NULL)",
        "Say why the request stays without an answer: this is what shows what is "
        "missing.",
    )
    _company_date_idx = models.Index("(company_id, date) WHERE is_unmet")

    # === COMPUTE
    @api.depends("type_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Name what is asked, never who asks."""
        for request in self:
            request.display_name = request.type_id.name

    @api.depends("beneficiary_id", "household_id", "headcount")
    def _compute_people_count(self):
        for request in self:
            people = request.headcount
            if request.household_id:
                people = request.household_id.size
            request.people_count = max(people or 1, 1)

    @api.depends("session_id")
    def _compute_place(self):
        for request in self:
            session = request.session_id
            request.programme_id = session.programme_id or request.programme_id
            request.territory_id = session.territory_id or request.territory_id
            request.channel = "session" if session else (request.channel or "file")

    @api.depends("state")
    def _compute_date_answer(self):
        today = fields.Date.context_today(self)
        for request in self:
            is_open = request.state == "waiting"
            request.date_answer = not is_open and (request.date_answer or today)

    @api.depends("state")
    def _compute_is_unmet(self):
        for request in self:
            request.is_unmet = request.state in UNMET_STATES

    @api.depends(
        "beneficiary_id.company_id", "household_id.company_id", "session_id.company_id"
    )
    def _compute_company_id(self):
        for request in self:
            # sudo: the association only, of what the request is about
            about = request.sudo()
            request.company_id = (
                about.beneficiary_id.company_id
                or about.household_id.company_id
                or about.session_id.company_id
                or request.company_id
                or self.env.company
            )

    @api.depends("programme_id")
    def _compute_allow_paper_reason(self):
        for request in self:
            request.allow_paper_reason = not request.programme_id.is_unconditional

    @api.constrains("reason_id", "programme_id")
    def _check_reason(self):
        for request in self:
            if request.reason_id.is_paper_related and (
                request.programme_id.is_unconditional
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” is open without conditions: no paper can be asked "
                        "there. Choose another reason.",
                        request.programme_id.name,
                    )
                )

    @api.onchange("state")
    def _onchange_state(self):
        if self.state in ("waiting", "served", "orientated"):
            self.reason_id = False

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Sign the requests; check the people before the database could say more."""
        self._check_people_known(vals_list)
        if not self.env.su:
            vals_list = [{**vals, "user_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Whose request it is does not change, nor who noted it."""
        self._check_people_known([vals])
        if not self.env.su:
            vals = {name: vals[name] for name in vals if name != "user_id"}
        return super().write(vals)

    @api.model
    def _check_people_known(self, vals_list):
        """Answer for a file that the user may not read as for one that never was."""
        for name in ("beneficiary_id", "household_id"):
            ids = {vals[name] for vals in vals_list if vals.get(name)}
            if not ids:
                continue
            about = self.env[self._fields[name].comodel_name].browse(ids)
            if name == "beneficiary_id":
                about._check_known()
            about.check_access("read")

    # === ACTIONS
    def action_answer(self, state, reason_code=None):
        """Write the answer to these requests.

        :param str state: the answer, one of the states of a request
        :param str reason_code: code of the reason, mandatory for *not_served*
        :raises UserError: when the state or the reason is unknown
        """
        reasons = self.env["ess.refusal.reason"]
        reason = reasons.search([("code", "=", str(reason_code))], limit=1)
        states = self._fields["state"].get_values(self.env)
        if state not in states or (reason_code and not reason):
            raise UserError(
                self.env._("This answer is not in the list. Open the request again.")
            )
        self.write({"state": state, "reason_id": reason.id if reason_code else False})

    def action_served(self):
        """Say that what was asked has been given."""
        self.action_answer("served")

    # === BUSINESS
    def _prepare_readable(self):
        """Return this request as the person reads it in the readable file.

        :rtype: dict
        """
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        return {
            "date": self.date.isoformat(),
            "asked": self.type_id.name,
            "words": self.words or None,
            "answer": labels[self.state],
            "reason": self.reason_id.name or None,
            "orientated_to": self.orientation or None,
            "answered_on": self.date_answer and self.date_answer.isoformat() or None,
        }
