from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.periods import months_between
from .ess_indicator_engine import Request, Result

NOTHING = Result(0, 0, 0.0)


class EssIndicator(models.Model):
    """Computing the figures, and finding again the records that they are made of.

    A *cell* is one figure as a dict::

        {
            "indicator": ess.indicator, "version": int,
            "date_from": date, "date_to": date (both included),
            "programme": ess.programme (empty: all those asked for),
            "programme_ids": list of int (limits of the count), or None,
            "breakdown": str or False, "key": str, "label": str,
            "value": float, or None when a formula has no value,
            "record_count": number of facts, or of persons when persons are counted,
            "person_count": number of distinct persons behind (when asked for),
        }
    """

    _inherit = "ess.indicator"

    # === API OF THE ROOM

    @api.model
    def _get_cell_names(self):
        """Return the keys of a cell, for those who copy it."""
        return (
            "indicator",
            "version",
            "date_from",
            "date_to",
            "programme",
            "programme_ids",
            "breakdown",
            "key",
            "label",
            "value",
            "record_count",
            "person_count",
        )

    def _compute_values(self, date_from, date_to, programmes=None, breakdown=None):
        """Compute the figures of one period.

        :param date date_from: first day
        :param date date_to: last day
        :param programmes: ess.programme that limit the count, each with its parts;
            None for the whole company
        :param str breakdown: code of a breakdown, `"programme"` and `"month"` included
        :return: the cells: one per indicator, or one per group of the breakdown
        :rtype: list of dict
        """
        return self._compute_cells(
            [(date_from, date_to)], programmes, breakdown=breakdown
        )

    def _compute_cells(
        self,
        periods,
        programmes=None,
        by_programme=False,
        breakdown=None,
        versions=None,
        with_persons=False,
    ):
        """Compute the figures for any periods, in one statement per indicator.

        Counted for the current company, with all rights: see `ess.indicator.engine`.

        :param list periods: pairs of inclusive dates, in order; they may overlap
        :param programmes: ess.programme that limit the count, parts included, or None
        :param bool by_programme: one figure for each programme rather than for all
        :param str breakdown: code of a breakdown
        :param dict versions: `{indicator id: version}` to compute under a past meaning
        :param bool with_persons: count the distinct persons behind every figure
        :return: the cells, by indicator, period, programme and key
        :rtype: list of dict
        :raises UserError: when an indicator cannot be shown by this breakdown
        """
        if not periods:
            return []
        request = self._prepare_request(
            periods, programmes, by_programme, breakdown, with_persons
        )
        results = {}
        cells = []
        for indicator in self:
            node = (indicator, (versions or {}).get(indicator.id) or indicator.version)
            if breakdown:
                indicator._check_breakdown(breakdown)
            groups = self._count_node(node, request, results)
            cells += indicator._prepare_cells(node, groups, request, breakdown)
        return cells

    def _prepare_request(
        self, periods, programmes, by_programme, breakdown, with_persons
    ):
        """Return what is asked of the engine; months and programmes are no keys."""
        if breakdown == "month":
            periods = [part for period in periods for part in months_between(*period)]
        by_programme = by_programme or breakdown == "programme"
        return Request(
            self.env.company,
            list(periods),
            self._get_scopes(programmes, by_programme),
            by_programme,
            breakdown if breakdown not in ("month", "programme") else None,
            with_persons,
        )

    def _get_scopes(self, programmes, by_programme):
        """Return the programmes asked for with the ids of their trees.

        :rtype: dict {programme id: list of programme ids}, or None for no limit
        """
        if programmes is None and not by_programme:
            return None
        # sudo: the shape of the tree; which programmes exist in a company is no secret
        # to those who may read its figures.
        tree = (
            self.env["ess.programme"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch([("company_id", "=", self.env.company.id)], ["parent_path"])
        )
        asked = tree if programmes is None else tree & programmes.sudo()
        scopes = {programme.id: [] for programme in asked}
        for programme in tree:
            for ancestor in programme.parent_path.split("/")[:-1]:
                if int(ancestor) in scopes:
                    scopes[int(ancestor)].append(programme.id)
        return scopes

    def _check_breakdown(self, breakdown):
        if breakdown not in self._get_breakdown_codes():
            raise UserError(
                self.env._(
                    "“%(indicator)s” cannot be shown by “%(breakdown)s”. It can be "
                    "shown by: %(possible)s.",
                    indicator=self.name,
                    breakdown=self.env["ess.indicator.source"]
                    ._get_breakdowns()
                    .get(breakdown, breakdown),
                    possible=self.breakdown_names,
                )
            )

    # === COUNTING

    def _count_node(self, node, request, results):
        """Count one indicator under one version, and the operands that it needs.

        :param tuple node: (ess.indicator, version)
        :param dict results: what is already counted, by node
        :return: `{(period, programme id or 0, key): (value, Result)}`
        :rtype: dict
        """
        if node in results:
            return results[node]
        indicator, version = node
        spec = indicator._get_spec(version)
        if spec.kind == "aggregate":
            counted = self.env["ess.indicator.engine"]._count(spec, request)
            results[node] = {
                group: (_get_value(spec, result), result)
                for group, result in counted.items()
            }
        else:
            results[node] = self._count_formula(indicator, spec, request, results)
        return results[node]

    def _count_formula(self, indicator, spec, request, results):
        """Apply a formula to the groups of its operands."""
        formula, nodes = indicator._get_formula_nodes(spec)
        groups = {
            code: self._count_node(node, request, results)
            for code, node in nodes.items()
        }
        keys = {key for counted in groups.values() for key in counted}
        if not request.breakdown:
            keys |= set(_get_grid(request))
        return {
            key: (
                formula.evaluate(
                    {
                        code: counted.get(key, (_get_empty(nodes[code]), NOTHING))[0]
                        for code, counted in groups.items()
                    }
                ),
                NOTHING,
            )
            for key in keys
        }

    def _get_formula_nodes(self, spec):
        """Return the parsed formula and what it reads.

        :rtype: tuple (Formula, dict {code: (ess.indicator, version)})
        """
        holder = self
        if spec.formula != self.formula:
            holder = self.new(
                {
                    "formula": spec.formula,
                    "kind": "formula",
                    "company_id": self.company_id.id,
                }
            )
        formula = holder._parse_formula()
        versions = spec.operands or {}
        nodes = {
            one.code: (one, versions.get(one.code) or one.version)
            for one in holder._get_operands()
        }
        return formula, nodes

    # === CELLS

    def _prepare_cells(self, node, groups, request, breakdown):
        """Return the cells of one indicator, in order, with empty ones where a reader
        expects a zero."""
        indicator, version = node
        counts_persons = self._get_spec(version).aggregate == "persons"
        grid = _get_grid(request) if not request.breakdown else sorted(groups)
        labels = self._get_breakdown_labels(
            request.breakdown, {key for _period, _programme, key in grid}
        )
        order = {key: index for index, key in enumerate(labels)}
        empty = _get_empty(node)
        cells = []
        for group in sorted(
            grid, key=lambda one: (one[0], one[1], order.get(one[2], 0))
        ):
            period, programme, key = group
            value, result = groups.get(group, (empty, NOTHING))
            date_from, date_to = request.periods[period]
            cell = {
                "indicator": indicator,
                "version": version,
                "date_from": date_from,
                "date_to": date_to,
                "programme": self.env["ess.programme"].browse(programme or []),
                "programme_ids": self._get_cell_limits(request, programme),
                "breakdown": breakdown or False,
                "key": key,
                "label": labels.get(key, ""),
                "value": value,
                "record_count": result.persons if counts_persons else result.facts,
                "person_count": result.persons,
            }
            if breakdown == "month":
                cell["key"] = f"{date_from:%Y-%m}"
                cell["label"] = cell["key"]
            cells.append(cell)
        return cells

    @api.model
    def _get_cell_limits(self, request, programme):
        if request.scopes is None:
            return None
        if programme:
            return sorted(request.scopes[programme])
        return sorted({leaf for leaves in request.scopes.values() for leaf in leaves})

    def _get_breakdown_labels(self, breakdown, keys):
        """Return the labels of the keys of a breakdown, in the order to show them.

        :rtype: dict {key: label}
        """
        if not breakdown:
            return {"": ""}
        field = self._get_breakdown_field(breakdown)
        unknown = {"": self.env._("Not asked or not known")}
        if field.relational:
            ids = sorted(int(key) for key in keys if key)
            # sudo: the names of a list of values, read in one statement
            records = self.env[field.comodel_name].sudo().browse(ids)
            labels = {str(one.id): one.display_name for one in records}
        else:
            labels = dict(field._description_selection(self.env))
        return {**labels, **unknown}

    def _get_breakdown_field(self, breakdown):
        """Return the field that a breakdown reads."""
        operand = self
        while operand.kind == "formula":
            operand = operand._get_operands()[:1]
        source = self.env["ess.indicator.source"]._get_sources()[operand.source]
        part = source["parts"][0]
        model, path = self.env[part["model"]], part["breakdowns"][breakdown]
        while "." in path:
            name, _dot, path = path.partition(".")
            model = self.env[model._fields[name].comodel_name]
        return model._fields[path]

    # === RECORDS

    def _get_cell_records(self, cell):
        """Return where the records of a cell are found.

        :param dict cell: a cell of a counted figure, not of a formula
        :return: the name of a model, and the condition on it
        :rtype: tuple (str, Domain)
        """
        spec = self._get_spec(cell["version"])
        source = self.env["ess.indicator.source"]._get_sources()[spec.source]
        domains = [
            self._get_part_records(source, part, spec, cell) for part in source["parts"]
        ]
        if spec.aggregate != "persons":
            return source["parts"][0]["model"], domains[0]
        inverses = [part["inverse"] for part in source["parts"]]
        return source["person_model"], Domain.OR(
            Domain(inverse, "any", domain)
            for inverse, domain in zip(inverses, domains, strict=True)
        )

    def _get_part_records(self, source, part, spec, cell):
        """Return the condition of the facts of one part that a cell counts."""
        engine = self.env["ess.indicator.engine"]
        domain = engine._get_part_domain(source, part, spec.domain)
        domain &= Domain("company_id", "=", self.env.company.id)
        domain &= engine._get_period_domain(part, cell["date_from"], cell["date_to"])
        if cell["programme_ids"] is not None:
            name = "figure_programme_ids" if part["via"] else part["programme"]
            domain &= Domain(name, "in", list(cell["programme_ids"]))
        if cell["breakdown"] and cell["breakdown"] not in ("month", "programme"):
            path = part["breakdowns"][cell["breakdown"]]
            domain &= _get_key_domain(self.env, part, path, cell["key"])
        return domain


def _get_value(spec, result):
    """Return the value of a counted figure."""
    if spec.aggregate == "persons":
        return float(result.persons)
    return result.total if spec.aggregate == "sum" else float(result.facts)


def _get_empty(node):
    """Return the value of a group without facts: zero, or nothing for a formula."""
    indicator, _version = node
    return None if indicator.kind == "formula" else 0.0


def _get_grid(request):
    """Return every (period, programme id or 0, key) without breakdown."""
    programmes = list(request.scopes) if request.by_programme else [0]
    return [
        (period, programme, "")
        for period in range(len(request.periods))
        for programme in programmes
    ]


def _get_key_domain(env, part, path, key):
    """Return the condition "this group of the breakdown" on the facts of a part."""
    if key:
        field, model = None, env[part["model"]]
        for name in path.split("."):
            field = model._fields[name]
            model = env[field.comodel_name] if field.relational else model
        return Domain(path, "=", int(key) if field.relational else key)
    # nothing: the field is empty, or one of the links to it is
    names = path.split(".")
    return Domain.OR(
        Domain(".".join(names[: index + 1]), "=", False) for index in range(len(names))
    )
