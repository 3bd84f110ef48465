from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

KINDS = [
    ("grant", "Grant"),
    ("call", "Call for projects"),
    ("foundation", "Foundation"),
    ("sponsorship", "Sponsorship"),
    ("prize", "Prize"),
    ("loan", "Loan or repayable advance"),
    ("impact", "Social-impact contract"),
    ("support", "Support scheme"),
]
OPINIONS = [("open", "To discuss"), ("go", "We apply"), ("no", "We do not apply")]


class EssCall(models.Model):
    """A call that a funder publishes, or a way to ask for money that is always open.

    Recorded by the fundraiser who saw it; the team says whether the association
    applies, and why. Applications are made from it.
    """

    _name = "ess.call"
    _description = "Call for projects"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_deadline, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, index="trigram", tracking=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, string="Kind of call", required=True, default="call")
    is_digital = fields.Boolean(
        string="Digital and organisation",
        help="Pays for tools, equipment or the way the association works.",
    )
    funder_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    platform_id = fields.Many2one(
        comodel_name="ess.platform",
        string="Filed on",
        index="btree_not_null",
        ondelete="restrict",
        help="On-line form whose fields the copy sheet follows.",
    )
    url = fields.Char(string="Web page")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Followed by",
        default=lambda self: self.env.user,
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    # terms
    date_open = fields.Date(string="Opens on")
    date_deadline = fields.Date(
        string="Deadline", index=True, tracking=True, help="Empty: always open."
    )
    amount_min = fields.Monetary(string="At least")
    amount_max = fields.Monetary(string="At most")
    rate_max = fields.Float(
        string="Part of the budget, at most (%)", help="Zero: no such limit."
    )
    criteria = fields.Text(help="Who may apply, for what, with which papers.")
    # opinion
    opinion = fields.Selection(
        OPINIONS,
        string="Do we apply?",
        required=True,
        default="open",
        tracking=True,
        index=True,
    )
    opinion_reason = fields.Text(
        string="Why this opinion",
        help="Fits the project? Enough time? Worth its reports?",
    )
    application_ids = fields.One2many("ess.application", "call_id")
    application_count = fields.Integer(compute="_compute_application_count")
    is_over = fields.Boolean(compute="_compute_is_over", search="_search_is_over")

    _amounts = models.Constraint(
        "CHECK(amount_min >= 0 AND amount_max >= 0"
        " AND (amount_max = 0 OR amount_max >= amount_min))",
        "The largest amount must not be below the smallest.",
    )
    _dates = models.Constraint(
        "CHECK(date_open IS NULL OR date_deadline IS NULL"
        " OR date_deadline >= date_open)",
        "The call must close after it opens.",
    )
    _rate_range = models.Constraint(
        "CHECK(rate_max >= 0 AND rate_max <= 100)",
        "The part of the budget is between 0 and 100 %.",
    )

    @api.depends("application_ids")
    def _compute_application_count(self):
        groups = self.env["ess.application"]._read_group(
            [("call_id", "in", self.ids)], ["call_id"], ["__count"]
        )
        counts = {call.id: count for call, count in groups}
        for call in self:
            call.application_count = counts.get(call.id, 0)

    @api.depends("date_deadline")
    def _compute_is_over(self):
        today = fields.Date.context_today(self)
        for call in self:
            call.is_over = bool(call.date_deadline and call.date_deadline < today)

    def _search_is_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("date_deadline", "<", fields.Date.context_today(self))

    # === ACTIONS
    def action_go(self):
        """The association applies: open the application, made when it is missing."""
        self.ensure_one()
        self.opinion = "go"
        if not self.application_ids:
            self.env["ess.application"].create(self._prepare_application())
        return self.action_open_applications()

    def action_no_go(self):
        """The association does not apply; it says why, for the next time.

        :raises UserError: when no reason is given
        """
        for call in self:
            if not (call.opinion_reason or "").strip():
                raise UserError(
                    self.env._(
                        "Say in a few words why the association does not apply to "
                        "“%(call)s”: it helps when the call comes back.",
                        call=call.name,
                    )
                )
        self.opinion = "no"

    def action_open_applications(self):
        """Open the applications of the call."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_funding.ess_application_action"
        )
        action |= {
            "domain": [("call_id", "=", self.id)],
            "context": {"default_call_id": self.id},
        }
        if len(self.application_ids) == 1:
            action |= {
                "res_id": self.application_ids.id,
                "views": [(False, "form")],
                "view_mode": "form",
            }
        return action

    def _prepare_application(self):
        """Values of an application to this call.

        :rtype: dict
        """
        self.ensure_one()
        return {"call_id": self.id, "company_id": self.company_id.id}
