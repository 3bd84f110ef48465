"""Attendance of 100 000 people at 4 000 sessions, by the grid's own method.

Ours checks the rights, fills in the columns that lists and figures read and leaves
alone what somebody else has changed. The floor is INSERT … SELECT of the same rows in
the same table, constraints and indexes. The rival is Odoo's own attendance,
`event.registration.action_set_done`, for as many registrations.
"""

import os
import time

from odoo import fields
from odoo.tools import SQL

ROOM = "ess_programmes"

SESSIONS = int(os.environ.get("ESS_SESSIONS", "4000"))
PEOPLE_EACH = 25
ROWS = SESSIONS * PEOPLE_EACH
RIVAL_ROWS = 2_000
COLUMNS = (
    "session_id, beneficiary_id, state, is_present, people_count, minutes, quantity,"
    " programme_id, company_id, day, kind, source, create_uid, create_date, write_uid,"
    " write_date"
)


def make_people(env):
    """Write the people by SQL: what is raced is the attendance."""
    env.cr.execute(
        SQL(
            """INSERT INTO ess_beneficiary (last_name, ref, qr_token, company_id,
                active, is_protected)
            SELECT 'Présent ' || n, 'P' || n, md5('p' || n), %s, TRUE, FALSE
            FROM generate_series(1, 5000) n RETURNING id""",
            env.company.id,
        )
    )
    return [row[0] for row in env.cr.fetchall()]


def make_sessions(env):
    programme = env["ess.programme"].create({"name": "Présences", "kind": "course"})
    start = fields.Datetime.to_datetime("2026-01-05 08:00:00")
    return (
        env["ess.session"]
        .create(
            [
                {
                    "programme_id": programme.id,
                    "date_start": start,
                    "date_end": fields.Datetime.add(start, hours=2),
                    "user_id": False,
                }
                for _number in range(SESSIONS)
            ]
        )
        .ids
    )


def totals(env):
    env.cr.execute(
        "SELECT count(*), sum(minutes), sum(people_count), count(DISTINCT session_id)"
        " FROM ess_presence WHERE kind = 'course' AND day = '2026-01-05'"
    )
    return env.cr.fetchone()


class Attendance:
    def __init__(self, env):
        people, sessions = make_people(env), make_sessions(env)
        self.rows = [
            (
                session,
                people[(number * 7 + place) % len(people)],
                "present" if place % 5 else "absent",
                None,
                0.0,
                None,
                None,
                None,
            )
            for number, session in enumerate(sessions)
            for place in range(PEOPLE_EACH)
        ]

    def stage(self, env):
        """The rows of the floor, ready in a table."""
        env.cr.execute(
            "CREATE TABLE bench_presence AS SELECT * FROM unnest(%s, %s, %s)"
            " AS l (session_id, beneficiary_id, state)",
            [list(column) for column in list(zip(*self.rows))[:3]],
        )

    def ours(self, env):
        env["ess.presence"]._record(self.rows, source="import")
        return totals(env)

    def floor(self, env):
        env.cr.execute(
            f"""INSERT INTO ess_presence ({COLUMNS})
            SELECT l.session_id, l.beneficiary_id, l.state, l.state = 'present',
                (l.state = 'present')::int, CASE WHEN l.state = 'present' THEN 120
                ELSE 0 END, 0, s.programme_id, s.company_id, s.day, s.kind, 'import', 1,
                now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
            FROM bench_presence l JOIN ess_session s ON s.id = l.session_id"""
        )
        return totals(env)


def core_seconds(env):
    """Seconds of `action_set_done` for 100 000 registrations, from a part of them."""
    if "event.registration" not in env:
        return None
    event = env["event.event"].create(
        {
            "name": "Concurrent",
            "date_begin": "2026-01-05 08:00:00",
            "date_end": "2026-01-05 10:00:00",
        }
    )
    registrations = env["event.registration"].create(
        [
            {"event_id": event.id, "name": f"Inscrit {number}"}
            for number in range(RIVAL_ROWS)
        ]
    )
    env.flush_all()
    began = time.perf_counter()
    for registration in registrations:  # one at a time, as its screen does
        registration.action_set_done()
        env.flush_all()
    return (time.perf_counter() - began) * ROWS / RIVAL_ROWS


def main(bench):
    attendance = Attendance(bench.env)
    attendance.stage(bench.env)
    bench.commit()
    race = bench.race(
        f"Attendance of {ROWS:,} at {SESSIONS:,} sessions".replace(",", " "),
        ours=attendance.ours,
        floor=attendance.floor,
        rows=ROWS,
        rounds=3,
        floor_at_most=1.5,
        same_statements=True,
    )
    core = core_seconds(bench.env)
    if core is None:
        print("  event is not installed: no rival")
        return
    ratio = core / race["ours"].median
    bench.check(
        "event.registration.action_set_done / ours",
        f"{core:.0f} s / {race['ours'].median:.2f} s = {ratio:.0f} (at least 50)",
        ratio >= 50,
    )
