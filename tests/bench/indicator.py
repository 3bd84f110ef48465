"""One indicator over 2 000 000 presences, by programme and month.

Fifty programmes over two years, 50 000 persons. The floor is the SQL that someone who
knows the tables writes by hand; the rival asks one grouped question per cell through
the ORM, as tools do that compute figures cell by cell. All give the same 1 200 figures.
"""

from datetime import date, timedelta

from odoo.tools import SQL

ROOM = "ess_impact"

PRESENCES = 2_000_000
PERSONS = 50_000
PROGRAMMES = 50
MONTHS = 24
FIRST_DAY = date(2025, 1, 1)
SESSIONS_PER_MONTH = 16
# 50 programmes × 24 months × 16 sessions × 105 lines = 2 016 000; the last ones are
# left out
LINES = 105


def months():
    """The 24 months as pairs of inclusive dates."""
    periods, start = [], FIRST_DAY
    for _index in range(MONTHS):
        following = (start + timedelta(days=32)).replace(day=1)
        periods.append((start, following - timedelta(days=1)))
        start = following
    return periods


def make_world(env):
    """Fill the tables with SQL: what is raced is the reading."""
    company = env.company
    programmes = env["ess.programme"].create(
        [
            {
                "name": f"Programme {number}",
                "company_id": company.id,
                "tz": "Europe/Paris",
                "manager_id": False,
            }
            for number in range(PROGRAMMES)
        ]
    )
    env.flush_all()
    env.execute_query(
        SQL(
            """
            INSERT INTO ess_beneficiary (
                ref, last_name, sex, birth_date, company_id, active, is_protected,
                create_date, write_date
            )
            SELECT 'B' || n, 'Person' || n,
                   (ARRAY['female', 'male', 'unknown'])[1 + n %% 3],
                   date '1950-01-01' + (n * 37 %% 25000), %(company)s, TRUE,
                   n %% 50 = 0, now(), now()
              FROM generate_series(1, %(persons)s) AS n
            RETURNING 1
            """,
            company=company.id,
            persons=PERSONS,
        )
    )
    env.execute_query(
        SQL(
            """
            INSERT INTO ess_session (name, programme_id, company_id, kind, state, day,
                                     date_start, date_end, create_date, write_date)
            SELECT 'Session', programme, %(company)s, 'course', 'done', day,
                   day + time '09:00', day + time '11:00', now(), now()
              FROM unnest(%(programmes)s::int[]) AS programme,
                   generate_series(0, %(months)s - 1) AS month,
                   generate_series(1, %(sessions)s) AS number,
                   LATERAL (
                       SELECT (%(first)s::date + make_interval(months => month))::date
                              + number AS day
                   ) AS calendar
            RETURNING 1
            """,
            company=company.id,
            programmes=programmes.ids,
            months=MONTHS,
            sessions=SESSIONS_PER_MONTH,
            first=FIRST_DAY,
        )
    )
    env.execute_query(
        SQL(
            """
            WITH person AS (
                SELECT id, row_number() OVER (ORDER BY id) - 1 AS rank
                  FROM ess_beneficiary WHERE last_name LIKE 'Person%%'
            ), held AS (
                SELECT *, row_number() OVER (ORDER BY id) - 1 AS rank
                  FROM ess_session WHERE programme_id = ANY(%(programmes)s)
            )
            INSERT INTO ess_presence (
                session_id, beneficiary_id, programme_id, company_id, day, kind, state,
                is_present, people_count, minutes, source, create_date, write_date
            )
            SELECT held.id, person.id, held.programme_id, held.company_id, held.day,
                   held.kind, CASE WHEN absent THEN 'absent' ELSE 'present' END,
                   NOT absent, CASE WHEN absent THEN 0 ELSE 1 END,
                   CASE WHEN absent THEN 0 ELSE 120 END, 'grid', now(), now()
              FROM held
             CROSS JOIN generate_series(0, %(lines)s - 1) AS line
             -- each programme meets 2 000 persons, shared with its neighbour
              JOIN person ON person.rank = (
                  held.programme_id * 1000 + (held.rank * 977 + line * 19) %% 2000
              ) %% %(persons)s
             CROSS JOIN LATERAL (
                 SELECT (held.rank + line) %% 10 = 0 AS absent
             ) AS answer
             LIMIT %(presences)s
            RETURNING 1
            """,
            programmes=programmes.ids,
            lines=LINES,
            persons=PERSONS,
            presences=PRESENCES,
        )
    )
    return programmes


def make_indicators(env):
    """A count of presences and a count of distinct persons."""
    shared = {
        "definition": "Presences at sessions.",
        "source": "presence",
        "domain": "[('is_present', '=', True)]",
    }
    return env["ess.indicator"].create(
        [
            dict(shared, name="Presences", code="bench_count", aggregate="count"),
            dict(shared, name="Persons", code="bench_persons", aggregate="persons"),
        ]
    )


def ours(indicator, programmes, periods):
    """The figures as every screen and report asks for them."""

    def run(env):
        cells = (
            env["ess.indicator"]
            .browse(indicator.id)
            ._compute_cells(periods, env["ess.programme"].browse(programmes.ids), True)
        )
        return {
            (cell["programme"].id, cell["date_from"]): int(cell["value"])
            for cell in cells
        }

    return run


def floor(aggregate, programmes, periods, company):
    """The same figures in one statement written by hand."""

    def run(env):
        rows = env.execute_query(
            SQL(
                """
                SELECT programme_id, date_trunc('month', day)::date, %s
                  FROM ess_presence
                 WHERE company_id = %s AND programme_id = ANY(%s)
                   AND day BETWEEN %s AND %s
                   AND is_present AND volunteer_id IS NULL
                 GROUP BY 1, 2
                """,
                aggregate,
                company.id,
                programmes.ids,
                periods[0][0],
                periods[-1][1],
            )
        )
        return {(programme, month): number for programme, month, number in rows}

    return run


def rival(aggregate, programmes, periods, company):
    """One question per cell, through the ORM."""

    def run(env):
        found = {}
        presences = env["ess.presence"]
        for programme in programmes.ids:
            for start, end in periods:
                [(number,)] = presences._read_group(
                    [
                        ("company_id", "=", company.id),
                        ("programme_id", "=", programme),
                        ("day", ">=", start),
                        ("day", "<=", end),
                        ("is_present", "=", True),
                        ("volunteer_id", "=", False),
                    ],
                    aggregates=[aggregate],
                )
                found[programme, start] = number
        return found

    return run


def statements(indicator, programmes, periods):
    """Return how many SQL statements a request takes, once caches are warm."""
    env = indicator.env
    indicator._compute_cells(periods, programmes, True)
    env.invalidate_all()
    before = env.cr.sql_log_count
    indicator._compute_cells(periods, programmes, True)
    return env.cr.sql_log_count - before


def main(bench):
    """Race the count, then the distinct persons."""
    env = bench.env
    programmes = make_world(env)
    count, persons = make_indicators(env)
    periods = months()
    bench.commit()
    # vacuum is what autovacuum does in life: index-only reads and hints for everybody
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ess_presence")
    env.cr._cnx.autocommit = False
    company = env.company
    for title, indicator, by_hand, by_orm in (
        ("presences", count, SQL("count(*)"), "__count"),
        (
            "distinct persons",
            persons,
            SQL("count(DISTINCT beneficiary_id)"),
            "beneficiary_id:count_distinct",
        ),
    ):
        bench.race(
            f"One indicator ({title}), 50 programmes × 24 months",
            ours=ours(indicator, programmes, periods),
            floor=floor(by_hand, programmes, periods, company),
            rival=rival(by_orm, programmes, periods, company),
            rows=PRESENCES,
            rounds=5,
            rival_rounds=2,
            floor_at_most=1.3,
            same_statements=True,
            rows_equal=PROGRAMMES * MONTHS,
        )
        one = statements(indicator, programmes[:1], periods[:1])
        many = statements(indicator, programmes, periods)
        bench.check(
            "SQL statements for 1 programme × 1 month, and for 50 × 24",
            f"{one}, {many}",
            one == many,
        )
