"""What the record rules cost at 1 000 000 files, on lists and on groups.

A worker follows 500 people; a coordinator reads the whole association, whose key is on
the row. Each asks for a list (a page in the order of the screen, and how many there
are) and for groups. The floor is the SQL that somebody who knows the tables writes by
hand for the very same rows, on the same connection: for the worker it only looks at
follow-ups, ours also at programmes, emergency access and merged files. Every question
is asked many times in a round, so that a round is long enough to be timed.
"""

import os

from _people import make_million

from odoo import fields
from odoo.tools import SQL

ROOM = "ess_programmes"

PERSONS = int(os.environ.get("ESS_BENCH_PERSONS", 1_000_000))
OWN = 500
WORKER, COORDINATOR = "bench_worker", "bench_coordinator"
LIMIT = 1.3
ORDER, PAGE = "id DESC", 80


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
    """Followups by SQL: 500 spread files for the worker, some others for the admin."""
    step = max(1, PERSONS // OWN)
    env.cr.execute(
        """
        INSERT INTO ess_followup (beneficiary_id, user_id, role, is_referent, date_from,
            company_id, create_date, write_date)
        SELECT id, CASE WHEN n %% %(step)s = 0 THEN %(worker)s ELSE %(admin)s END,
            'referent', TRUE, current_date - 30, company_id, now(), now()
        FROM (SELECT id, company_id, row_number() OVER (ORDER BY id) AS n
              FROM ess_beneficiary) AS file
        WHERE n %% %(step)s = 0 OR n %% 5 = 1
        """,
        {"step": step, "worker": worker.id, "admin": env.ref("base.user_admin").id},
    )
    env.cr.execute(
        """
        INSERT INTO ess_beneficiary_team_user_rel (beneficiary_id, user_id)
        SELECT beneficiary_id, user_id FROM ess_followup ON CONFLICT DO NOTHING
        """
    )
    env.cr.execute(
        "UPDATE ess_beneficiary file SET referent_id = user_id FROM ess_followup"
        " WHERE beneficiary_id = file.id AND user_id = %s",
        (worker.id,),
    )


def as_user(env, login):
    """The files, as a user sees them."""
    user = env["res.users"].search([("login", "=", login)])
    user_env = env(user=user.id, context={"allowed_company_ids": user.company_ids.ids})
    return user_env["ess.beneficiary"]


def repeated(times, prepare):
    """Ask `times` times the question that `prepare` makes; return the last answer."""

    def run(env):
        ask = prepare(env)
        for _time in range(times):
            answer = ask()
        return answer

    return run


def hand_written(env, columns, tail, login):
    """SQL by hand for the rows that a user reads: own files, or the association's."""
    user = env["res.users"].search([("login", "=", login)])
    own = (
        SQL(
            # As a table of its own: PostgreSQL would else walk through all files by id.
            "AND id IN (WITH mine AS MATERIALIZED (SELECT beneficiary_id"
            " FROM ess_followup WHERE user_id = %s AND date_from <= %s"
            " AND (date_to IS NULL OR date_to >= %s)) SELECT beneficiary_id FROM mine)",
            user.id,
            fields.Date.today(),
            fields.Date.today(),
        )
        if login == WORKER
        else SQL()
    )
    return SQL(
        "SELECT %s FROM ess_beneficiary WHERE active AND company_id = %s"
        " AND (NOT is_protected OR id IN (SELECT beneficiary_id"
        " FROM ess_beneficiary_team_user_rel WHERE user_id = %s)) %s %s",
        SQL(columns),
        user.company_id.id,
        user.id,
        own,
        SQL(tail),
    )


class Question:
    """One question of one user, by the models and by hand."""

    def __init__(self, login):
        self.login = login

    def list_ours(self, env):
        """A page as the screen asks for it, and how many files there are."""
        files = as_user(env, self.login)
        return lambda: (
            files.search([], order=ORDER, limit=PAGE)._ids,
            files.search_count([]),
        )

    def list_by_hand(self, env):
        """The same two statements."""
        page = hand_written(env, "id", f"ORDER BY {ORDER} LIMIT {PAGE}", self.login)
        count = hand_written(env, "count(*)", "", self.login)

        def ask():
            ids = tuple(row[0] for row in env.execute_query(page))
            return ids, env.execute_query(count)[0][0]

        return ask

    def groups_ours(self, env):
        """Files by the way they came."""
        files = as_user(env, self.login)
        return lambda: [
            (intake or None, count)
            for intake, count in files._read_group([], ["intake"], ["__count"])
        ]

    def groups_by_hand(self, env):
        """The same statement."""
        groups = hand_written(
            env, "intake, count(*)", "GROUP BY intake ORDER BY intake", self.login
        )
        return lambda: env.execute_query(groups)


def main(bench):
    """Make the base, then race the four questions."""
    env = bench.env
    worker = make_users(env)[0]
    make_million(env, PERSONS, env.company.id)
    make_followups(env, worker)
    bench.commit()
    people = f"{PERSONS:,}".replace(",", " ")
    for words, login, times in (
        ("worker with 500 files", WORKER, 100),
        ("coordinator", COORDINATOR, 4),
    ):
        question = Question(login)
        for what, ours, floor in (
            ("List", question.list_ours, question.list_by_hand),
            ("Groups", question.groups_ours, question.groups_by_hand),
        ):
            bench.race(
                f"{what} of a {words} among {people} files, asked {times} times",
                ours=repeated(times, ours),
                floor=repeated(times, floor),
                rows=OWN if login == WORKER else PERSONS,
                floor_at_most=LIMIT,
            )
