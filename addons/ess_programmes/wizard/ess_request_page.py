from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.advocacy import OTHERS, build_table
from ..tools.suppression import TOTAL

GROUPS = ["theme_id", "territory_id", "date:month", "reason_id"]
#: the only column of a one-way table
EVERYWHERE = "everywhere"
ASKERS = ["beneficiary_id", "household_id"]


class EssRequestPage(models.TransientModel):
    """Asks for which months the page of unmet needs is printed.

    The page leaves the association: it holds counts only, read with the rights of who
    prints it, and no small number of people.
    """

    _name = "ess.request.page"
    _description = "Page of unmet needs"

    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(
        string="To", required=True, default=lambda self: self._default_date_to()
    )
    programme_id = fields.Many2one(
        "ess.programme", help="Empty: all programmes of the association."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    _dates_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The first day comes before the last one."
    )

    @api.model
    def _default_date_to(self):
        return fields.Date.context_today(self)

    # === ACTIONS
    def action_print(self):
        """Print the page.

        :raises UserError: when too few people are behind the figures
        :rtype: dict
        """
        self.ensure_one()
        if not self._get_page()["total"]:
            raise UserError(
                self.env._(
                    "Fewer than %(threshold)s people had a request without an answer "
                    "in these months: the page would tell who. Choose a longer time.",
                    threshold=self.company_id.small_number_threshold,
                )
            )
        return self.env.ref("ess_programmes.ess_request_page_report").report_action(
            self
        )

    # === BUSINESS
    def _get_page(self):
        """Return the tables of the page, small numbers hidden.

        :return: ``{'total': requests, 'zones': [names], 'themes': [(name,
            [numbers])…], 'months': [(name, number)…], 'reasons': …}``; a hidden
            number is ``None``
        :rtype: dict
        """
        self.ensure_one()
        rows, names = self._read_rows()
        by_zone = self._tabulate(rows, 0, 1)
        zones = self._sort_lines({column for _row, column in by_zone}, names[1])
        themes = self._sort_lines({row for row, _column in by_zone}, names[0])
        return {
            "total": by_zone.get((TOTAL, TOTAL)),
            "zones": [names[1][zone] for zone in zones],
            "themes": [
                (names[0][theme], [by_zone.get((theme, zone), 0) for zone in zones])
                for theme in themes
            ],
            "months": self._list(rows, 2, names[2]),
            "reasons": self._list(rows, 3, names[3]),
        }

    def _read_rows(self):
        """Read the unmet requests with the user's rights.

        :return: ``[((theme id, zone id, month, reason id), asker, requests,
            people)…]`` and the names of each of the four, by key
        :rtype: tuple
        """
        domain = [
            ("is_unmet", "=", True),
            ("company_id", "=", self.company_id.id),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
        ]
        if self.programme_id:
            domain.append(("programme_id", "child_of", self.programme_id.id))
        groups = self.env["ess.request"]._read_group(
            domain,
            [*GROUPS, *ASKERS],
            ["__count", "people_count:max", "headcount:sum"],
        )
        rows, names = [], self._get_line_names()
        for group in groups:
            lines, (person, household), numbers = group[:4], group[4:6], group[6:]
            key = tuple(self._get_key(line) for line in lines)
            for found, line, line_key in zip(names, lines, key, strict=True):
                if line_key and line_key not in found:
                    found[line_key] = self._get_name(line)
            count, most, headcount = numbers
            asker = person or household
            # people without a name cannot be told apart: each one counts
            who = (asker._name, asker.id) if asker else ("nobody", key)
            rows.append((key, who, count, (most or 1) if asker else headcount))
        return rows, names

    def _get_line_names(self):
        """Return how the lines that are no record are called, for the four axes.

        :rtype: list of dict
        """
        missing = (
            self.env._("Other needs"),
            self.env._("Zone not noted"),
            "",
            self.env._("Reason not said"),
        )
        others, total = self.env._("Others"), self.env._("Total")
        return [{False: name, OTHERS: others, TOTAL: total} for name in missing]

    @api.model
    def _get_key(self, line):
        return line.id if isinstance(line, models.BaseModel) else line.isoformat()

    def _get_name(self, line):
        if isinstance(line, models.BaseModel):
            return line.display_name
        return format_date(self.env, line, date_format="MMMM yyyy")

    def _tabulate(self, rows, row_index, column_index=None):
        lines = {}
        for key, who, count, people in rows:
            column = EVERYWHERE if column_index is None else key[column_index]
            number, askers = lines.get((key[row_index], column), (0, {}))
            askers[who] = max(askers.get(who, 0), people)
            lines[key[row_index], column] = (number + count, askers)
        return build_table(lines, self.company_id.small_number_threshold)

    def _list(self, rows, index, names):
        """Return a one-way table of the page, in order."""
        table = {
            row: number
            for (row, column), number in self._tabulate(rows, index).items()
            if column == EVERYWHERE and row != TOTAL
        }
        return [(names[key], table[key]) for key in self._sort_lines(table, names)]

    @api.model
    def _sort_lines(self, keys, names):
        """Order records by name and months by date, then what is not said, the others
        and the total.
        """
        last = {False: 1, OTHERS: 2, TOTAL: 3}
        return sorted(
            keys,
            key=lambda key: (
                last.get(key, 0),
                key if isinstance(key, str) else names[key],
            ),
        )
