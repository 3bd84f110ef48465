from collections import namedtuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.age_bands import AGE_BANDS, UNKNOWN
from ..tools.periods import are_contiguous, are_disjoint

# What is asked of the engine. `periods` are pairs of inclusive dates; `scopes` maps the
# id of each programme asked for to the ids of its tree, or is None for the whole
# company.
Request = namedtuple(
    "Request", "company periods scopes by_programme breakdown with_persons"
)
# What one group of facts gives: number of facts, of distinct persons, and the sum.
Result = namedtuple("Result", "facts persons total")


class EssIndicatorEngine(models.AbstractModel):
    """Counts the facts of one indicator: one grouped statement, whatever the number of
    periods and programmes.

    The condition is compiled by the ORM, the grouping is written here, because three
    things go beyond `_read_group`: any set of periods in one pass, a programme that
    includes its parts without counting a person twice, and facts that last.
    """

    _name = "ess.indicator.engine"
    _description = "Computation of figures"

    # === ENTRY

    @api.model
    def _count(self, spec, request):
        """Count the facts of an indicator.

        :param spec: definition, see `ess.indicator._get_spec`
        :param Request request: what is asked
        :return: `{(index of the period, programme id or 0, breakdown key): Result}`,
            without the empty groups
        :rtype: dict
        """
        source = self.env["ess.indicator.source"]._get_sources()[spec.source]
        selects = [
            select
            for part in source["parts"]
            if (select := self._select_facts(source, part, spec, request)) is not None
        ]
        if not selects:
            return {}
        facts = SQL(" UNION ALL ").join(selects)
        rows = self.env.execute_query(self._group(facts, source, spec, request))
        return {
            (period - 1, programme or 0, str(key or "")): Result(
                facts, persons or 0, float(total or 0.0)
            )
            for period, programme, key, facts, persons, total in rows
        }

    def _group(self, facts, source, spec, request):
        """Return the outer SELECT: count, distinct persons and sum by group."""
        null = SQL("NULL")
        has_person = all(part["person"] for part in source["parts"])
        needs_persons = has_person and (
            spec.aggregate == "persons" or request.with_persons
        )
        via = any(part["via"] for part in source["parts"])
        is_repeated = via and (request.scopes is not None or request.by_programme)
        return SQL(
            """SELECT period, programme, key, %(facts)s, %(persons)s, %(total)s
                 FROM (%(source)s) AS fact
                GROUP BY period, programme, key""",
            facts=SQL("COUNT(DISTINCT id)") if is_repeated else SQL("COUNT(*)"),
            persons=SQL("COUNT(DISTINCT person)") if needs_persons else null,
            total=SQL("SUM(measure)") if spec.aggregate == "sum" else null,
            source=facts,
        )

    # === FACTS

    def _select_facts(self, source, part, spec, request):
        """Return the inner SELECT of one part: one row per fact, period and programme.

        :rtype: SQL, or None when the condition can match nothing
        """
        # sudo: figures count everybody, persons with a protected file included; the
        # company and the programmes are limited in the domain, and only numbers leave.
        model = self.env[part["model"]].sudo().with_context(active_test=False)
        domain = self._get_part_domain(source, part, spec.domain)
        domain &= Domain("company_id", "=", request.company.id)
        domain &= self._get_period_domain(
            part, min(p[0] for p in request.periods), max(p[1] for p in request.periods)
        )
        if request.scopes is not None and not part["via"]:
            leaves = {leaf for leaves in request.scopes.values() for leaf in leaves}
            domain &= Domain(part["programme"], "in", list(leaves))
        query = model._search(domain)
        if query.is_empty():
            return None
        null = SQL("NULL::integer")
        person = part["person"]
        return query.select(
            SQL("%s AS id", SQL.identifier(query.table, "id")),
            SQL("%s AS period", self._sql_period(query, part, request)),
            SQL("%s AS programme", self._sql_programme(query, part, request)),
            SQL("%s AS key", self._sql_breakdown(model, query, part, request)),
            SQL(
                "%s AS person", SQL.identifier(query.table, person) if person else null
            ),
            SQL("%s AS measure", self._sql_measure(query, spec)),
        )

    @api.model
    def _get_part_domain(self, source, part, domain):
        """Return the condition of an indicator, on the facts of one part.

        When the source puts several kinds of facts together, the condition is about
        the person.

        :rtype: Domain
        """
        domain = Domain(domain)
        if source["model"] != part["model"] and not domain.is_true():
            domain = Domain(part["person"], "any", domain)
        return Domain(part["domain"]) & domain

    @api.model
    def _get_period_domain(self, part, date_from, date_to):
        """Return the condition "in this period" on the facts of one part.

        :rtype: Domain
        """
        domain = Domain(part["date"], "<=", date_to)
        if not part["date_to"]:
            return Domain(part["date"], ">=", date_from) & domain
        still_open = Domain(part["date_to"], "=", False)
        return domain & (still_open | Domain(part["date_to"], ">=", date_from))

    # === COLUMNS

    def _sql_period(self, query, part, request):
        """Return the number of the period of a fact, from 1; may join the periods."""
        periods = request.periods
        if len(periods) == 1:
            return SQL("1")
        day = SQL.identifier(query.table, part["date"])
        if not part["date_to"] and are_disjoint(periods):
            # a binary search in the borders, much cheaper than a join
            number = SQL(
                "width_bucket(%s, %s::date[])", day, [start for start, _end in periods]
            )
            if not are_contiguous(periods):
                ends = [end for _start, end in periods]
                query.add_where(SQL("%s <= (%s::date[])[%s]", day, ends, number))
            return number
        values = SQL(", ").join(
            SQL("(%s, %s::date, %s::date)", index, start, end)
            for index, (start, end) in enumerate(periods, start=1)
        )
        alias = query.make_alias(query.table, "period")
        last = SQL.identifier(query.table, part["date_to"]) if part["date_to"] else day
        query.add_join(
            "JOIN",
            alias,
            SQL(
                "(SELECT * FROM (VALUES %s) AS v (number, start_day, end_day))", values
            ),
            SQL(
                "%(day)s <= %(alias)s.end_day"
                " AND COALESCE(%(last)s, 'infinity'::date) >= %(alias)s.start_day",
                day=day,
                last=last,
                alias=SQL.identifier(alias),
            ),
        )
        return SQL.identifier(alias, "number")

    def _sql_programme(self, query, part, request):
        """Return the programme asked for to which a fact belongs; may join the tree."""
        if request.scopes is None and not request.by_programme:
            return SQL("NULL::integer")
        if part["via"]:
            leaf = getattr(self, part["via"])(query)
        else:
            leaf = SQL.identifier(query.table, part["programme"])
        pairs = [
            (programme, one)
            for programme, leaves in request.scopes.items()
            for one in leaves
        ]
        if not request.by_programme:
            if part["via"]:
                ids = list({one for _programme, one in pairs})
                query.add_where(SQL("%s = ANY(%s)", leaf, ids))
            return SQL("NULL::integer")
        if all(programme == one for programme, one in pairs):
            if part["via"]:
                query.add_where(SQL("%s = ANY(%s)", leaf, list(request.scopes)))
            return leaf
        alias = query.make_alias(query.table, "scope")
        values = SQL(", ").join(SQL("(%s, %s)", *pair) for pair in pairs)
        query.add_join(
            "JOIN",
            alias,
            SQL("(SELECT * FROM (VALUES %s) AS v (programme_id, leaf_id))", values),
            SQL("%s = %s", SQL.identifier(alias, "leaf_id"), leaf),
        )
        return SQL.identifier(alias, "programme_id")

    def _sql_breakdown(self, model, query, part, request):
        """Return the key of the breakdown of a fact, as text; may join its records."""
        if not request.breakdown:
            return SQL("NULL::text")
        path = part["breakdowns"][request.breakdown]
        alias = query.table
        while "." in path:
            name, _dot, path = path.partition(".")
            field = model._fields[name]
            model = self.env[field.comodel_name].sudo()  # sudo: as the facts themselves
            alias = query.left_join(alias, name, model._table, "id", name)
        if path in getattr(model, "_age_band_fields", {}):
            return self._sql_age_band(query, alias, model._age_band_fields[path])
        return SQL("%s::text", model._field_to_sql(alias, path, query))

    @api.model
    def _sql_age_band(self, query, alias, date_name, person="beneficiary_id"):
        """Return the age band of the person of a fact at one of its dates.

        Same borders as `tools.age_bands.age_band`; a birth date of which only the year
        is known is taken as stored.
        """
        table = self.env["ess.beneficiary"]._table
        person_alias = query.left_join(alias, person, table, "id", person)
        age = SQL(
            "date_part('year', age(%s, %s))",
            SQL.identifier(alias, date_name),
            SQL.identifier(person_alias, "birth_date"),
        )
        cases = SQL(" ").join(
            SQL("WHEN %s BETWEEN %s AND %s THEN %s", age, first, last, key)
            for key, first, last in AGE_BANDS
        )
        # a birth after the fact is an error of entry, not an age
        return SQL(
            "CASE WHEN %s > %s THEN %s %s ELSE %s END",
            SQL.identifier(person_alias, "birth_date"),
            SQL.identifier(alias, date_name),
            UNKNOWN,
            cases,
            UNKNOWN,
        )

    def _sql_measure(self, query, spec):
        """Return what a fact adds to a sum."""
        if spec.aggregate != "sum":
            return SQL("NULL::numeric")
        measure = self.env["ess.indicator.source"]._get_measures()[spec.measure]
        if days := measure.get("days"):
            start, end = (SQL.identifier(query.table, name) for name in days)
            return SQL("(%s - %s)", end, start)
        return SQL(
            "%s / %s::numeric",
            SQL.identifier(query.table, measure["field"]),
            measure.get("divisor", 1),
        )

    # === PROGRAMMES OF FACTS THAT HAVE NONE

    @api.model
    def _join_programmes_of_situation(self, query):
        """Join the programmes in which the person was on the day of the change."""
        alias = query.make_alias(query.table, "stay")
        query.add_join(
            "JOIN",
            alias,
            "ess_enrolment",
            SQL(
                """%(stay)s.beneficiary_id = %(fact)s.beneficiary_id
                AND %(stay)s.date_start <= %(fact)s.date_from
                AND COALESCE(%(stay)s.date_end, 'infinity'::date)
                    >= %(fact)s.date_from""",
                stay=SQL.identifier(alias),
                fact=SQL.identifier(query.table),
            ),
        )
        return SQL.identifier(alias, "programme_id")

    @api.model
    def _join_programmes_of_goal(self, query):
        """Join the programmes whose stays were linked to the goal."""
        link = query.make_alias(query.table, "link")
        field = self.env["ess.enrolment"]._fields["goal_ids"]
        query.add_join(
            "JOIN",
            link,
            field.relation,
            SQL(
                "%s = %s",
                SQL.identifier(link, field.column2),
                SQL.identifier(query.table, "id"),
            ),
        )
        stay = query.make_alias(query.table, "stay")
        query.add_join(
            "JOIN",
            stay,
            "ess_enrolment",
            SQL(
                "%s = %s",
                SQL.identifier(stay, "id"),
                SQL.identifier(link, field.column1),
            ),
        )
        return SQL.identifier(stay, "programme_id")
