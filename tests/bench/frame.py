"""The frame of every benchmark: who is raced, how it is timed, what is printed.

`./ess bench NAME` copies a database with the rooms installed, then runs
`tests/bench/NAME.py` on it, in this process, with Odoo loaded and durable writes on.
A benchmark is a module with a docstring (its first line is the title) and

    ROOM = "ess_beneficiary"      # the highest room it needs (default: the last)

    def main(bench):
        bench.env                 # an environment (superuser), on its own cursor
        make_data(bench.env)      # prepare: not timed
        bench.commit()            # what is prepared must be committed; ANALYZEs
        bench.race(
            "Import of 20 000 persons against a base of 200 000",
            ours=lambda env: run_our_import(env),
            floor=lambda env: copy_and_match_by_hand(env),
            rival=lambda env: env["res.partner"].load(FIELDS, ROWS),
            rows=20_000,
            rounds=5,             # interleaved: ours, floor, rival, ours, floor, …
            rival_rounds=1,       # a slow rival may run fewer times
            rival_rows=2_000,     # or on a sample, its time counted up to all rows
            floor_at_most=2.5,    # ours / floor: fails above
            rival_at_least=10,    # rival / ours: fails below
            same_statements=True, # ours must send as many statements each round
        )

Each contender is called with an environment of its own on a fresh cursor, whose work is
rolled back after the round (pass `keep=True` to commit it instead, and `before=` a
function of an environment that is called, untimed and committed, before every round).
It returns what it computed, in a form that can be compared (a number, a list of tuples,
a dict): every contender that returns something other than None must return the same, or
the benchmark fails; `rows_equal=` tells how many rows that comparison stands for. Only
compare what is comparable: a rival that checks less returns None.

Printed for each: median seconds (smallest and largest), rows per second, SQL
statements, peak memory added; then the two ratios, the limits, and the number of rows
found equal.
"""

import argparse
import contextlib
import gc
import importlib.util
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Bench:
    """One benchmark on its own database; `failures` collects the limits not kept."""

    def __init__(self, registry):
        self.registry = registry
        self.failures = []
        self._cursor = registry.cursor()
        self.env = _environment(self._cursor)

    def commit(self):
        """Commit what was prepared and let PostgreSQL learn about it."""
        self.env.flush_all()
        self._cursor.commit()
        self._cursor._cnx.autocommit = True
        self._cursor.execute("ANALYZE")
        self._cursor._cnx.autocommit = False

    def race(
        self,
        title,
        *,
        ours,
        floor=None,
        rival=None,
        rows=0,
        rounds=5,
        rival_rounds=None,
        rival_rows=None,
        floor_at_most=None,
        rival_at_least=None,
        same_statements=False,
        rows_equal=None,
        before=None,
        keep=False,
    ):
        """Time the contenders in interleaved rounds and print one table.

        :return: {name: Contender} with every measure, for a benchmark's own use.
        """
        named = {"ours": ours, "floor": floor, "rival": rival}
        contenders = {
            name: Contender(name, call) for name, call in named.items() if call
        }
        self._cursor.commit()
        for number in range(rounds):
            for contender in contenders.values():
                last = (
                    rival_rounds
                    if contender.name == "rival" and rival_rounds
                    else rounds
                )
                if number < last:
                    if before:
                        self._apart(before)
                    contender.run(self.registry, keep)
                    print(
                        f"  round {number + 1}/{last} {contender.name}: "
                        f"{contender.seconds[-1]:.2f} s",
                        file=sys.stderr,
                        flush=True,
                    )
        if rival_rows:
            title += f" (rival: {rival_rows:,} rows, counted up)".replace(",", " ")
            seconds = contenders["rival"].seconds
            seconds[:] = [second * rows / rival_rows for second in seconds]
        verdicts = self._verdicts(contenders, floor_at_most, rival_at_least)
        verdicts += self._equality(
            contenders, rows_equal if rows_equal is not None else rows
        )
        if same_statements:
            counts = sorted(set(contenders["ours"].statements))
            verdicts.append(
                ("SQL statements in each round", str(counts), len(counts) == 1)
            )
        print_table(title, contenders, rows, rounds, verdicts)
        self.failures += [
            f"{title}: {label} {value}"
            for label, value, kept in verdicts
            if kept is False
        ]
        return contenders

    def check(self, label, value, kept):
        """Print one more condition of the benchmark, and fail when it is not kept."""
        print(f"  {label}: {value} {'✓' if kept else '✗'}", flush=True)
        if not kept:
            self.failures.append(f"{label}: {value}")

    def _apart(self, function):
        with self.registry.cursor() as cursor:
            function(_environment(cursor))

    @staticmethod
    def _verdicts(contenders, floor_at_most, rival_at_least):
        """The ratios, each as (label, value, whether its limit is kept or None)."""
        verdicts, ours = [], contenders["ours"].median
        if "floor" in contenders:
            ratio = ours / contenders["floor"].median
            limit = f" (at most {floor_at_most:g})" if floor_at_most else ""
            verdicts.append(
                (
                    "ours / floor",
                    f"{ratio:.2f}{limit}",
                    ratio <= floor_at_most if floor_at_most else None,
                )
            )
        if "rival" in contenders:
            ratio = contenders["rival"].median / ours
            limit = f" (at least {rival_at_least:g})" if rival_at_least else ""
            verdicts.append(
                (
                    "rival / ours",
                    f"{ratio:.1f}{limit}",
                    ratio >= rival_at_least if rival_at_least else None,
                )
            )
        return verdicts

    @staticmethod
    def _equality(contenders, rows):
        comparable = [item for item in contenders.values() if item.result is not None]
        if len(comparable) < 2:
            return []
        equal = all(item.result == comparable[0].result for item in comparable[1:])
        names = ", ".join(item.name for item in comparable)
        return [
            (
                f"rows checked equal ({names})",
                f"{rows:,}".replace(",", " ") if equal else "they differ",
                equal,
            )
        ]


class Contender:
    """One way of doing the work, and what each of its rounds took."""

    def __init__(self, name, call):
        self.name, self.call = name, call
        self.seconds, self.statements, self.megabytes = [], [], []
        self.result = None

    @property
    def median(self):
        return statistics.median(self.seconds)

    def run(self, registry, keep):
        from odoo import sql_db

        with contextlib.closing(registry.cursor()) as cursor:
            env = _environment(cursor)
            gc.collect()
            memory = _peak_memory(reset=True)
            counter, start = sql_db.sql_counter, time.perf_counter()
            self.result = self.call(env)
            env.flush_all()
            if keep:
                cursor.commit()
            self.seconds.append(time.perf_counter() - start)
            self.statements.append(sql_db.sql_counter - counter)
            self.megabytes.append(max(0, _peak_memory() - memory))
            cursor.rollback()
        registry.clear_all_caches()


def print_table(title, contenders, rows, rounds, verdicts):
    """The one table that `./ess bench` prints for a race."""
    print(f"\n{title} — {rounds} interleaved rounds, medians")
    print(
        f"  {'':8}{'seconds':>10}{'(smallest–largest)':>22}"
        f"{'rows/s':>12}{'SQL':>8}{'peak MB':>9}"
    )
    for item in contenders.values():
        spread = f"({min(item.seconds):.3f}–{max(item.seconds):.3f})"
        speed = f"{rows / item.median:,.0f}".replace(",", " ") if rows else "–"
        statements = f"{statistics.median(item.statements):.0f}"
        print(
            f"  {item.name:8}{item.median:>10.3f}{spread:>22}{speed:>12}{statements:>8}"
            f"{max(item.megabytes):>+9.0f}"
        )
    for label, value, kept in verdicts:
        print(f"  {label}: {value} {({True: '✓', False: '✗'}).get(kept, '')}")
    sys.stdout.flush()


def _environment(cursor):
    from odoo import api

    return api.Environment(
        cursor, api.SUPERUSER_ID, {"lang": "en_US", "tracking_disable": True}
    )


def _peak_memory(reset=False):
    """Peak resident memory of this process in MB, counted anew when `reset`."""
    if reset:
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def discover():
    """{name: path} of the benchmarks of this folder."""
    return {
        path.stem: path
        for path in sorted(HERE.glob("*.py"))
        if path.stem != "frame" and not path.stem.startswith("_")
    }


def load(path):
    """A benchmark's module; its file may bear the name of a Python word (import.py)."""
    sys.path.insert(0, str(HERE))
    sys.modules.setdefault("frame", sys.modules[__name__])
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    parser = argparse.ArgumentParser(
        description="Run one benchmark (called by ./ess bench)."
    )
    parser.add_argument("name", choices=sorted(discover()))
    parser.add_argument("--database", required=True)
    options = parser.parse_args()
    import odoo.init  # noqa: F401 (sets up the time zone and the garbage collector)
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(
        ["-d", options.database, "--no-http", "--log-level", "warn"], setup_logging=True
    )
    bench = Bench(Registry(options.database))
    load(discover()[options.name]).main(bench)
    bench._cursor.close()
    for failure in bench.failures:
        print(f"✗ {failure}", flush=True)
    sys.exit(1 if bench.failures else 0)


if __name__ == "__main__":
    main()
