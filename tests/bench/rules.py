"""What the record rules cost at 1 000 000 files, on lists and on groups.

A worker follows 500 people; a coordinator reads the whole association. Each asks for a
list (identifiers in the order of the screen) and for groups. The floor is the SQL that
somebody who knows the tables writes by hand for the very same rows, on the same
connection. Every question is asked many times in a round, so that a round is long
enough to be timed; the limit of 1.3 is that of the issue.
"""

import os

from _people import make_million

from odoo import fields
from odoo.tools import SQL

ROOM = "ess_programmes"

PERSONS = int(os.environ.get("ESS_BENCH_PERSONS", 1_000_000))
OWN = 500
TEAMS = 200
WORKER, COORDINATOR = "bench_worker", "bench_coordinator"
LIMIT = 1.3


def make_users(env):
    """One worker, one coordinator, and other workers who follow everybody else."""
    room = "ess_beneficiary.group_beneficiary_"
    groups = {WORKER: f"{room}officer", COORDINATOR: f"{room}manager"}
    users = env["res.users"].with_context(no_reset_password=True)
    for login, group in groups.items():
        users |= users.create(
            {
                "name": login,
                "login": login,
                "group_ids": [fields.Command.set([env.ref(group).id])],
            }
        )
    return users


def make_followups(env, worker):
    """Followups by SQL: 500 spread files for the worker, others for the admin."""
    step = max(1, PERSONS // OWN)
    env.cr.execute(
        """
        INSERT INTO ess_followup (beneficiary_id, user_id, role, is_referent, date_from,
            company_id, create_date, write_date)
        SELECT id, CASE WHEN n %% %(step)s = 0 THEN %(worker)s ELSE %(admin)s END,
            'referent', TRUE, current_date - 30, company_id, now(), now()
        FROM (SELECT id, company_id, row_number() OVER (ORDER BY id) AS n
              FROM ess_beneficiary) AS file
        """,
        {"step": step, "worker": worker.id, "admin": env.ref("base.user_admin").id},
    )
    env.cr.execute(
        """
        INSERT INTO ess_beneficiary_team_user_rel (beneficiary_id, user_id)
        SELECT beneficiary_id, user_id FROM ess_followup
        """
    )
    env.cr.execute(
        "UPDATE ess_beneficiary file SET referent_id = user_id FROM ess_followup"
        " WHERE beneficiary_id = file.id AND user_id = %s",
        (worker.id,),
    )


def as_user(env, login):
    """The environment of a user, with the caches of the server warm."""
    user = env["res.users"].search([("login", "=", login)])
    return env(user=user.id, context={"allowed_company_ids": user.company_ids.ids})


def repeated(times, question):
    """Ask `times` times and return the last answer."""

    def run(env):
        for _time in range(times):
            answer = question(env)
        return answer

    return run


def hand_written(columns, tail, worker):
    """SQL by hand for the rows that a user reads: own files, or the association's."""

    def ask(env):
        user = env["res.users"].search(
            [("login", "=", WORKER if worker else COORDINATOR)]
        )
        own = (
            SQL(
                "AND id IN (SELECT beneficiary_id FROM ess_followup WHERE user_id = %s"
                " AND date_from <= %s AND (date_to IS NULL OR date_to >= %s))",
                user.id,
                fields.Date.today(),
                fields.Date.today(),
            )
            if worker
            else SQL()
        )
        return env.execute_query(
            SQL(
                "SELECT %s FROM ess_beneficiary WHERE active AND company_id = %s"
                " AND (NOT is_protected OR id IN (SELECT beneficiary_id"
                " FROM ess_beneficiary_team_user_rel WHERE user_id = %s)) %s %s",
                SQL(columns),
                user.company_id.id,
                user.id,
                own,
                SQL(tail),
            )
        )

    return ask


def list_of(login):
    """The identifiers of the list, all of them for the worker, a page otherwise."""
    limit = None if login == WORKER else 80
    order = "last_name, id" if login == WORKER else "id desc"

    def ask(env):
        files = as_user(env, login)["ess.beneficiary"]
        return [(id_,) for id_ in files.search([], order=order, limit=limit)._ids]

    return ask


def groups_of(login):
    """Files by the way they came."""

    def ask(env):
        files = as_user(env, login)["ess.beneficiary"]
        return files._read_group([], ["intake"], ["__count"])

    return ask


def main(bench):
    """Make the base, then race the four questions."""
    env = bench.env
    users = make_users(env)
    make_million(env, PERSONS, env.company.id)
    make_followups(env, users[0])
    bench.commit()
    for words, login, times in (
        ("worker", WORKER, 30),
        ("coordinator", COORDINATOR, 3),
    ):
        tail = (
            "ORDER BY last_name, id" if login == WORKER else "ORDER BY id DESC LIMIT 80"
        )
        bench.race(
            f"List of a {words} among {PERSONS:,} files".replace(",", " "),
            ours=repeated(times * 10, list_of(login)),
            floor=repeated(times * 10, hand_written("id", tail, login == WORKER)),
            floor_at_most=LIMIT,
            same_statements=True,
        )
        bench.race(
            f"Groups of a {words} among {PERSONS:,} files".replace(",", " "),
            ours=repeated(times, groups_of(login)),
            floor=repeated(
                times,
                hand_written(
                    "intake, count(*)",
                    "GROUP BY intake ORDER BY intake",
                    login == WORKER,
                ),
            ),
            floor_at_most=LIMIT,
            same_statements=True,
        )
