import json

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ess_beneficiary.tools.seals import canonical_json, digest

SECTIONS = [
    ("who", "Who"),
    ("what", "What"),
    ("effect", "Effect"),
    ("money", "Money"),
]
# What may still be written on a final report: findings about it, never its content.
FREE_FIELDS = {"checked_at", "message_main_attachment_id", "shown_at"}
# What only `action_finalise` writes: the seal would prove nothing otherwise.
SEALED_FIELDS = {"state", "snapshot", "seal", "finalised_at", "finalised_by_id"}


class EssFunderReport(models.Model):
    """What one funder reads about one grant and one period: who, what, effect, money.

    Nothing is typed twice: figures of people come from the indicators, suppressed where
    they are small, and euros from posted entries. The officer computes it, adds a few
    words, finalises it: its content is then frozen with a seal. A later computation
    shows the differences and changes nothing.
    """

    _name = "ess.funder.report"
    _description = "Funder report"
    _inherit = ["mail.thread"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("final", "Final")],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    # scope
    grant_id = fields.Many2one(
        comodel_name="ess.grant",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    funder_id = fields.Many2one(related="grant_id.funder_id", store=True)  # grouped
    company_id = fields.Many2one(
        related="grant_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From",
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    date_to = fields.Date(
        string="To",
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    # words
    story = fields.Text(
        string="What was done",
        help="A few sentences of yours; printed first. Name nobody.",
    )
    variances = fields.Text(
        string="Differences explained",
        help="Why planned and actual differ; printed under the table of money.",
    )
    limits = fields.Text(
        string="What these figures do not show",
        help="Unmet needs, what a count cannot say; printed last.",
    )
    # content
    line_ids = fields.One2many("ess.funder.report.line", "report_id")
    who_line_ids = fields.One2many(
        "ess.funder.report.line", "report_id", domain=[("section", "=", "who")]
    )
    what_line_ids = fields.One2many(
        "ess.funder.report.line", "report_id", domain=[("section", "=", "what")]
    )
    effect_line_ids = fields.One2many(
        "ess.funder.report.line", "report_id", domain=[("section", "=", "effect")]
    )
    money_line_ids = fields.One2many(
        "ess.funder.report.line", "report_id", domain=[("section", "=", "money")]
    )
    computed_at = fields.Datetime(readonly=True, copy=False)
    # frozen
    snapshot = fields.Text(readonly=True, copy=False)
    seal = fields.Char(
        readonly=True,
        copy=False,
        help="SHA-256 of the frozen content: any change to it gives another seal.",
    )
    finalised_at = fields.Datetime(readonly=True, copy=False)
    finalised_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    previous_id = fields.Many2one(
        comodel_name="ess.funder.report",
        string="Replaces",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    is_intact = fields.Boolean(
        compute="_compute_is_intact",
        help="The frozen content still has the seal that it was given.",
    )
    checked_at = fields.Datetime(string="Compared", readonly=True, copy=False)
    change_count = fields.Integer(
        string="Figures changed since", compute="_compute_change_count"
    )

    _dates = models.Constraint(
        "CHECK(date_to >= date_from)", "The period must end after it begins."
    )

    # === COMPUTE
    @api.depends("grant_id", "date_from", "date_to")
    def _compute_name(self):
        for report in self:
            years = {date.year for date in (report.date_from, report.date_to) if date}
            period = "-".join(str(year) for year in sorted(years))
            grant = report.grant_id.name or ""
            if period and period not in grant:
                grant = f"{grant} {period}"
            if grant:
                report.name = self.env._("Report %(grant)s", grant=grant)

    @api.depends("grant_id")
    def _compute_dates(self):
        for report in self:
            if report.grant_id and report.state != "final":
                report.date_from = report.grant_id.date_from
                report.date_to = report.grant_id.date_to

    @api.depends("snapshot", "seal")
    def _compute_is_intact(self):
        for report in self:
            report.is_intact = bool(
                report.snapshot and digest(report.snapshot.encode()) == report.seal
            )

    @api.depends("line_ids.has_changed")
    def _compute_change_count(self):
        groups = self.env["ess.funder.report.line"]._read_group(
            [("report_id", "in", self.ids), ("has_changed", "=", True)],
            ["report_id"],
            ["__count"],
        )
        counts = {report.id: count for report, count in groups}
        for report in self:
            report.change_count = counts.get(report.id, 0)

    # === CRUD
    def write(self, vals):
        """A final report is not rewritten; make a new version."""
        self.check_access("write")  # before any answer about the report
        self._check_not_forged([vals])
        if set(vals) - FREE_FIELDS - {"message_ids", "message_follower_ids"}:
            self._check_draft()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        """A report starts as a draft, whatever is asked."""
        self._check_not_forged(
            {name: vals[name] for name in vals if vals[name] != "draft"}
            for vals in vals_list
        )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        self._check_draft()

    # === ACTIONS
    def action_compute(self):
        """Compute all figures anew, for draft reports."""
        self.check_access("write")  # lines are written by superuser code
        self._check_draft()
        for report in self:
            commands = [Command.create(values) for values in report._prepare_lines()]
            # sudo: nobody writes figures by hand, only this button; they were computed
            # with the rights of whoever pressed it
            report.sudo().write(
                {
                    "line_ids": [Command.clear(), *commands],
                    "computed_at": fields.Datetime.now(),
                }
            )

    def action_finalise(self):
        """Freeze the content and seal it.

        :raises UserError: when nothing was computed yet
        """
        self._check_draft()
        for report in self:
            if not report.line_ids:
                raise UserError(
                    self.env._("Compute the figures before you finalise the report.")
                )
            snapshot = canonical_json(report._get_content())
            # sudo: nobody writes the seal by hand, only this button
            report.sudo().write(
                {
                    "snapshot": snapshot,
                    "seal": digest(snapshot.encode()),
                    "finalised_at": fields.Datetime.now(),
                    "finalised_by_id": self.env.uid,
                    "state": "final",
                }
            )

    def action_compare(self):
        """Compute again and mark what differs from the frozen figures."""
        self.check_access("write")  # findings are written by superuser code
        for report in self:
            report._compare()
        return True

    def action_new_version(self):
        """Start a new draft that replaces this final report."""
        self.ensure_one()
        new = self.copy({"previous_id": self.id})
        new.action_compute()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": new.id,
            "view_mode": "form",
        }

    def action_export_xlsx(self):
        """Download the report as a workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/ess_funding/report/{self.id}/xlsx",
            "target": "self",
        }

    def action_print(self):
        """Download the report as PDF."""
        return self.env.ref("ess_funding.action_report_funder_report").report_action(
            self
        )

    # === BUSINESS
    def _check_not_forged(self, vals_list):
        """Refuse values that only finalising gives.

        :raises UserError: for anybody but the button itself
        """
        if not self.env.su and any(SEALED_FIELDS & vals.keys() for vals in vals_list):
            raise UserError(
                self.env._("A report becomes final by the button Finalise only.")
            )

    def _check_draft(self):
        """Refuse to touch a final report.

        :raises UserError: naming it
        """
        for report in self:
            if report.state == "final":
                raise UserError(
                    self.env._(
                        "“%(name)s” is final and frozen. Make a new version to change "
                        "it.",
                        name=report.name,
                    )
                )

    def _prepare_lines(self):
        """Values of all lines, in the order in which they are printed.

        :rtype: list[dict]
        """
        self.ensure_one()
        lines = [
            *self._prepare_who_lines(),
            *self._prepare_what_lines(),
            *self._prepare_effect_lines(),
            *self._prepare_money_lines(),
        ]
        return [values | {"sequence": index} for index, values in enumerate(lines)]

    def _get_content(self):
        """All that the report says, ready to be frozen, printed or exported.

        :rtype: dict
        """
        self.ensure_one()
        if self.snapshot:
            return json.loads(self.snapshot)
        grant, company = self.grant_id, self.company_id
        return {
            "name": self.name,
            "association": company.name,
            "siret": company.company_registry or "",
            "funder": grant.funder_id.name,
            "grant": grant.name,
            "ref": grant.ref or "",
            "amount": grant.amount,
            "grant_from": grant.date_from,
            "grant_to": grant.date_to,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "currency": self.currency_id.name,
            "actions": grant.action_ids.mapped("name"),
            "programmes": self._get_programmes().mapped("name"),
            "story": self.story or "",
            "variances": self.variances or "",
            "limits": self.limits or "",
            "lines": [line._get_content() for line in self.line_ids],
        }

    def _get_programmes(self):
        """Programmes of the actions that the grant pays.

        :rtype: ess.programme
        """
        # sudo: the funding room may not open programmes; their names and figures are
        # what the agreement with the funder is about.
        return self.sudo().grant_id.action_ids.programme_ids

    def _compare(self):
        """Put today's figures beside the frozen ones, on the lines."""
        self.ensure_one()
        now = {line["key"]: line["value"] for line in self._prepare_lines()}
        for line in self.line_ids:
            line._set_value_now(now.pop(line.key, None))
        self.checked_at = fields.Datetime.now()
