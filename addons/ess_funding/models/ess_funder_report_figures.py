from odoo import models
from odoo.fields import Domain

from ..tools.plain_domain import plain_domain

# Indicators of the first two sections, by code; the others are those of the grant.
WHO_CODES = ("active_file", "unnamed_encounters")
WHAT_CODES = (
    "sessions_held",
    "rounds",
    "passages",
    "encounters",
    "meals",
    "parcels",
    "volunteer_hours",
)
WHO_BREAKDOWNS = ("sex", "age_band")


class EssFunderReport(models.Model):
    """Who, what and effect: the figures come from the indicators, ready to leave.

    What leaves the association is suppressed by the rules of the indicators: a figure
    about too few people holds no number, nor any figure that would give it away.
    """

    _inherit = "ess.funder.report"

    def _prepare_who_lines(self):
        """People of the programmes, in all and by sex and age.

        :rtype: list[dict]
        """
        lines = []
        for indicator in self._get_indicators(WHO_CODES):
            lines += self._prepare_people_lines(indicator)
        return self._drop_idle_lines(lines)

    def _prepare_what_lines(self):
        """Sessions, presences and volunteer hours.

        :rtype: list[dict]
        """
        indicators = self._get_indicators(WHAT_CODES)
        return self._drop_idle_lines(self._prepare_indicator_lines(indicators, "what"))

    def _prepare_effect_lines(self):
        """The figures that the funder asked for, minus those already given.

        :rtype: list[dict]
        """
        shown = self._get_indicators(WHO_CODES) | self._get_indicators(WHAT_CODES)
        return self._prepare_indicator_lines(
            self.grant_id.indicator_ids - shown, "effect"
        )

    def _drop_idle_lines(self, lines):
        """Leave out zeros that nobody asked for: rounds of a course, for example.

        :param list lines: values of lines
        :rtype: list[dict]
        """
        kept = {
            *self.grant_id.indicator_ids.ids,
            *self._get_indicators(WHO_CODES[:1]).ids,
        }
        return [
            line
            for line in lines
            if line["value"] or line["is_suppressed"] or line["indicator_id"] in kept
        ]

    def _get_indicators(self, codes):
        """Indicators by code, the company's own before shared ones, in that order.

        :param tuple codes: codes of indicators
        :rtype: ess.indicator
        """
        found = self.env["ess.indicator"].search(
            [
                ("code", "in", codes),
                ("company_id", "in", [False, self.company_id.id]),
            ],
            order="company_id, id",
        )
        by_code = {}
        for indicator in found:
            by_code.setdefault(indicator.code, indicator)
        return found.browse([by_code[code].id for code in codes if code in by_code])

    def _get_cells(self, indicators, breakdown=None):
        """Published cells of the period, limited to the programmes of the grant.

        :rtype: list[dict]
        """
        programmes = self._get_programmes()
        if not programmes or not indicators:
            return []
        return indicators.with_company(self.company_id)._get_published_values(
            self.date_from, self.date_to, programmes, breakdown=breakdown
        )

    def _prepare_people_lines(self, indicator):
        """One indicator of persons: its total, then its breakdowns.

        A total that one breakdown must hide is hidden everywhere.

        :rtype: list[dict]
        """
        known = []
        if indicator.aggregate == "persons":
            known = indicator._get_breakdown_codes()
        cells = [
            cell
            for breakdown in [name for name in WHO_BREAKDOWNS if name in known]
            or [None]
            for cell in self._get_cells(indicator, breakdown)
        ]
        totals = [cell for cell in cells if not cell["breakdown"]]
        if not totals:
            return []
        total = next((cell for cell in totals if cell["is_suppressed"]), totals[0])
        groups = [cell for cell in cells if cell["breakdown"]]
        return [self._prepare_figure("who", cell) for cell in (total, *groups)]

    def _prepare_indicator_lines(self, indicators, section):
        """One line per indicator.

        :param str section: "what" or "effect"
        :rtype: list[dict]
        """
        return [
            self._prepare_figure(section, cell) for cell in self._get_cells(indicators)
        ]

    # === ONE FIGURE
    def _prepare_figure(self, section, cell):
        """Values of a line made of one published cell.

        :param dict cell: see ``ess.indicator``
        :rtype: dict
        """
        indicator, hidden = cell["indicator"], cell["is_suppressed"]
        breakdown = cell["breakdown"]
        parts = [indicator.code, breakdown or "", cell["key"]]
        values = {
            "key": "/".join(parts) if breakdown else indicator.code,
            "section": section,
            "group": self._get_breakdown_title(breakdown),
            "label": cell["label"] if breakdown else indicator.name,
            "definition": "" if breakdown else self._get_definition(indicator),
            "unit": "" if breakdown else indicator.unit or "",
            "indicator_id": indicator.id,
            "is_suppressed": hidden,
            "is_undefined": not hidden and cell["value"] is None,
            "value": round(cell["value"] or 0.0, indicator.digits),
        }
        if indicator.kind != "formula":
            model, domain = indicator.with_company(self.company_id)._get_cell_records(
                cell
            )
            domain = plain_domain(Domain(domain))
            values |= {"source_model": model, "source_domain": repr(domain)}
        return values

    def _get_breakdown_title(self, breakdown):
        """Title above the groups of a breakdown; empty for the figure itself."""
        if not breakdown:
            return ""
        return self.env["ess.indicator.source"]._get_breakdowns()[breakdown]

    def _get_definition(self, indicator):
        """Definition, population and version of a figure, as printed under it."""
        parts = [indicator.definition, indicator.population]
        text = " ".join(part for part in parts if part)
        if indicator.version > 1:
            text += self.env._(" (version %(version)s)", version=indicator.version)
        return text
