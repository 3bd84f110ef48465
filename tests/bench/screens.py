"""Opening the list, its side panel and one file among 100 000 files.

Asked as the web client asks: `web_search_read` of the list, the side panel with its
counters, `web_read` of the whole form. For a worker with 500 files, for coordination
and for reception; each answer must take less than 300 ms. The floor is the bare SQL of
the rows shown: it tells what the rest of the time buys (rights, names, dates).
"""

import functools
import statistics
import time
from datetime import date

from lxml import etree

from odoo.fields import Command
from odoo.tools import SQL

ROOM = "ess_beneficiary"

PERSONS = 100_000
OWN = 500
LIMIT = 0.3
ROUNDS = 7


def make_world(env):
    """Files with a referent, a project, three goals and four situations each."""
    room = "ess_beneficiary.group_beneficiary_"
    users = env["res.users"].create(
        [
            {
                "name": f"Bench {name}",
                "login": f"bench_{name}",
                "group_ids": [Command.link(env.ref(room + group).id)],
            }
            for name, group in (
                ("worker", "officer"),
                ("coordinator", "manager"),
                ("reception", "viewer"),
                *((f"team{number}", "officer") for number in range(199)),
            )
        ]
    )
    worker, coordinator, reception, *others = users
    # whoever looks beyond their own files has said why today
    for user in (coordinator, reception):
        reasons = env["ess.access.reason"].with_user(user)
        reasons._keep("search", "A benchmark of the screens")
    env.flush_all()
    env.execute_query(
        SQL(
            """
            INSERT INTO ess_beneficiary (
                ref, last_name, first_name, company_id, active, is_protected, intake,
                referent_id, birth_date, city, create_date, write_date
            )
            SELECT 'S' || n, 'Person' || n, 'First' || n %% 997, %(company)s, TRUE,
                   n %% 50 = 0, (ARRAY['self', '115', 'round', 'other'])[1 + n %% 4],
                   CASE WHEN n <= %(own)s THEN %(worker)s
                        ELSE (%(others)s::int[])[1 + n %% %(size)s] END,
                   date '1950-01-01' + (n * 37 %% 25000), 'Lyon', now(), now()
              FROM generate_series(1, %(persons)s) AS n
            RETURNING 1
            """,
            company=env.company.id,
            persons=PERSONS,
            own=OWN,
            worker=worker.id,
            others=[user.id for user in others],
            size=len(others),
        )
    )
    for statement in (
        """
        INSERT INTO ess_beneficiary_team_user_rel (beneficiary_id, user_id)
        SELECT id, referent_id FROM ess_beneficiary WHERE ref LIKE 'S%%'
        RETURNING 1
        """,
        """
        INSERT INTO ess_followup (beneficiary_id, company_id, user_id, role,
                                  is_referent, date_from)
        SELECT id, company_id, referent_id, 'referent', TRUE, date '2024-01-01'
          FROM ess_beneficiary WHERE ref LIKE 'S%%'
        RETURNING 1
        """,
        """
        INSERT INTO ess_life_project (beneficiary_id, company_id, version, words, date,
                                      state)
        SELECT id, company_id, 1, 'Words', date '2024-01-01', 'current'
          FROM ess_beneficiary WHERE ref LIKE 'S%%'
        RETURNING 1
        """,
        """
        INSERT INTO ess_goal (beneficiary_id, company_id, life_project_id, words, rank,
                              state, is_current)
        SELECT beneficiary_id, company_id, id, 'Goal ' || n, n, 'chosen', TRUE
          FROM ess_life_project, generate_series(1, 3) AS n
        RETURNING 1
        """,
        """
        INSERT INTO ess_situation (beneficiary_id, company_id, domain_id, value_id,
                                   answer, date_from, active)
        SELECT file.id, file.company_id, domain.id, value.id, 'known',
               date '2025-01-01', TRUE
          FROM ess_beneficiary AS file,
               (SELECT id FROM ess_situation_domain WHERE active
                 ORDER BY sequence LIMIT 4) AS domain
         CROSS JOIN LATERAL (
             SELECT id FROM ess_situation_value WHERE domain_id = domain.id LIMIT 1
         ) AS value
         WHERE file.ref LIKE 'S%%'
        RETURNING 1
        """,
    ):
        env.execute_query(SQL(statement))
    return {"worker": worker, "coordination": coordinator, "reception": reception}


def specification(model, arch):
    """What the web client asks for the fields of a view."""
    wanted = {}
    for node in arch.iter("field"):
        name = node.get("name")
        if any(parent.tag == "field" for parent in node.iterancestors()):
            continue
        field = model._fields[name]
        wanted[name] = {}
        if field.relational:
            wanted[name] = {"fields": {"display_name": {}}}
            if field.type in ("one2many", "many2many") and len(node):
                comodel = model.env[field.comodel_name]
                wanted[name]["fields"] = specification(comodel, node[0])
    return wanted


def screens(env, user, file_id):
    """{screen: function that asks the server for it, with empty caches}."""
    people = env["ess.beneficiary"].with_user(user)
    views = {
        kind: etree.fromstring(people.get_view(view_type=kind)["arch"])
        for kind in ("list", "form", "search")
    }
    wanted = {kind: specification(people, views[kind]) for kind in ("list", "form")}
    own = [("team_user_ids", "in", [user.id])] if "worker" in user.login else []
    found = {
        "list": lambda: people.web_search_read(
            own, wanted["list"], limit=80, count_limit=10_001
        ),
        "file": lambda: people.browse(file_id).web_read(wanted["form"]),
    }
    for node in views["search"].iterfind(".//searchpanel/field"):
        asked = {
            "search_domain": own,
            "enable_counters": node.get("enable_counters") == "1",
            "expand": node.get("expand") == "1",
            "limit": 200,
        }
        found[f"side panel: {node.get('name')}"] = functools.partial(
            people.search_panel_select_range, node.get("name"), **asked
        )
    return found


def measure(env, call):
    """Median seconds and the set of numbers of statements of a few rounds."""
    seconds, statements = [], set()
    call()
    for _round in range(ROUNDS):
        env.flush_all()
        env.invalidate_all()
        counter, start = env.cr.sql_log_count, time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
        statements.add(env.cr.sql_log_count - counter)
    return statistics.median(seconds), statements


def main(bench):
    """Open every screen as each user, then race the list with its bare SQL."""
    env = bench.env
    users = make_world(env)
    bench.commit()
    file = env["ess.beneficiary"].search([("ref", "=", "S7")])
    print(f"\nScreens at {PERSONS:,} files, {date.today()}".replace(",", " "))
    for who, user in users.items():
        for screen, call in screens(env, user, file.id).items():
            seconds, statements = measure(env, call)
            bench.check(
                f"{who}, {screen}: at most 300 ms, same number of statements",
                f"{seconds * 1000:.0f} ms, {sorted(statements)}",
                seconds < LIMIT and len(statements) == 1,
            )

    def bare(env):
        env.execute_query(
            SQL(
                """
                SELECT id, ref, last_name, first_name, phone, city, referent_id
                  FROM ess_beneficiary
                 WHERE active AND company_id = %s AND NOT is_protected
                 ORDER BY last_name, first_name, id LIMIT 80
                """,
                env.company.id,
            )
        )

    coordinator = users["coordination"]
    bench.race(
        "The list of coordination beside the bare SQL of its rows",
        ours=lambda env: screens(env, coordinator, file.id)["list"]() and None,
        floor=bare,
        rows=80,
        same_statements=True,
    )
