from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..wizard.ess_funding_statement_line import KINDS
from .ess_funder_report import SECTIONS

FINDINGS = {"value_now", "has_changed"}


class EssFunderReportLine(models.Model):
    """One figure of a funder report, with its definition and the way to its records.

    Made by the computation, never typed. A suppressed figure holds no number at all.
    """

    _name = "ess.funder.report.line"
    _description = "Line of a funder report"
    _order = "sequence, id"

    report_id = fields.Many2one(
        comodel_name="ess.funder.report", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="report_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer()
    key = fields.Char(
        required=True, help="Names the figure within the report, for comparisons."
    )
    section = fields.Selection(SECTIONS, required=True)
    kind = fields.Selection(KINDS, required=True, default="line")
    side = fields.Char(help="Expenses or income, contributions in kind apart.")
    chapter = fields.Char(help="Section of the financial report.")
    group = fields.Char(help="Title under which the line is printed.")
    label = fields.Char(required=True)
    definition = fields.Text(help="What exactly is counted, and how.")
    unit = fields.Char()
    is_money = fields.Boolean()
    value = fields.Float(digits=(16, 2))
    planned = fields.Float(digits=(16, 2))
    share = fields.Float(string="Of which the grant", digits=(16, 2))
    rate = fields.Float(string="Done (%)", digits=(16, 2))
    difference = fields.Float(digits=(16, 2))
    is_suppressed = fields.Boolean(
        string="Hidden",
        help="Too few people: the figure is hidden so that nobody is recognised.",
    )
    is_undefined = fields.Boolean(
        help="A division by zero: nothing happened that could be measured."
    )
    display_value = fields.Char(string="Figure", compute="_compute_display_value")
    value_now = fields.Float(string="Now", digits=(16, 2), readonly=True)
    has_changed = fields.Boolean(readonly=True)
    # way to the records
    indicator_id = fields.Many2one(
        comodel_name="ess.indicator", index="btree_not_null", ondelete="set null"
    )
    source_model = fields.Char()
    source_domain = fields.Char()

    @api.depends("value", "is_suppressed", "is_undefined", "unit", "is_money")
    @api.depends_context("lang")
    def _compute_display_value(self):
        for line in self:
            line.display_value = line._format(line.value)

    @api.model_create_multi
    def create(self, vals_list):
        """Lines are added to draft reports only."""
        lines = super().create(vals_list)
        lines.report_id._check_draft()
        return lines

    def write(self, vals):
        """Lines of a final report keep their figures."""
        if set(vals) - FINDINGS:
            self.report_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        self.report_id._check_draft()

    def action_open_records(self):
        """Open the records that the figure is made of, with the reader's own rights.

        :raises UserError: when the figure has no records of its own
        """
        self.ensure_one()
        if not self.source_model:
            raise UserError(
                self.env._(
                    "“%(label)s” is worked out from other lines: open those.",
                    label=self.label,
                )
            )
        domain = literal_eval(self.source_domain or "[]")
        if self.source_model == "account.analytic.line":
            action = self.env["ess.funding.action"]._get_line_action(domain)
            return action | {"display_name": self.label}
        return {
            "type": "ir.actions.act_window",
            "name": self.label,
            "res_model": self.source_model,
            "domain": domain,
            "view_mode": "list,form",
            "context": {"create": False},
        }

    def _format(self, value):
        """A figure as it is read: rounded, with its unit, or the mark of secrecy.

        :rtype: str
        """
        self.ensure_one()
        if self.is_suppressed:
            return self.env._("s (statistical secrecy)")
        if self.is_undefined:
            return "–"
        lang = self.env["res.lang"]._lang_get(self.env.lang or "en_US")
        digits = 2 if self.is_money or value != round(value) else 0
        text = lang.format(f"%.{digits}f", value, grouping=True)
        unit = self.currency_id.symbol if self.is_money else self.unit
        return f"{text} {unit}" if unit else text

    def _get_content(self):
        """What the report says on this line.

        :rtype: dict
        """
        self.ensure_one()
        names = [
            "section",
            "kind",
            "group",
            "label",
            "definition",
            "unit",
            "side",
            "chapter",
            "is_money",
            "is_suppressed",
            "is_undefined",
            "value",
            "planned",
            "share",
            "rate",
            "difference",
            "key",
        ]
        content = {name: self[name] for name in names}
        return content | {name: content[name] or "" for name in names[2:8]}

    def _set_value_now(self, value):
        """Keep today's figure beside the frozen one.

        :param value: float, or ``None`` when the figure does not exist any more
        """
        self.ensure_one()
        now = value or 0.0
        # sudo: findings are written by the comparison only
        self.sudo().write(
            {"value_now": now, "has_changed": round(now - self.value, 2) != 0}
        )
