from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import formatLang

from ..tools.periods import same_day_last_year


class EssIndicator(models.Model):
    """Figures shown on the cards: this year beside last year, and the preview."""

    _inherit = "ess.indicator"

    year_value = fields.Float(compute="_compute_year", string="This year")
    year_text = fields.Char(
        compute="_compute_year",
        string="Since 1 January",
        help="From 1 January to today.",
    )
    last_year_text = fields.Char(
        compute="_compute_year",
        string="Last year",
        help="From 1 January to the same day of last year.",
    )
    year_change = fields.Char(compute="_compute_year", string="Change")
    year_target_text = fields.Char(compute="_compute_year_target", string="Target")
    preview_text = fields.Char(
        compute="_compute_preview",
        string="Over the last 12 months",
        help="What the card gives as it is now written.",
    )
    preview_message = fields.Text(compute="_compute_preview")

    # === COMPUTE

    @api.depends(
        "kind", "source", "domain", "aggregate", "measure", "formula", "unit", "digits"
    )
    @api.depends_context("company", "uid", "lang")
    def _compute_year(self):
        """Compute both years of all the cards in one statement per counted figure."""
        today = fields.Date.context_today(self)
        last = same_day_last_year(today)
        first, last_first = today.replace(month=1, day=1), last.replace(month=1, day=1)
        cells = self._origin._compute_cells([(last_first, last), (first, today)])
        values = {
            (cell["indicator"].id, cell["date_to"]): cell["value"] for cell in cells
        }
        for indicator in self:
            before = values.get((indicator._origin.id, last))
            now = values.get((indicator._origin.id, today))
            indicator.year_value = now or 0.0
            indicator.year_text = indicator._format_value(now)
            indicator.last_year_text = indicator._format_value(before)
            indicator.year_change = indicator._format_change(before, now)

    @api.depends("target_ids.target", "target_ids.date_from", "target_ids.date_to")
    @api.depends_context("company")
    def _compute_year_target(self):
        today = fields.Date.context_today(self)
        for indicator in self:
            targets = indicator.target_ids.filtered(
                lambda one: one.date_from
                and one.date_to
                and one.date_from <= today <= one.date_to
                and not one.programme_id
                and one.company_id == self.env.company
            )
            indicator.year_target_text = (
                indicator._format_value(targets[0].target) if targets else False
            )

    @api.depends("kind", "source", "domain", "aggregate", "measure", "formula", "unit")
    @api.depends_context("company", "lang")
    def _compute_preview(self):
        for indicator in self:
            indicator.preview_text, indicator.preview_message = indicator._get_preview()

    # === BUSINESS

    def _get_preview(self):
        """Return the figure of the last 12 months as the card is written, or what is
        wrong with it in words.

        :rtype: tuple (str or False, str or False)
        """
        self.ensure_one()
        if not self._is_complete():
            return False, False
        try:
            if self.kind == "formula":
                self._check_formula()
            else:
                self._check_aggregate()
            today = fields.Date.context_today(self)
            start = same_day_last_year(today) + timedelta(days=1)
            cell = self._compute_values(start, today)[0]
        except (UserError, ValidationError) as error:
            return False, str(error)
        return self._format_value(cell["value"]), False

    def _is_complete(self):
        if self.kind == "formula":
            return bool(self.formula)
        return bool(
            self.source and self.aggregate and (self.measure or self.aggregate != "sum")
        )

    def _format_value(self, value):
        """Return a figure as it is printed, with its unit.

        :param value: number, or None when the figure has no value
        :rtype: str
        """
        if value is None:
            return "–"
        text = formatLang(self.env, value, digits=self.digits or 0)
        return f"{text} {self.unit}" if self.unit else text

    def _format_change(self, before, now):
        """Return the change since last year in words, without judging it."""
        if before is None or now is None:
            return False
        change = round(now, self.digits) - round(before, self.digits)
        if not change:
            return self.env._("as last year")
        text = formatLang(self.env, abs(change), digits=self.digits or 0)
        sign = "+" if change > 0 else "−"
        return self.env._("%(sign)s%(change)s since last year", sign=sign, change=text)
