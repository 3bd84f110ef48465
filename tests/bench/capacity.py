"""Race for places: 32 real cursors at once, a quarter as many seats, 100 rounds.

Each thread asks for a place in its own transaction and commits; the allocation follows
the commit. Counted: oversold, undersold, the order of the waiting list, and the time of
a request against that of the same insert in a programme where nothing is counted.
At the end a process is killed in the middle of an allocation, and the catch-up job
finishes it: nothing twice, nothing lost.
"""

import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

from odoo import SUPERUSER_ID, api, sql_db
from odoo.service.model import retrying
from odoo.tools import mute_logger

ROOM = "ess_programmes"

TRIES = 32
SEATS = TRIES // 4
ROUNDS = int(os.environ.get("ESS_ROUNDS", "100"))


class Round:
    """One programme, and 32 people who ask for a place in it at the same moment."""

    def __init__(self, registry, programme_id, people):
        self.registry, self.programme_id, self.people = registry, programme_id, people
        self.start = threading.Barrier(len(people))
        self.seconds, self.errors = [], []

    def run(self):
        threads = [
            threading.Thread(target=self._ask, args=[person]) for person in self.people
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _ask(self, person):
        try:
            with self.registry.cursor() as cursor:
                env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
                env["ess.enrolment.stage"]._get_first("applied")
                cursor.commit()  # connected, and in a transaction of its own
                self.start.wait()
                began = time.perf_counter()
                retrying(lambda: self._insert(env, person), env)
                self.seconds.append(time.perf_counter() - began)
        except Exception as error:
            self.errors.append(repr(error))

    def _insert(self, env, person):
        env["ess.enrolment"].create(
            {"beneficiary_id": person, "programme_id": self.programme_id}
        )


def new_programme(env, **vals):
    return (
        env["ess.programme"]
        .create({"name": "Course aux places", "kind": "course", **vals})
        .id
    )


def state(env, programme_id):
    """Return the requests of each list, in their order."""
    env.invalidate_all()
    stays = env["ess.enrolment"].search(
        [("programme_id", "=", programme_id)], order="requested_at, id"
    )
    return {
        bucket: stays.filtered(lambda stay, bucket=bucket: stay.bucket == bucket)
        for bucket in ("applied", "enrolled", "waitlisted")
    }


def ranks_in_order(lists):
    waiting = lists["waitlisted"]
    return waiting.mapped("waiting_rank") == list(range(1, len(waiting) + 1))


def percentile(values, share):
    return sorted(values)[int(len(values) * share)]


def race(bench, people):
    """Run the rounds; return the problems and the two lists of seconds."""
    problems, errors = {"oversold": 0, "undersold": 0, "order": 0, "left": 0}, []
    guarded, unguarded = [], []
    for number in range(ROUNDS):
        limited = new_programme(bench.env, capacity=SEATS, admission="order")
        free = new_programme(bench.env)
        bench.env.cr.commit()
        for programme_id, seconds in ((limited, guarded), (free, unguarded)):
            turn = Round(bench.registry, programme_id, people)
            turn.run()
            seconds += turn.seconds
            errors += turn.errors
        bench.env.cr.rollback()
        lists = state(bench.env, limited)
        entered = len(lists["enrolled"])
        problems["oversold"] += max(entered - SEATS, 0)
        problems["undersold"] += max(SEATS - entered, 0)
        problems["left"] += len(lists["applied"])
        problems["order"] += not ranks_in_order(lists)
        print(f"  round {number + 1}/{ROUNDS}", file=sys.stderr, flush=True)
    return problems, errors, guarded, unguarded


def kill_in_the_middle(bench, people):
    """Kill a process between the allocation and its commit, then run the catch-up."""
    programme_id = new_programme(bench.env, capacity=SEATS, admission="order")
    bench.env.cr.commit()
    victim = subprocess.Popen(
        [
            sys.executable,
            str(Path(__file__).with_name("_capacity_victim.py")),
            bench.env.cr.dbname,
            str(programme_id),
            *map(str, people),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    said = victim.stdout.readline().strip()
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    lost = len(state(bench.env, programme_id)["applied"])
    bench.check("requests kept when the process is killed", lost, lost == len(people))
    bench.env.cr.rollback()
    bench.env["ess.enrolment"]._cron_allocate()
    bench.env.cr.commit()
    lists = state(bench.env, programme_id)
    counts = {bucket: len(stays) for bucket, stays in lists.items()}
    expected = {
        "applied": 0,
        "enrolled": SEATS,
        "waitlisted": len(people) - SEATS,
    }
    bench.check(
        f"after the kill ({said}) and the catch-up",
        counts,
        counts == expected and ranks_in_order(lists),
    )


def main(bench):
    env = bench.env
    # each request holds its connection while its allocation uses another
    sql_db._Pool._maxconn = max(sql_db._Pool._maxconn, 3 * TRIES)
    people = (
        env["ess.beneficiary"]
        .create([{"last_name": f"Course {number}"} for number in range(TRIES)])
        .ids
    )
    bench.commit()
    with mute_logger("odoo.sql_db", "odoo.service.model"):
        problems, errors, guarded, unguarded = race(bench, people)
    print(f"\nRace for {SEATS} places, {TRIES} cursors at once, {ROUNDS} rounds")
    for label, count in problems.items():
        bench.check(label, count, not count)
    bench.check("errors", len(errors), not errors)
    for error in errors[:3]:
        print(f"    {error}")
    slow, floor = percentile(guarded, 0.95), percentile(unguarded, 0.95)
    print(
        f"  medians: {statistics.median(guarded) * 1000:.0f} ms with places, "
        f"{statistics.median(unguarded) * 1000:.0f} ms without"
    )
    bench.check(
        "p95 with places / without",
        f"{slow * 1000:.0f} / {floor * 1000:.0f} ms = {slow / floor:.2f} (at most 3)",
        slow <= 3 * floor,
    )
    kill_in_the_middle(bench, people)
