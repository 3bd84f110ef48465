from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import formatLang

CLOSED = ("won", "lost")


class EssApplication(models.Model):
    """A request for money to one funder: its budget, its answers, its outcome.

    Made by the fundraiser from a call or alone; prepared, sent, then granted (it
    becomes a grant) or not (it says why). The amount expected is the amount asked
    times the chance of its stage.
    """

    _name = "ess.application"
    _description = "Application for funding"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_deadline, id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index="trigram",
    )
    active = fields.Boolean(default=True)
    call_id = fields.Many2one(
        comodel_name="ess.call",
        string="Call for projects",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    funder_id = fields.Many2one(
        comodel_name="res.partner",
        compute="_compute_from_call",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    platform_id = fields.Many2one(
        comodel_name="ess.platform",
        string="Filed on",
        compute="_compute_from_call",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    stage_id = fields.Many2one(
        comodel_name="ess.application.stage",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._get_stage("open"),
        group_expand="_read_group_stages",
        tracking=True,
        copy=False,
    )
    bucket = fields.Selection(related="stage_id.bucket", store=True)  # filtered
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Followed by",
        index=True,
        default=lambda self: self.env.user,
        tracking=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    # dates
    date_deadline = fields.Date(
        string="Deadline",
        compute="_compute_from_call",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )
    date_sent = fields.Date(string="Sent on", readonly=True, copy=False, tracking=True)
    date_answer = fields.Date(string="Answer expected on")
    date_from = fields.Date(string="Project from")
    date_to = fields.Date(string="Project to")
    # money
    action_id = fields.Many2one(
        comodel_name="ess.funding.action",
        string="Funded action",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    budget_id = fields.Many2one(
        comodel_name="ess.budget",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('action_id', '=', action_id)]",
        help="Budget of the action in the layout of the form (Cerfa 12156).",
    )
    budget_total = fields.Monetary(related="budget_id.grand_total_charge")
    budget_message = fields.Char(related="budget_id.balance_message")
    amount_asked = fields.Monetary(tracking=True)
    amount_expected = fields.Monetary(
        compute="_compute_amount_expected",
        store=True,  # summed by stage
        help="Amount asked times the chance of the stage; the amount granted once won.",
    )
    amount_granted = fields.Monetary(tracking=True, copy=False)
    grant_id = fields.Many2one(
        comodel_name="ess.grant",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    lost_reason = fields.Text(string="Why not", copy=False)
    has_commitment = fields.Boolean(
        string="Republican commitment signed",
        help="Contract that public money asks of associations (decree no. 2021-1947).",
    )
    # words
    answer_ids = fields.One2many(
        "ess.application.answer", "application_id", string="Answers", copy=True
    )
    warning = fields.Char(compute="_compute_warning")

    _amounts = models.Constraint(
        "CHECK(amount_asked >= 0 AND amount_granted >= 0)",
        "Amounts of an application are not negative.",
    )
    _dates = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_to >= date_from)",
        "The project must end after it begins.",
    )

    # === COMPUTE
    @api.depends("call_id", "funder_id")
    def _compute_name(self):
        for application in self:
            known = application.call_id.name or application.funder_id.name
            application.name = application.name or known or self.env._("Application")

    @api.depends("call_id")
    def _compute_from_call(self):
        for application in self:
            call = application.call_id
            application.funder_id = call.funder_id or application.funder_id
            application.platform_id = call.platform_id or application.platform_id
            application.date_deadline = call.date_deadline or application.date_deadline

    @api.depends("amount_asked", "amount_granted", "stage_id.probability", "bucket")
    def _compute_amount_expected(self):
        for application in self:
            currency = application.currency_id or self.env.company.currency_id
            stage = application.stage_id
            weighed = application.amount_asked * stage.probability / 100
            is_won = stage.bucket == "won" and application.amount_granted
            application.amount_expected = currency.round(
                application.amount_granted if is_won else weighed
            )

    @api.depends("funder_id", "amount_asked", "call_id", "bucket", "budget_id")
    @api.depends_context("lang")
    def _compute_warning(self):
        late = self._get_late_grants()
        for application in self:
            problems = application._get_problems(late)
            application.warning = " ".join(problems) if problems else False

    def _get_late_grants(self):
        """Grants whose report is late, by funder: asking again asks for trouble.

        :return: ``{funder id: names}``
        :rtype: dict
        """
        today = fields.Date.context_today(self)
        grants = self.env["ess.grant"].search(
            [
                ("funder_id", "in", self.funder_id.ids),
                ("state", "in", ("running", "reporting")),
                ("date_to", "<", fields.Date.subtract(today, months=6)),
            ]
        )
        late = {}
        for grant in grants:
            late.setdefault(grant.funder_id.id, []).append(grant.name)
        return late

    def _get_problems(self, late):
        """What should be put right before the application leaves.

        :param dict late: see ``_get_late_grants``
        :rtype: list[str]
        """
        self.ensure_one()
        if self.bucket in CLOSED:
            return []
        problems = self._get_limit_problems()
        if names := late.get(self.funder_id.id):
            problems.append(
                self.env._(
                    "A report to this funder is late: %(grants)s.",
                    grants=", ".join(names),
                )
            )
        return problems

    def _get_limit_problems(self):
        """Limits of the call that the amount asked does not keep.

        :rtype: list[str]
        """
        call, asked = self.call_id, self.amount_asked
        problems = []
        if call.amount_max and asked > call.amount_max:
            text = self.env._("The call gives %(amount)s at most.")
            problems.append(text % {"amount": self._money(call.amount_max)})
        if asked and asked < call.amount_min:
            text = self.env._("The call gives %(amount)s at least.")
            problems.append(text % {"amount": self._money(call.amount_min)})
        most = self.budget_id.total_charge * call.rate_max / 100
        if most and asked > most + 0.004:
            text = self.env._(
                "The call pays %(rate)s %% of the budget at most: %(amount)s."
            )
            rate = formatLang(self.env, call.rate_max, digits=0)
            problems.append(text % {"rate": rate, "amount": self._money(most)})
        return problems

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    @api.model
    def _read_group_stages(self, stages, domain):
        """All columns, empty ones too."""
        return stages.search(Domain.TRUE)  # pylint: disable=no-search-all

    @api.model
    def _get_stage(self, bucket):
        """First stage that means this.

        :rtype: ess.application.stage
        """
        stages = self.env["ess.application.stage"]
        return stages.search([("bucket", "=", bucket)], limit=1)

    @api.constrains("stage_id", "grant_id")
    def _check_granted(self):
        """Granted comes by its button, with the grant: no card is dragged there.

        :raises ValidationError: what to press instead
        """
        for application in self:
            if application.bucket == "won" and not application.grant_id:
                raise ValidationError(
                    self.env._(
                        "Open the application and press “Granted”: the grant is made "
                        "from it."
                    )
                )

    # === CRUD
    @api.ondelete(at_uninstall=False)
    def _unlink_except_granted(self):
        if self.grant_id:
            raise UserError(
                self.env._("A grant was made from it: archive the application instead.")
            )
