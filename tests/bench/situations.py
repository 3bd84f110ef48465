"""State of 100 000 persons at a date, and who went from what to what between two dates.

Six situations each over three years, one person in fifty protected, one answer in
twenty declined. The floor is the SQL that someone who knows the tables writes by hand;
for coordination it keeps the files of the company that are not protected, as the rules
do.
"""

from datetime import date

from odoo.tools import SQL

ROOM = "ess_beneficiary"

PERSONS = 100_000
LINES = 6
FIRST, LAST = date(2024, 6, 30), date(2025, 12, 31)


def make_world(env):
    """Fill the tables with SQL: what is raced is the reading."""
    domain = env["ess.situation.domain"].create({"name": "Bench", "code": "bench"})
    values = env["ess.situation.value"].create(
        [
            {"domain_id": domain.id, "name": f"V{number}", "code": f"v{number}"}
            for number in range(10)
        ]
    )
    env.flush_all()
    env.execute_query(
        SQL(
            """
            INSERT INTO ess_beneficiary (
                ref, last_name, company_id, active, is_protected, create_date,
                write_date
            )
            SELECT 'B' || n, 'Person' || n, %(company)s, TRUE, n %% 50 = 0, now(), now()
              FROM generate_series(1, %(persons)s) AS n
            RETURNING 1
            """,
            company=env.company.id,
            persons=PERSONS,
        )
    )
    env.execute_query(
        SQL(
            """
            INSERT INTO ess_situation (
                beneficiary_id, company_id, domain_id, value_id, answer, date_from,
                date_to, source, active, create_date, write_date
            )
            SELECT person.id, person.company_id, %(domain)s,
                   CASE WHEN declined THEN NULL
                        ELSE (%(values)s::int[])[1 + (person.id * 7 + line * 3) %% 10]
                    END,
                   CASE WHEN declined THEN 'declined' ELSE 'known' END,
                   start, CASE WHEN line < %(lines)s - 1 THEN start + 181 END,
                   'person', TRUE, now(), now()
              FROM ess_beneficiary AS person
             CROSS JOIN generate_series(0, %(lines)s - 1) AS line
             CROSS JOIN LATERAL (
                 SELECT date '2023-01-01' + (person.id %% 150 + line * 182) AS start,
                        (person.id + line) %% 20 = 0 AS declined
             ) AS life
             WHERE person.ref LIKE 'B%%' AND person.last_name LIKE 'Person%%'
            RETURNING 1
            """,
            domain=domain.id,
            values=values.ids,
            lines=LINES,
        )
    )
    return domain


def by_hand(domain, day, restricted):
    """SQL of the state on a day, as written by hand."""
    safe = SQL(
        """
        AND EXISTS (
            SELECT FROM ess_beneficiary AS file
             WHERE file.id = situation.beneficiary_id
               AND file.company_id = %s AND NOT file.is_protected
        )
        """,
        domain.env.company.id,
    )
    return SQL(
        """
        SELECT situation.beneficiary_id, situation.value_id, situation.answer
          FROM ess_situation AS situation
         WHERE situation.active AND situation.domain_id = %(domain)s
           AND situation.date_from <= %(day)s
           AND (situation.date_to IS NULL OR situation.date_to >= %(day)s)
           %(safe)s
        """,
        domain=domain.id,
        day=day,
        safe=safe if restricted else SQL(""),
    )


def hand_state(domain, restricted):
    def run(env):
        rows = env.execute_query(by_hand(domain, LAST, restricted))
        return {person: value or answer for person, value, answer in rows}

    return run


def hand_transitions(domain, restricted):
    def run(env):
        rows = env.execute_query(
            SQL(
                """
                SELECT a.value_id, a.answer, b.value_id, b.answer, count(*)
                  FROM (%s) AS a FULL JOIN (%s) AS b USING (beneficiary_id)
                 GROUP BY 1, 2, 3, 4
                """,
                by_hand(domain, FIRST, restricted),
                by_hand(domain, LAST, restricted),
            )
        )
        return {(a or c, b or d): number for a, c, b, d, number in rows}

    return run


def main(bench):
    """Race both figures, as a job and as coordination."""
    env = bench.env
    domain = make_world(env)
    coordinator = env["res.users"].create(
        {
            "name": "Coordinator",
            "login": "bench_situations",
            "group_ids": [(4, env.ref("ess_beneficiary.group_beneficiary_manager").id)],
        }
    )
    bench.commit()
    # vacuum is what autovacuum does in life: hints and visibility for everybody
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ess_situation, ess_beneficiary")
    env.cr._cnx.autocommit = False
    for who, user in (("a job", env.user), ("coordination", coordinator)):
        restricted = user == coordinator

        def situations(env, user=user, restricted=restricted):
            model = env["ess.situation"]
            return model.with_user(user) if restricted else model

        def warm(env, model=situations):
            """Fill the caches of rules, which a server keeps between two requests."""
            model(env)._at_date_query(
                env["ess.situation.domain"].browse(domain.id), LAST
            )

        bench.race(
            f"State of {PERSONS} persons at a date, for {who}",
            ours=lambda env, model=situations: model(env)._state_at(domain, LAST),
            floor=hand_state(domain, restricted),
            rows=PERSONS,
            floor_at_most=1.3,
            same_statements=True,
            before=warm,
        )
        bench.race(
            f"Transition matrix between two dates, for {who}",
            ours=lambda env, model=situations: model(env)._transitions(
                domain, FIRST, LAST
            ),
            floor=hand_transitions(domain, restricted),
            rows=PERSONS,
            floor_at_most=1.3,
            same_statements=True,
            before=warm,
        )
