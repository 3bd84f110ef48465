from odoo import api, fields, models
from odoo.exceptions import UserError


class EssIndicatorCompute(models.TransientModel):
    """Asks for a period and a breakdown, then computes and keeps figures."""

    _name = "ess.indicator.compute"
    _description = "Compute figures"

    indicator_ids = fields.Many2many(
        comodel_name="ess.indicator", string="Figures", required=True
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(string="To", required=True, default=fields.Date.context_today)
    programme_ids = fields.Many2many(
        comodel_name="ess.programme",
        string="Only these programmes",
        domain="[('company_id', 'in', allowed_company_ids)]",
        help="With their parts. Empty: the whole association.",
    )
    is_by_programme = fields.Boolean(
        string="One figure for each programme", help="Otherwise one for all of them."
    )
    breakdown = fields.Selection(
        selection="_selection_breakdown", string="Shown by", help="Empty: one figure."
    )

    @api.model
    def _selection_breakdown(self):
        breakdowns = self.env["ess.indicator.source"]._get_breakdowns()
        return [item for item in breakdowns.items() if item[0] != "programme"]

    def action_compute(self):
        """Compute the figures, keep them, and show them.

        :raises UserError: when the dates are upside down or a figure cannot be shown
            this way
        """
        self.ensure_one()
        if self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it starts."))
        cells = self.indicator_ids._compute_cells(
            [(self.date_from, self.date_to)],
            self.programme_ids or None,
            by_programme=self.is_by_programme,
            breakdown=self.breakdown or None,
        )
        values = self.indicator_ids._store_cells(cells)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_impact.ess_indicator_value_action"
        )
        return dict(action, domain=[("id", "in", values.ids)], context={})
