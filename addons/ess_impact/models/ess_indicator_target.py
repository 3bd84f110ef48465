from odoo import api, fields, models


class EssIndicatorTarget(models.Model):
    """What a figure should reach in a period, for the association or a programme.

    Set by an officer, from a project, a convention or a decision of the board, which
    `source` names. The figure beside it is computed when it is shown.
    """

    _name = "ess.indicator.target"
    _description = "Target of an indicator"
    _order = "date_to desc, indicator_id, id"
    _rec_name = "indicator_id"
    _check_company_auto = True

    indicator_id = fields.Many2one(
        comodel_name="ess.indicator", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    programme_id = fields.Many2one(
        comodel_name="ess.programme",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
        help="Empty: the whole association.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=12, day=31),
    )
    target = fields.Float(required=True, digits=(16, 2), aggregator=None)
    source = fields.Char(
        string="Where it comes from", help="Convention, project, decision of the board…"
    )
    value = fields.Float(
        string="So far", compute="_compute_value", aggregator=None, digits=(16, 2)
    )
    value_text = fields.Char(string="Reached", compute="_compute_value")
    progress = fields.Float(
        string="Reached (%)", compute="_compute_value", aggregator=None
    )

    _dates_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A period ends after it starts."
    )

    @api.depends("indicator_id", "programme_id", "date_from", "date_to", "target")
    def _compute_value(self):
        """Compute the figures beside the targets, in one statement per indicator and
        association, whatever the number of periods and programmes."""
        found = {}
        for (company, indicator), targets in self.grouped(
            lambda one: (one.company_id, one.indicator_id)
        ).items():
            complete = targets.filtered(lambda one: one.date_from and one.date_to)
            if indicator and company and complete:
                found.update(complete._get_reached(company, indicator))
        for target in self:
            value = found.get(target)
            target.value = value or 0.0
            target.value_text = target.indicator_id._format_value(value)
            target.progress = (
                100.0 * (value or 0.0) / target.target if target.target else 0
            )

    def _get_reached(self, company, indicator):
        """Return the figures beside the targets of one indicator.

        :rtype: dict {ess.indicator.target: value or None}
        """
        indicator = indicator.with_company(company)
        result = {}
        for targets in (
            self.filtered("programme_id"),
            self.filtered(lambda t: not t.programme_id),
        ):
            if not targets:
                continue
            periods = sorted({(one.date_from, one.date_to) for one in targets})
            programmes = targets.programme_id._origin or None
            cells = indicator._compute_cells(
                periods, programmes, by_programme=bool(programmes)
            )
            values = {
                (cell["date_from"], cell["date_to"], cell["programme"].id): cell[
                    "value"
                ]
                for cell in cells
            }
            for one in targets:
                key = (one.date_from, one.date_to, one.programme_id._origin.id)
                result[one] = values.get(key)
        return result

    def action_open_records(self):
        """Open the records behind the figure so far, with the user's rights."""
        self.ensure_one()
        indicator = self.indicator_id.with_company(self.company_id)
        programme = self.programme_id
        cells = indicator._compute_cells(
            [(self.date_from, self.date_to)],
            programme or None,
            by_programme=bool(programme),
        )
        return indicator._open_cell_records(cells[0])
