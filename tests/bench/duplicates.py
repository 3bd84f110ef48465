"""Search of duplicates: one new person among 100 000, and the whole base.

One person: the search that runs before a file is opened, against the bare look-up of
the same person by its keys in the same indexes, which compares nothing. Whole base: the
nightly scan, which writes the pairs, against the SQL that finds them. The same for
100 000 incoming persons and 1 000 000 files, with `ESS_BENCH_LARGE=1`: it takes half an
hour to prepare.
"""

import importlib.util
import os
import time
from pathlib import Path

from _people import People

from odoo.addons.ess_beneficiary.tools.matching_keys import (
    KEYS,
    SOURCES,
    keys_relation,
    last_skeleton,
    skeleton,
    street_name,
)

ROOM = "ess_beneficiary"

BASE = int(os.environ.get("ESS_BENCH_BASE", 100_000))
LARGE = bool(os.environ.get("ESS_BENCH_LARGE"))
SEARCHES = 200
FIELDS = [*SOURCES]
ROWS = ", ".join(["id", "company_id", *SOURCES, *KEYS])

_spec = importlib.util.spec_from_file_location(
    "bench_of_import", Path(__file__).with_name("import.py")
)
_import = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_import)

# The look-ups that nobody can do without: one by each key, as the blocks do.
LOOK_UP = f"""
    WITH given AS (SELECT * FROM {keys_relation("(SELECT {values})")} keyed)
    SELECT id FROM ess_beneficiary r, given l WHERE r.match_birth = l.match_birth
    UNION SELECT r.id FROM ess_beneficiary r, given l
        WHERE {skeleton("r.match_name")} = {skeleton("l.match_name")}
    UNION SELECT r.id FROM ess_beneficiary r, given l
        WHERE {last_skeleton("r.match_name")} = {last_skeleton("l.match_name")}
        AND r.zip = l.zip
    UNION SELECT r.id FROM ess_beneficiary r, given l
        WHERE r.match_phone = l.match_phone
    UNION SELECT r.id FROM ess_beneficiary r, given l
        WHERE r.match_email = l.match_email
    UNION SELECT r.id FROM ess_beneficiary r, given l
        WHERE {street_name("r.match_street")} = {street_name("l.match_street")}
        AND r.zip = l.zip AND left(r.match_last, 1) = left(l.match_last, 1)
"""


class Search:
    """Two ways to look for the same new persons, one by one."""

    def __init__(self, people):
        self.people = [dict(zip(FIELDS, person)) for person in people]
        self.milliseconds = []

    def ours(self, env):
        beneficiary = env["ess.beneficiary"]
        beneficiary._compare_values(self.people[0], 0.05)  # planned once in a session
        for person in self.people:
            started = time.perf_counter()
            beneficiary._compare_values(person, 0.05)
            self.milliseconds.append((time.perf_counter() - started) * 1000)

    def floor(self, env):
        cr = env.cr
        values = ", ".join(f"${n}::{kind} AS {name}" for n, (name, kind) in _places())
        text = LOOK_UP.replace("{values}", values)
        cr.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        arguments = ", ".join(SOURCES.values())
        cr.execute(f"PREPARE bench_look_up ({arguments}) AS {text}")
        marks = ", ".join(["%s"] * len(FIELDS))
        for person in self.people:
            cr.execute(f"EXECUTE bench_look_up ({marks})", [*person.values()])
            cr.fetchall()
        cr.execute("DEALLOCATE bench_look_up")


def _places():
    return enumerate(SOURCES.items(), 1)


def scan(env):
    env["ess.duplicate"]._scan()
    env.cr.execute("SELECT count(*) FROM ess_duplicate")
    return env.cr.fetchone()[0]


def matching_sql(env):
    """The statement alone, over the same batches, its pairs counted once."""
    env.cr.execute("SELECT id FROM ess_beneficiary WHERE active ORDER BY id")
    ids, best = [row[0] for row in env.cr.fetchall()], {}
    for start in range(0, len(ids), 20_000):
        pairs, _skipped = env["ess.beneficiary"]._run_matching(
            f"(SELECT {ROWS} FROM ess_beneficiary WHERE active AND id = ANY(%s))",
            [[ids[start : start + 20_000]]],
            where="r.company_id = l.company_id AND r.id <> l.id AND r.active",
        )
        for one, two, score, _reasons in pairs:
            pair = (min(one, two), max(one, two))
            best[pair] = max(best.get(pair, 0), score)
    return len(best)


def main(bench):
    maker = People(2027)
    people = [maker.person() for _n in range(BASE)]
    _import.make_base(bench.env, people)
    bench.commit()
    new = [maker.copied(p) for p in maker.draw.sample(people, SEARCHES // 2)]
    new += [maker.person() for _n in range(SEARCHES // 2)]
    typed = [dict(zip(_import.COLUMNS, row)) for row in _import.typed(bench.env, new)]
    search = Search([[row.get(name) for name in FIELDS] for row in typed])
    bench.race(
        f"Search of one new person among {BASE:,} files".replace(",", " "),
        ours=search.ours,
        floor=search.floor,
        rows=SEARCHES,
        rounds=3,
        floor_at_most=3,
    )
    slow = sorted(search.milliseconds)[int(len(search.milliseconds) * 0.95)]
    bench.check("95 in 100 searches", f"{slow:.1f} ms (at most 50)", slow <= 50)
    bench.race(
        f"Scan of all {BASE:,} files".replace(",", " "),
        ours=scan,
        floor=matching_sql,
        rows=BASE,
        rounds=1,
        floor_at_most=2,
    )
    if LARGE:
        large(bench)


def large(bench):
    """100 000 incoming persons against 1 000 000 files."""
    maker = People(2028)
    people = [maker.person() for _n in range(1_000_000 - BASE)]
    _import.make_base(bench.env, people)
    bench.commit()
    _import.INCOMING = 100_000
    contenders = _import.Import(bench.env, _import.incoming(people, maker))
    race = bench.race(
        "Check of 100 000 incoming persons against 1 000 000 files",
        ours=lambda env: contenders.batch(env).action_check() and None,
        floor=lambda env: contenders.matched(env) and None,
        rows=100_000,
        rounds=1,
        floor_at_most=2,
    )
    seconds = race["floor"].median
    bench.check("matching SQL", f"{seconds:.1f} s (at most 20)", seconds <= 20)
