from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang


class EssCostAssign(models.TransientModel):
    """Charge several journal items at once to an action and, if any, a grant.

    Opened by the accountant from *Costs without funding*. It writes Odoo's own
    analytic distribution, as if it had been entered on each line; other analytic plans
    stay as they are.
    """

    _name = "ess.cost.assign"
    _description = "Charge costs to an action"
    _check_company_auto = True

    line_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Journal items",
        required=True,
        default=lambda self: self._default_lines(),
    )
    line_count = fields.Integer(compute="_compute_scope")
    total = fields.Monetary(compute="_compute_scope")
    company_id = fields.Many2one(comodel_name="res.company", compute="_compute_scope")
    currency_id = fields.Many2one(related="company_id.currency_id")
    action_id = fields.Many2one(
        comodel_name="ess.funding.action",
        string="Funded action",
        required=True,
        check_company=True,
    )
    grant_id = fields.Many2one(
        comodel_name="ess.grant",
        check_company=True,
        domain="[('share_ids.action_id', '=', action_id),"
        " ('state', 'in', ('notified', 'running', 'reporting'))]",
        help="Empty: the association pays from its own resources.",
    )
    percent = fields.Float(
        string="Share of the action (%)",
        default=100.0,
        help="Part of each line that the action bears.",
    )
    grant_percent = fields.Float(
        string="Share of the grant (%)",
        default=100.0,
        help="Part of each line that the grant pays; never more than the action's.",
    )
    is_indirect = fields.Boolean(
        string="Indirect cost",
        help="Running cost that several actions share: reports show it apart.",
    )
    preview = fields.Char(compute="_compute_preview")

    @api.model
    def _default_lines(self):
        """Journal items chosen in the list."""
        if self.env.context.get("active_model") != "account.move.line":
            return self.env["account.move.line"]
        return self.env["account.move.line"].browse(
            self.env.context.get("active_ids", [])
        )

    @api.depends("line_ids")
    def _compute_scope(self):
        for wizard in self:
            wizard.line_count = len(wizard.line_ids)
            wizard.total = sum(wizard.line_ids.mapped("balance"))
            wizard.company_id = wizard.line_ids.company_id[:1] or self.env.company

    @api.depends("total", "percent", "grant_percent", "grant_id", "action_id")
    @api.depends_context("lang")
    def _compute_preview(self):
        for wizard in self:
            currency = wizard.currency_id

            def money(percent, wizard=wizard, currency=currency):
                amount = wizard.total * percent / 100
                return formatLang(self.env, amount, currency_obj=currency)

            wizard.preview = (
                self.env._(
                    "%(action)s to the action, of which %(grant)s paid by the grant.",
                    action=money(wizard.percent),
                    grant=money(wizard.grant_percent),
                )
                if wizard.grant_id
                else self.env._(
                    "%(action)s to the action, from own resources.",
                    action=money(wizard.percent),
                )
            )

    @api.onchange("action_id")
    def _onchange_action_id(self):
        if self.grant_id and self.action_id not in self.grant_id.action_ids:
            self.grant_id = False

    @api.onchange("percent")
    def _onchange_percent(self):
        self.grant_percent = min(self.grant_percent, self.percent)

    def action_assign(self):
        """Write the distribution on all lines.

        :raises UserError: when the shares or the companies do not fit
        """
        self.ensure_one()
        self._check_request()
        distribution = self._prepare_distribution()
        plans = self.env["account.analytic.plan"]
        columns = [plans._ess_column("action"), plans._ess_column("grant")]
        # Core merges with what the database holds.
        self.line_ids.flush_recordset(["analytic_distribution"])
        for line in self.line_ids:
            line.analytic_distribution = distribution | {"__update__": columns}
        self._leave_trace()
        self.line_ids.write(
            {
                "ess_is_self_funded": not self.grant_id,
                "ess_is_indirect": self.is_indirect,
            }
        )
        return {"type": "ir.actions.act_window_close"}

    def _leave_trace(self):
        """Say in the history of each entry what was charged, and by whom."""
        grant = self.grant_id.name or self.env._("own resources")
        text = self.env._("Charged to %(action)s (%(percent)s %%), paid by %(grant)s:")
        text %= {
            "action": self.action_id.name,
            "percent": formatLang(self.env, self.percent, digits=2),
            "grant": grant,
        }
        bodies = {
            move.id: f"{text} {', '.join(line.name or '/' for line in lines)}"
            for move, lines in self.line_ids.grouped("move_id").items()
        }
        self.line_ids.move_id._message_log_batch(bodies=bodies)

    def _check_request(self):
        """Refuse shares that make no sense and lines of several companies."""
        if len(self.line_ids.company_id) > 1:
            raise UserError(
                self.env._("Choose journal items of one company at a time.")
            )
        if not 0 < self.percent <= 100:
            raise UserError(
                self.env._("The share of the action is between 0 and 100 %.")
            )
        if self.grant_id and not 0 < self.grant_percent <= self.percent:
            raise UserError(
                self.env._(
                    "The grant pays %(grant)s %% of the lines and the action bears "
                    "%(action)s %%: a grant pays at most what its action bears.",
                    grant=formatLang(self.env, self.grant_percent),
                    action=formatLang(self.env, self.percent),
                )
            )

    def _prepare_distribution(self):
        """The analytic distribution to write.

        :return: ``{"action" or "action,grant": percentage}``
        :rtype: dict
        """
        action = self.action_id.analytic_account_id.id
        if not self.grant_id:
            return {str(action): self.percent}
        joined = f"{action},{self.grant_id.analytic_account_id.id}"
        rest = self.percent - self.grant_percent
        distribution = {joined: self.grant_percent}
        if rest > 0:
            distribution[str(action)] = rest
        return distribution
