from datetime import timedelta

from odoo import fields, models

from .ess_funder_report_figures import WHAT_CODES, WHO_CODES

FUNDER = "ess_funding.group_funding_funder"
VIEWER = "ess_funding.group_funding_viewer"


class EssFunderSpace(models.AbstractModel):
    """What a funder or a public observer reads on line: few fields, hidden figures.

    Record rules say which records they read; this says which of their fields, and how
    figures leave: by whole months, for the programmes they pay for or follow, with
    small groups hidden.
    """

    _name = "ess.funder.space"
    _description = "Read by funders and observers"

    def _get_space_fields(self):
        """Fields that someone outside may read. Override in each model.

        :rtype: set
        """
        return set()

    def _has_field_access(self, field, operation):
        """Leave what is internal to those of the house.

        :rtype: bool
        """
        user = self.env.user
        if not self.env.su and user.has_group(FUNDER) and not user.has_group(VIEWER):
            shown = {"id", "display_name", "active", *self._get_space_fields()}
            if field.name not in shown:
                return False
        return super()._has_field_access(field, operation)

    def _get_space_period(self, first=None, last=None):
        """Whole months that are over: a figure that grows by one names somebody.

        :return: first and last day, or nothing while no month is over
        :rtype: tuple
        """
        today = fields.Date.context_today(self)
        over = today.replace(day=1) - timedelta(days=1)
        first = first or over.replace(month=1, day=1)
        last = min(last, over) if last else over
        return (first, last) if first <= last else None

    def _get_space_figures(self, programmes, asked, period):
        """Figures of programmes, ready to leave.

        :param programmes: ess.programme
        :param asked: ess.indicator that the agreement names; the usual ones are added
        :param tuple period: first and last day
        :return: dicts with label, text, is_hidden and definition
        :rtype: list[dict]
        """
        self.ensure_one()
        # sudo: counts of people whom the reader may not read; what leaves here is
        # suppressed by the rules of the indicators, and clicks through to nothing
        report = self.env["ess.funder.report"].sudo()
        report = report.new({"company_id": self.sudo().company_id.id})
        usual = report._get_indicators((*WHO_CODES, *WHAT_CODES))
        indicators = (usual | asked.sudo()).with_company(self.sudo().company_id)
        if not period or not programmes or not indicators:
            return []
        cells = indicators._get_published_values(*period, programmes.sudo())
        kept = usual[:1] | asked.sudo()
        return [
            {
                "label": cell["indicator"].name,
                "text": cell["indicator"]._format_value(cell["value"]),
                "is_hidden": cell["is_suppressed"],
                "threshold": cell["indicator"].threshold,
                "definition": cell["indicator"].definition or "",
            }
            for cell in cells
            if cell["value"] or cell["is_suppressed"] or cell["indicator"] in kept
        ]
