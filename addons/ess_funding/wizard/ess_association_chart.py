from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.account_chart_template import BLOCKED, FRENCH_CHARTS, READY, TO_DO


class EssAssociationChart(models.TransientModel):
    """The check of the associations' chart: what is missing or wrong, and one button.

    Opened by the accountant who may change the chart. Nothing is written before the
    button, entries never are, and a second run finds nothing to do.
    """

    _name = "ess.association.chart"
    _description = "Associations' chart"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
    )
    line_ids = fields.One2many(
        comodel_name="ess.association.chart.line",
        inverse_name="chart_id",
        string="Accounts",
        readonly=True,
    )
    to_do_count = fields.Integer(string="To do", compute="_compute_counts")
    blocked_count = fields.Integer(string="Blocked", compute="_compute_counts")

    @api.depends("line_ids.status")
    def _compute_counts(self):
        for chart in self:
            states = chart.line_ids.mapped("status")
            chart.to_do_count = sum(state in TO_DO for state in states)
            chart.blocked_count = states.count(BLOCKED)

    @api.depends("company_id")
    def _compute_display_name(self):
        for chart in self:
            chart.display_name = self.env._(
                "Associations' chart: %(company)s", company=chart.company_id.name
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Look at the chart as soon as the screen opens."""
        charts = super().create(vals_list)
        charts._diagnose()
        return charts

    @api.model
    def action_open(self):
        """Open the check of the company of the user."""
        return self.create({})._get_window_action()

    def action_apply(self):
        """Add the missing accounts and repair the others."""
        self.ensure_one()
        self._check_company_chart()
        self.env["account.chart.template"]._ess_load_association(self.company_id)
        self._diagnose()
        return self._get_window_action()

    def _check_company_chart(self):
        """Refuse charts that are not French.

        :raises UserError: what to do instead
        """
        if self.company_id.chart_template not in FRENCH_CHARTS:
            raise UserError(
                self.env._(
                    "“%(company)s” does not use the French chart of accounts. Choose "
                    "it first in the settings of Accounting, then come back.",
                    company=self.company_id.name,
                )
            )

    def _diagnose(self):
        """Read the chart again and show what is found."""
        template = self.env["account.chart.template"]
        for chart in self:
            chart._check_company_chart()
            rows = template._ess_diagnose(chart.company_id)
            chart.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "sequence": 1 if row["status"] == READY else 0,
                            "code": row["code"],
                            "name": chart._get_row_name(row),
                            "status": row["status"],
                            "source": row["source@note"],
                        }
                    )
                    for row in rows
                ),
            ]

    def _get_row_name(self, row):
        """Name of an account in the reader's language."""
        is_french = (self.env.lang or "").startswith("fr")
        return row["name@fr"] if is_french else row["name"]

    def _get_window_action(self):
        """Window on this check."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Associations' chart"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }
