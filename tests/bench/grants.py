"""Grants over 500 000 analytic lines: planned and actual, 200 grants, paid expenses.

Planned and actual of one grant must take at most 1.5 times the same sums written by
hand in SQL, and less than a second; the charged amounts of 200 grants are one pass;
the paid expenses of a grant with 20 000 lines, partial payments pro rata, take less
than two seconds.
"""

import os
import statistics
import time
from datetime import date

from odoo.fields import Command
from odoo.tools import SQL

ROOM = "ess_funding"

LINES = int(os.environ.get("ESS_LINES", "500000"))
GRANTS = int(os.environ.get("ESS_GRANTS", "200"))
PAID = min(20_000, LINES)
YEAR_END = date(2026, 12, 31)


def make_world(env):
    """One action per grant, and entries of ten lines charged to them by SQL."""
    company = env.company
    if company.chart_template != "fr":
        env["account.chart.template"].try_loading("fr", company)
    funder = env["res.partner"].create({"name": "Funder"})
    actions = env["ess.funding.action"].create(
        [{"name": f"Action {number}"} for number in range(GRANTS)]
    )
    grants = env["ess.grant"].create(
        [
            {
                "name": f"Grant {number}",
                "funder_id": funder.id,
                "amount": 1e9,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "state": "running",
                "share_ids": [Command.create({"action_id": action.id, "amount": 1e9})],
            }
            for number, action in enumerate(actions)
        ]
    )
    env.flush_all()
    make_lines(env, grants)
    return grants


def get_accounts(env, prefix):
    """Accounts of the company that begin so."""
    accounts = env["account.account"]
    domain = [("code", "=like", f"{prefix}%"), ("company_ids", "in", env.company.ids)]
    return accounts.search(domain)


def make_lines(env, grants):
    """Entries, their items and their analytic lines: the first grant has 20 000."""
    journal = env["account.journal"].search(
        [("type", "=", "general"), ("company_id", "=", env.company.id)], limit=1
    )
    plans = env["account.analytic.plan"]
    values = {
        "journal": journal.id,
        "company": env.company.id,
        "currency": env.company.currency_id.id,
        "costs": get_accounts(env, "60").ids,
        "payable": get_accounts(env, "4011")[:1].id,
        "actions": grants.action_ids.analytic_account_id.ids,
        "grants": grants.analytic_account_id.ids,
        "action": SQL.identifier(plans._ess_column("action")),
        "grant": SQL.identifier(plans._ess_column("grant")),
        "moves": LINES // 10,
        "own": PAID // 10,
        "many": len(grants),
    }
    env.execute_query(
        SQL(
            """
            WITH m AS (
                INSERT INTO account_move (journal_id, company_id, currency_id, date,
                       state, move_type, name, auto_post, sequence_prefix)
                SELECT %(journal)s, %(company)s, %(currency)s,
                       DATE '2026-01-01' + n %% 365, 'posted', 'entry', 'B/' || n,
                       'no', 'B/'
                  FROM generate_series(1, %(moves)s) n
             RETURNING id, date)
            INSERT INTO account_move_line (move_id, company_id, journal_id, account_id,
                   date, parent_state, balance, debit, credit, amount_currency,
                   currency_id, company_currency_id, display_type, name, move_name)
            SELECT m.id, %(company)s, %(journal)s,
                   CASE WHEN k = 11 THEN %(payable)s
                        ELSE (%(costs)s::int[])[1 + (m.id + k)
                             %% array_length(%(costs)s::int[], 1)] END,
                   m.date, 'posted', a, GREATEST(a, 0), GREATEST(-a, 0), a,
                   %(currency)s, %(currency)s, 'product', 'Line', 'B'
              FROM m CROSS JOIN generate_series(1, 11) k
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN k = 11 THEN -100.10 ELSE 10.01 END) v(a)
         RETURNING 1
            """,
            **values,
        )
    )
    env.execute_query(
        SQL(
            """
            INSERT INTO account_analytic_line (name, date, amount, company_id,
                   currency_id, general_account_id, move_line_id, unit_amount,
                   %(action)s, %(grant)s)
            SELECT 'Line', l.date, -l.balance, l.company_id, l.currency_id,
                   l.account_id, l.id, 1, (%(actions)s::int[])[g.at],
                   (%(grants)s::int[])[g.at]
              FROM (SELECT *, DENSE_RANK() OVER (ORDER BY move_id) AS place
                      FROM account_move_line WHERE move_name = 'B'
                       AND display_type = 'product' AND balance > 0) l
             CROSS JOIN LATERAL (SELECT CASE WHEN l.place <= %(own)s THEN 1
                                 ELSE 1 + l.place %% %(many)s END::int) g(at)
         RETURNING 1
            """,
            **values,
        )
    )
    pay_half(env, values)


def pay_half(env, values):
    """Every entry is paid for its half, by one big payment."""
    env.execute_query(
        SQL(
            """
            WITH m AS (
                INSERT INTO account_move (journal_id, company_id, currency_id, date,
                       state, move_type, name, auto_post, sequence_prefix)
                VALUES (%(journal)s, %(company)s, %(currency)s, '2026-06-30', 'posted',
                       'entry', 'P/1', 'no', 'P/')
             RETURNING id
            ), l AS (
                INSERT INTO account_move_line (move_id, company_id, journal_id,
                       account_id, date, parent_state, balance, debit, credit,
                       amount_currency, currency_id, company_currency_id, display_type,
                       name, move_name)
                SELECT m.id, %(company)s, %(journal)s, %(payable)s, '2026-06-30',
                       'posted', 1000, 1000, 0, 1000, %(currency)s, %(currency)s,
                       'product', 'Payment', 'P'
                  FROM m
             RETURNING id)
            INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id,
                   amount, debit_amount_currency, credit_amount_currency,
                   debit_currency_id, credit_currency_id, company_id, max_date)
            SELECT l.id, own.id, 50.05, 50.05, 50.05, %(currency)s, %(currency)s,
                   %(company)s, '2026-06-30'
              FROM account_move_line own, l
             WHERE own.move_name = 'B' AND own.balance < 0
         RETURNING 1
            """,
            **values,
        )
    )


def by_hand(env, grant):
    """The same sums, by hand: cost of the action by account, and the grant's part."""
    plans = env["account.analytic.plan"]
    return env.execute_query(
        SQL(
            """
            SELECT line.general_account_id, line.%(grant)s, SUM(line.amount)
              FROM account_analytic_line line
              JOIN account_move_line item ON item.id = line.move_line_id
             WHERE line.%(action)s = %(account)s AND item.parent_state = 'posted'
               AND line.general_account_id IS NOT NULL
          GROUP BY 1, 2
            """,
            action=SQL.identifier(plans._ess_column("action")),
            grant=SQL.identifier(plans._ess_column("grant")),
            account=grant.action_ids.analytic_account_id.id,
        )
    )


def main(bench):
    """Race planned and actual; time the passes."""
    grants = make_world(bench.env)
    ids = grants.ids
    bench.commit()

    def ours(env):
        grant = env["ess.grant"].browse(ids[0])
        action = grant.action_ids
        rows = action._get_statement(env["ess.budget"], grant=grant)
        total = [row for row in rows if row["kind"] == "total"][0]
        return round(total["share"], 2)

    def floor(env):
        rows = by_hand(env, env["ess.grant"].browse(ids[0]))
        return round(-sum(row[2] for row in rows), 2)

    bench.race(
        "Planned and actual of one grant among 500 000 analytic lines",
        ours=ours,
        floor=floor,
        rows=LINES,
        floor_at_most=1.5,
    )
    timed(bench, ids, "Charged to 200 grants, in one pass", 3.0, charged)
    timed(bench, ids, "Paid expenses of one grant, 20 000 lines", 2.0, paid)


def charged(env, ids):
    """What is charged to all grants."""
    return sum(env["ess.grant"].browse(ids)._get_spent_amounts().values())


def paid(env, ids):
    """What is paid of the first grant: half of it, to the cent."""
    rows = env["ess.grant"].browse(ids[0])._get_paid_rows(YEAR_END)
    whole = sum(row["amount"] for row in rows)
    total = sum(row["paid"] for row in rows)
    if round(total * 2, 2) != round(whole, 2):
        raise AssertionError(f"{total} paid of {whole}")
    return len(rows)


def timed(bench, ids, title, limit, function):
    """Time a pass on a fresh cursor, five times; fail above the limit."""
    times = []
    for _round in range(5):
        with bench.registry.cursor() as cursor:
            env = bench.env(cr=cursor)
            start = time.perf_counter()
            found = function(env, ids)
            times.append(time.perf_counter() - start)
    median = statistics.median(times)
    print(f"{title}: {median:.3f} s (at most {limit:g} s), {found:,.2f}")
    if median > limit:
        bench.failures.append(f"{title}: {median:.2f} s")
