from odoo import Command, api, fields, models

from ..tools.statement import shown_rows


class EssFundingStatement(models.TransientModel):
    """Planned and actual of one action on the screen, for a period of the reader's.

    Opened from an action or a grant; nothing is kept. The lines follow the French
    grant form and show the whole action; the column of the grant is its part.
    """

    _name = "ess.funding.statement"
    _description = "Planned and actual of an action"
    _check_company_auto = True

    action_id = fields.Many2one(
        comodel_name="ess.funding.action", string="Funded action", required=True
    )
    company_id = fields.Many2one(related="action_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    grant_id = fields.Many2one(
        comodel_name="ess.grant",
        domain="[('share_ids.action_id', '=', action_id)]",
        check_company=True,
        help="Shows the part of this grant beside the whole action.",
    )
    budget_id = fields.Many2one(
        comodel_name="ess.budget",
        domain="[('action_id', '=', action_id)]",
        compute="_compute_budget_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    date_from = fields.Date(
        string="From", compute="_compute_dates", store=True, readonly=False
    )
    date_to = fields.Date(
        string="To", compute="_compute_dates", store=True, readonly=False
    )
    show_empty = fields.Boolean(
        string="Show empty lines", help="Also show the lines of the form at zero."
    )
    line_ids = fields.One2many(
        comodel_name="ess.funding.statement.line",
        inverse_name="statement_id",
        compute="_compute_line_ids",
        store=True,
    )

    @api.depends("action_id", "grant_id")
    def _compute_budget_id(self):
        for statement in self:
            budgets = statement.action_id.budget_ids
            own = budgets.filtered(
                lambda budget, grant=statement.grant_id: budget.grant_id == grant
            )
            current = statement.action_id.id and (
                statement.action_id._get_current_budgets()
            )
            statement.budget_id = ((own & (current or own)) or current or budgets)[:1]

    @api.depends("action_id", "budget_id")
    def _compute_dates(self):
        for statement in self:
            scope = statement.budget_id or statement.action_id
            statement.date_from = scope.date_from
            statement.date_to = scope.date_to

    @api.depends(
        "action_id", "grant_id", "budget_id", "date_from", "date_to", "show_empty"
    )
    def _compute_line_ids(self):
        for statement in self:
            commands = [Command.create(values) for values in statement._prepare_lines()]
            statement.line_ids = [Command.clear(), *commands]

    @api.depends("action_id")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._(
                "Planned and actual: %(action)s", action=statement.action_id.name
            )

    def action_refresh(self):
        """Read the entries again."""
        self._compute_line_ids()
        return True

    def _prepare_lines(self):
        """Values of the rows to show.

        :rtype: list[dict]
        """
        self.ensure_one()
        if not self.action_id:
            return []
        rows = self.action_id._get_statement(
            self.budget_id, self.date_from, self.date_to, self.grant_id
        )
        headed = {
            (row["side"], row["section"]) for row in rows if row["kind"] == "heading"
        }
        return [
            {
                "sequence": index,
                "kind": row["kind"],
                "side": row["side"],
                "label": self._get_label(row, headed),
                "planned": row["planned"],
                "actual": row["actual"],
                "rate": row["rate"] or 0.0,
                "difference": row["difference"],
                "share": row["share"],
                "sources": row["sources"],
            }
            for index, row in enumerate(rows if self.show_empty else shown_rows(rows))
        ]

    @api.model
    def _get_label(self, row, headed):
        """Label of a row; the lines under a heading stand a little to the right."""
        is_inside = row["kind"] == "line" and (row["side"], row["section"]) in headed
        return f"\u2003{row['label']}" if is_inside else row["label"]

    def _get_window_action(self):
        """Window on this statement."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "ess_funding.ess_funding_statement_action"
        ) | {"res_id": self.id}
