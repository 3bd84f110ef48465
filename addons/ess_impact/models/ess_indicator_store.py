from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.periods import last_months

# Months that the monthly job keeps up to date: a full year back, for late entries.
MONTHS_KEPT = 13


class EssIndicator(models.Model):
    """Keeping figures: what was computed, when, under which version."""

    _inherit = "ess.indicator"

    def _store_cells(self, cells):
        """Write cells as values; a cell that was already kept is brought up to date.

        :param list cells: result of :meth:`_compute_cells`
        :return: the values, in the order of the cells
        :rtype: recordset of ess.indicator.value
        """
        # sudo: values are written here only, never by hand; they hold numbers and the
        # condition that gives the records back, no person.
        values = self.env["ess.indicator.value"].sudo()
        kept = {
            value._get_key(): value for value in values.search(self._get_kept(cells))
        }
        done = {}
        new = []
        for cell in cells:
            vals = self._prepare_value_values(cell)
            key = values._get_vals_key(vals)
            if value := kept.get(key):
                value.write(vals)
                done[key] = value
            else:
                new.append((key, vals))
        created = values.create([vals for _key, vals in new])
        done.update(zip((key for key, _vals in new), created, strict=True))
        order = [values._get_vals_key(self._prepare_value_key(cell)) for cell in cells]
        return self.env["ess.indicator.value"].browse([done[key].id for key in order])

    def _get_kept(self, cells):
        """Return the condition of the values that these cells may bring up to date."""
        return [
            ("indicator_id", "in", list({cell["indicator"].id for cell in cells})),
            ("company_id", "=", self.env.company.id),
            ("date_from", ">=", min((c["date_from"] for c in cells), default=False)),
            ("date_to", "<=", max((c["date_to"] for c in cells), default=False)),
        ]

    def _prepare_value_key(self, cell):
        return {
            "indicator_id": cell["indicator"].id,
            "version": cell["version"],
            "company_id": self.env.company.id,
            "date_from": cell["date_from"],
            "date_to": cell["date_to"],
            "programme_id": cell["programme"].id or False,
            "scope": ",".join(map(str, cell["programme_ids"] or [])),
            "breakdown": cell["breakdown"],
            "breakdown_key": cell["key"] or False,
        }

    def _prepare_value_values(self, cell):
        indicator = cell["indicator"]
        vals = self._prepare_value_key(cell)
        vals.update(
            breakdown_label=cell["label"],
            value=cell["value"] or 0.0,
            is_defined=cell["value"] is not None,
            record_count=cell["record_count"],
            computed_at=fields.Datetime.now(),
        )
        if indicator._get_spec(cell["version"]).kind == "aggregate":
            model_name, domain = indicator._get_cell_records(cell)
            vals.update(res_model=model_name, domain=domain_to_text(domain))
        return vals

    # === ACTIONS

    def action_open_year_records(self):
        """Open the records behind this year's figure, from the director's page.

        :raises UserError: when the user may read the figure but not the files
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        return self._open_cell_records(
            self._compute_values(today.replace(month=1, day=1), today)[0]
        )

    def _open_cell_records(self, cell):
        """Open the records of a cell, with the rights of the user."""
        spec = self._get_spec(cell["version"])
        if spec.kind == "formula":
            return self._open_operands(cell)
        model_name, domain = self._get_cell_records(cell)
        return self._prepare_records_action(model_name, domain_to_list(domain), cell)

    def _open_operands(self, cell):
        """A formula is made of other figures: open them for the same cell."""
        spec = self._get_spec(cell["version"])
        _formula, nodes = self._get_formula_nodes(spec)
        programmes = None
        if cell["programme_ids"] is not None:
            programmes = self.env["ess.programme"].browse(
                cell["programme"].ids or cell["programme_ids"]
            )
        operands = self.browse([one.id for one, _version in nodes.values()])
        axis = (
            cell["breakdown"] not in (False, "month", "programme") and cell["breakdown"]
        )
        cells = operands._compute_cells(
            [(cell["date_from"], cell["date_to"])],
            programmes,
            by_programme=bool(cell["programme"]),
            breakdown=axis or None,
            versions={one.id: version for one, version in nodes.values()},
        )
        cells = [one for one in cells if one["key"] == (cell["key"] if axis else "")]
        values = self._store_cells(cells)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_impact.ess_indicator_value_action"
        )
        return dict(
            action,
            display_name=self.name,
            domain=[("id", "in", values.ids)],
            context={"search_default_total": 0},
        )

    def _prepare_records_action(self, model_name, domain, cell):
        """Return the action that lists the records of a cell.

        :raises UserError: when the user may not read this kind of records at all
        """
        if not self.env[model_name].has_access("read"):
            raise UserError(
                self.env._(
                    "You may read this figure, but not the records that it is made of. "
                    "Ask someone of the programme's team."
                )
            )
        name = " · ".join(
            filter(
                None, [self.name, cell["programme"].sudo().display_name, cell["label"]]
            )
        )
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model_name,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
            # exactly what was counted: archived records too
            "context": {"active_test": False, "create": False},
        }

    # === CRON

    def _cron_compute_values(self):
        """Compute the past months of every indicator, for each association."""
        today = fields.Date.context_today(self)
        periods = last_months(today, MONTHS_KEPT)
        jobs = [
            (company, indicator)
            for company in self.env["res.company"].search([])
            for indicator in self.search([("company_id", "in", [False, company.id])])
        ]
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(jobs))
        for company, indicator in jobs:
            indicator.with_company(company)._store_months(periods)
            if not commit(1):
                break

    def _store_months(self, periods):
        """Keep the months of one indicator, for the association and each programme."""
        cells = self._compute_cells(periods)
        cells += [
            cell
            for cell in self._compute_cells(periods, by_programme=True)
            if cell["record_count"] or cell["value"]
        ]
        stale = self._get_stale_values(periods, cells)
        self._store_cells(cells)
        stale.write({"value": 0.0, "record_count": 0})

    def _get_stale_values(self, periods, cells):
        """Return the kept values of programmes that have become empty since."""
        # sudo: see `_store_cells`
        kept = (
            self.env["ess.indicator.value"]
            .sudo()
            .search(
                [
                    ("indicator_id", "=", self.id),
                    ("version", "=", self.version),
                    ("company_id", "=", self.env.company.id),
                    ("date_from", "in", [start for start, _end in periods]),
                    ("programme_id", "!=", False),
                    ("breakdown", "=", False),
                    ("record_count", "!=", 0),
                ]
            )
        )
        keys = {kept._get_vals_key(self._prepare_value_key(cell)) for cell in cells}
        return kept.filtered(lambda value: value._get_key() not in keys)


def domain_to_list(domain):
    """Return a condition as a list of plain values, with dates as text.

    :param Domain domain: the condition
    :rtype: list
    """
    return [_to_plain(item) for item in domain]


def domain_to_text(domain):
    """Return a condition as the text that is kept with a value.

    :rtype: str
    """
    return repr(domain_to_list(domain))


def _to_plain(item):
    if isinstance(item, (list, tuple)):
        kind = type(item)
        return kind(_to_plain(one) for one in item)
    if hasattr(item, "isoformat"):
        return item.isoformat()
    return item
