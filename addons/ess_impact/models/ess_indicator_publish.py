from odoo import models

from odoo.addons.ess_programmes.tools.suppression import (
    TOTAL,
    suppress_list,
    suppress_table,
)

# Quantities that count people one by one, with or without a file.
PEOPLE_MEASURES = ("people", "headcount")


class EssIndicator(models.Model):
    """What may leave the team: the same figures, with small groups hidden."""

    _inherit = "ess.indicator"

    def _get_published_values(
        self, date_from, date_to, programmes=None, by_programme=False, breakdown=None
    ):
        """Compute the figures of a period as they may be given to someone outside.

        A cell about fewer people than the threshold of its indicator has no value, nor
        have the further cells without which a total would give it back. A formula has
        none where a figure that it uses is hidden. When programmes contain one another
        only the larger ones are shown, so that parts and wholes cannot be compared.

        What this does not guard: two indicators of which one counts a part of the
        other, and what the reader already knows.

        :param date date_from: first day
        :param date date_to: last day
        :param programmes: ess.programme that limit the count, or None
        :param bool by_programme: one row for each programme, and one for all
        :param str breakdown: code of a breakdown, or None
        :return: cells (see :meth:`_compute_cells`) with `is_suppressed`, and
            `is_total` for the lines of totals; a suppressed cell has None as `value`,
            `record_count` and `person_count`
        :rtype: list of dict
        """
        if breakdown == "programme":
            by_programme, breakdown = True, None
        if by_programme:
            programmes = self._get_disjoint_programmes(programmes)
        published = []
        for indicator in self:
            tables = {}
            cells = indicator._get_table(
                tables, (date_from, date_to), programmes, by_programme, breakdown
            )
            published += [indicator._prepare_published(cell) for cell in cells]
        return published

    def _get_disjoint_programmes(self, programmes):
        """Return the programmes that are not a part of another one asked for."""
        # sudo: the shape of the tree only, as for the count itself
        if programmes is None:
            return (
                self.env["ess.programme"]
                .sudo()
                .with_context(active_test=False)
                .search(
                    [
                        ("company_id", "=", self.env.company.id),
                        ("parent_id", "=", False),
                    ]
                )
            )
        programmes = programmes.sudo()
        return programmes.filtered(
            lambda one: not any(
                one != other and one.parent_path.startswith(other.parent_path)
                for other in programmes
            )
        )

    def _get_table(self, tables, period, programmes, by_programme, breakdown):
        """Return the cells of one indicator with its totals, and which are hidden.

        :param dict tables: cells already computed, by indicator
        :rtype: list of dict with `position` (row, column) and `is_suppressed`
        """
        self.ensure_one()
        if self in tables:
            return tables[self]
        cells = []
        for rows in (True, False) if by_programme else (False,):
            for columns in (breakdown, None) if breakdown else (None,):
                for cell in self._compute_cells(
                    [period], programmes, rows, columns, with_persons=True
                ):
                    row = cell["programme"].id if rows else TOTAL
                    column = cell["key"] if columns else TOTAL
                    is_total = bool(by_programme and not rows) or bool(
                        breakdown and not columns
                    )
                    cells.append(dict(cell, position=(row, column), is_total=is_total))
        if self.kind == "formula":
            hidden = set()
            for operand in self._get_operands():
                hidden |= {
                    cell["position"]
                    for cell in operand._get_table(
                        tables, period, programmes, by_programme, breakdown
                    )
                    if cell["is_suppressed"]
                }
        else:
            hidden = self._get_hidden_positions(cells, by_programme, breakdown)
        for cell in cells:
            cell["is_suppressed"] = cell["position"] in hidden
        tables[self] = cells
        return cells

    def _get_hidden_positions(self, cells, by_programme, breakdown):
        """Return the positions to hide in the table of a counted figure."""
        if not self._is_about_persons():
            return set()
        counts = {cell["position"]: self._get_people(cell) for cell in cells}
        if by_programme and breakdown:
            return suppress_table(counts, self.threshold)
        total = counts.pop((TOTAL, TOTAL), 0)
        hidden = suppress_list(counts, total, self.threshold)
        return {(TOTAL, TOTAL) if one == TOTAL else one for one in hidden}

    def _is_about_persons(self):
        """Tell whether small numbers of this figure could point at someone."""
        source = self.env["ess.indicator.source"]._get_sources()[self.source]
        return bool(source["person_model"])

    def _get_people(self, cell):
        """Return the number of people that a cell is about.

        Lines without names (a number of people met) have no distinct persons: they are
        counted by their number.
        """
        if cell["person_count"]:
            return cell["person_count"]
        if self.aggregate == "sum" and self.measure in PEOPLE_MEASURES:
            return int(cell["value"])
        return cell["record_count"]

    def _prepare_published(self, cell):
        """Return a cell as it may leave: without its numbers when it is hidden."""
        published = {name: value for name, value in cell.items() if name != "position"}
        if cell["is_suppressed"]:
            published.update(value=None, record_count=None, person_count=None)
        return published
