from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

#: kinds of lines that may need an explanation; sums are explained by their lines
EXPLAINED = ("line", "unmatched", "balance")


class EssFunderReport(models.Model):
    """What the financial report of a grant (Cerfa 15059) asks beside the figures.

    Its qualitative part is prefilled from the actions; each difference above the
    threshold of the grant is explained; the legal representative signs.
    """

    _inherit = "ess.funder.report"

    objectives = fields.Text(
        compute="_compute_words",
        store=True,
        readonly=False,
        help="What the action was for; prefilled from the description of the actions.",
    )
    places = fields.Text(
        string="Where",
        compute="_compute_words",
        store=True,
        readonly=False,
        help="Places and area of the action; prefilled from its programmes.",
    )
    allocation_rule = fields.Text(
        string="How shared costs are divided",
        compute="_compute_words",
        store=True,
        readonly=False,
        help="Key by which indirect costs reach the action; prefilled from its budget.",
    )
    in_kind_note = fields.Text(
        string="How contributions in kind are valued",
        compute="_compute_words",
        store=True,
        readonly=False,
    )
    enclosures = fields.Text(
        string="Goes along with it",
        default=lambda self: self._default_enclosures(),
        help="Papers sent with the report, one a line.",
    )
    gap_ids = fields.One2many(
        "ess.funder.report.gap", "report_id", string="Differences to explain"
    )
    # signature
    signatory = fields.Char(
        string="Legal representative",
        default=lambda self: self._default_from_last("signatory"),
        help="Who signs for the association: name and first name.",
    )
    signatory_title = fields.Char(
        string="Capacity",
        default=lambda self: self._default_from_last("signatory_title"),
        help="President, treasurer, or the holder of a delegation.",
    )
    sign_place = fields.Char(
        string="Signed at",
        default=lambda self: self._default_from_last("sign_place"),
    )
    date_signed = fields.Date(string="Signed on", copy=False)

    # === DEFAULTS
    @api.model
    def _default_enclosures(self):
        """What the form asks to join (Cerfa 15059*02, notice)."""
        return "\n".join(
            (
                self.env._("Last activity report approved"),
                self.env._("Last annual accounts approved"),
                self.env._("Auditor's report, when there is one"),
                self.env._("Delegation of signature, when somebody else signs"),
            )
        )

    @api.model
    def _default_from_last(self, name):
        """Who signed the last report of the company signs this one."""
        domain = [("company_id", "=", self.env.company.id), (name, "!=", False)]
        return self.search(domain, order="id desc", limit=1)[name]

    # === COMPUTE
    @api.depends("grant_id")
    def _compute_words(self):
        """Fill in what is empty; what somebody wrote stays."""
        for report in self:
            actions = report.grant_id.action_ids
            texts = actions.filtered("description").mapped("description")
            report.objectives = report.objectives or "\n".join(texts)
            report.places = report.places or ", ".join(report._get_towns())
            notes = actions.budget_ids.filtered("note").mapped("note")
            report.allocation_rule = report.allocation_rule or "\n".join(notes)
            report.in_kind_note = report.in_kind_note or "\n".join(
                report._get_in_kind_methods()
            )

    def _get_towns(self):
        """Towns of the programmes of the grant, else of the association.

        :rtype: list[str]
        """
        towns = {town for town in self._get_programmes().mapped("city") if town}
        return sorted(towns) or [town for town in [self.company_id.city] if town]

    def _get_in_kind_methods(self):
        """How contributions in kind of the actions are valued, each way once.

        :rtype: list[str]
        """
        given = self.env["ess.in.kind"].search(
            [("action_id", "in", self.grant_id.action_ids.ids), ("method", "!=", False)]
        )
        return sorted({f"{one.name}: {one.method}" for one in given})

    # === ACTIONS
    def action_compute(self):
        """Also list the differences that have to be explained."""
        result = super().action_compute()
        for report in self:
            report._refresh_gaps()
        return result

    def action_finalise(self):
        """Freeze the report, once its differences are explained.

        :raises UserError: naming the lines that nobody explained
        """
        for report in self.filtered(lambda report: not report.variances):
            missing = report.gap_ids.filtered(lambda gap: not gap.explanation)
            if missing:
                raise UserError(
                    self.env._(
                        "“%(report)s” differs from its plan by more than %(threshold)g "
                        "%%. Explain these lines, or all of them in “Differences "
                        "explained”: %(lines)s.",
                        report=report.name,
                        threshold=report.grant_id.variance_threshold,
                        lines=", ".join(missing.mapped("label")),
                    )
                )
        result = super().action_finalise()
        for report in self:
            report.grant_id._lock_charges(report.date_to)
        return result

    def action_print_cerfa(self):
        """Download the financial report on the form Cerfa 15059."""
        action = self.env.ref("ess_funding.action_report_cerfa_15059")
        return action.report_action(self)

    # === BUSINESS
    def _refresh_gaps(self):
        """List the lines above the threshold, with the explanations given before."""
        self.ensure_one()
        told = {gap.key: gap.explanation for gap in self.gap_ids}
        lines = self.line_ids.filtered("side")
        planned = {line.group for line in lines if line.planned}
        values = [
            {
                "sequence": line.sequence,
                "key": line.key,
                "group": line.group,
                "label": line.label,
                "planned": line.planned,
                "value": line.value,
                "difference": line.difference,
                "rate": line.rate,
                "explanation": told.get(line.key),
            }
            for line in lines
            if line.kind in EXPLAINED
            and line.group in planned
            and self.env["ess.funder.report.gap"]._is_gap(
                line.planned, line.value, self.grant_id.variance_threshold
            )
        ]
        # sudo: figures are written by the computation, which asked for the right
        self.sudo().gap_ids = [Command.clear(), *map(Command.create, values)]

    def _get_content(self):
        """Also what the form asks in words."""
        content = super()._get_content()
        if self.snapshot:
            return content
        form = self.env["ess.cerfa.line"]._get_form()
        words = ("objectives", "places", "allocation_rule", "in_kind_note")
        words += ("enclosures", "signatory", "signatory_title", "sign_place")
        return content | {
            **{name: self[name] or "" for name in words},
            "date_signed": self.date_signed or "",
            "address": self.company_id.partner_id._display_address(True),
            "indirect": form.filtered("is_indirect").mapped("section")[:1],
            "gaps": [
                {
                    "key": gap.key,
                    "label": gap.label,
                    "explanation": gap.explanation or "",
                }
                for gap in self.gap_ids
            ],
        }
