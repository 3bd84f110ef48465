"""Import of 20 000 persons, compared with 200 000 files, identity and contacts.

Ours reads a CSV, checks it, finds probable duplicates among the files and inside the
list, and opens the files. The floor is what nobody can do without, in SQL by hand on
ready values: COPY to a staging table, the same matching SQL, INSERT … SELECT. The rival
is Odoo's own import of contacts, `res.partner.load`, which compares nothing; it is
timed on a sample of the rows and counted up.

Longer lists and larger bases: `ESS_BENCH_INCOMING=100000`, `ESS_BENCH_BASE=1000000`.
"""

import base64
import os
import time

from _people import FIELDS, People

from odoo.addons.ess_beneficiary.models.ess_import_stage import KEYS_TABLE
from odoo.addons.ess_beneficiary.tools.matching_keys import (
    INDEXES,
    KEYS,
    SOURCES,
    keys_of_table,
)
from odoo.addons.ess_beneficiary.tools.row_values import Remarks, convert
from odoo.addons.ess_beneficiary.tools.safe_xlsx import write_csv
from odoo.addons.ess_beneficiary.tools.staging import copy_rows

ROOM = "ess_beneficiary"

BASE = int(os.environ.get("ESS_BENCH_BASE", 200_000))
INCOMING = int(os.environ.get("ESS_BENCH_INCOMING", 20_000))
RIVAL_ROWS = 4_000
# How many times as fast as the rival: a long list spreads what is done once.
RIVAL_AT_LEAST = 15 if INCOMING >= 100_000 and BASE < 1_000_000 else 10
KNOWN_SHARE = 10  # one incoming person in ten is in the base already
PARTNER_FIELDS = ["name", "ref", "phone", "email", "street", "zip", "city"]
COLUMNS = [*FIELDS, "birth_date_precision", "birth_date_text"]
CHUNK = 50_000


def typed(env, people):
    """The values of files from what people typed: rows of COLUMNS."""
    columns = {name: [[person[name] for person in people]] for name in FIELDS}
    from odoo.fields import Date

    values = convert(columns, len(people), Date.today(), {}, Remarks())
    return list(zip(*(values[name] for name in COLUMNS)))


def make_base(env, people):
    """Write the base by COPY: what is raced is the import."""
    rows = typed(env, people)
    names = [*COLUMNS, "ref", "qr_token", "company_id", "active", "is_protected"]
    company = env.company.id
    for start in range(0, len(rows), CHUNK):
        copy_rows(
            env.cr,
            "ess_beneficiary",
            names,
            [
                (*row, f"B{start + number}", f"b{start + number}", company, True, "f")
                for number, row in enumerate(rows[start : start + CHUNK])
            ],
        )


def incoming(people, maker):
    """People to import; some are in the base, written otherwise."""
    known = maker.draw.sample(people, INCOMING // KNOWN_SHARE)
    return [
        maker.copied(known[number // KNOWN_SHARE])
        if number % KNOWN_SHARE == 0
        else maker.person()
        for number in range(INCOMING)
    ]


class Import:
    """The three contenders on the same people."""

    def __init__(self, env, people):
        self.people = people
        self.csv = base64.b64encode(
            write_csv(FIELDS, [list(person.values()) for person in people])
        )
        self.typed = typed(env, people)
        self.partners = [
            [
                f"{person['first_name']} {person['last_name']}",
                f"R{number}",
                *(person[name] for name in PARTNER_FIELDS[2:]),
            ]
            for number, person in enumerate(people)
        ]
        self.without_insert = []

    def batch(self, env):
        """The list, uploaded."""
        return env["ess.import"].create({"data": self.csv, "filename": "list.csv"})

    def ours(self, env):
        batch = self.batch(env)
        batch.action_check()
        batch._apply()  # what the background job does in parts, in one go
        return self._result(env, "import_id = %s", batch.id)

    def _result(self, env, condition, value):
        """How many files were opened, and the sums of what they hold."""
        env.cr.execute(
            "SELECT count(*), sum(hashtext(row(last_name, first_name, birth_date,"
            " birth_date_precision, sex, phone, email, street, zip, city)::text))"
            f" FROM ess_beneficiary WHERE {condition}",
            [value],
        )
        return env.cr.fetchone()

    def floor(self, env):
        """COPY, matching and one INSERT by hand."""
        started = time.perf_counter()
        cr, company = env.cr, env.company.id
        matched = self.matched(env)
        self.without_insert.append(time.perf_counter() - started)
        names = ", ".join([*COLUMNS, *KEYS])
        cr.execute(
            f"INSERT INTO ess_beneficiary ({names}, ref, qr_token, company_id, active,"
            f" is_protected) SELECT {names}, 'F' || id, md5(id::text), {company},"
            f" TRUE, FALSE FROM {KEYS_TABLE} WHERE id <> ALL (%s)",
            [matched],
        )
        return self._result(env, "ref LIKE %s", "F%")

    def matched(self, env):
        """Ids of the rows that are known, or twice in the list, by SQL alone."""
        cr, company = env.cr, env.company.id
        sources = ", ".join(f"{name} {kind}" for name, kind in SOURCES.items())
        cr.execute(
            "CREATE TEMPORARY TABLE bench_staging (id serial, company_id int DEFAULT"
            f" {company}, {sources}) ON COMMIT DROP"
        )
        copy_rows(cr, "bench_staging", COLUMNS, self.typed)
        cr.execute(f"DROP TABLE IF EXISTS {KEYS_TABLE}")
        cr.execute(
            f"CREATE TEMPORARY TABLE {KEYS_TABLE} ON COMMIT DROP AS"
            f" SELECT * FROM {keys_of_table('bench_staging')} keyed"
        )
        for expressions, condition in INDEXES.values():
            where = f" WHERE {condition}" if condition else ""
            cr.execute(f"CREATE INDEX ON {KEYS_TABLE} ({expressions}){where}")
        cr.execute(f"ANALYZE {KEYS_TABLE}")
        match = env["ess.beneficiary"]._run_matching
        known, _skipped = match(KEYS_TABLE, crowd=KEYS_TABLE)
        twice, _skipped = match(KEYS_TABLE, right=KEYS_TABLE, where="r.id < l.id")
        return list({pair[0] for pair in known + twice})

    def rival(self, env):
        """Odoo's import button; in parts of 2 000 rows, as its screen does."""
        for start in range(0, RIVAL_ROWS, 2_000):
            result = env["res.partner"].load(
                PARTNER_FIELDS, self.partners[start : start + 2_000]
            )
            assert result["ids"], result["messages"]


def main(bench):
    maker = People(2026)
    people = [maker.person() for _n in range(BASE)]
    make_base(bench.env, people)
    contenders = Import(bench.env, incoming(people, maker))
    bench.commit()
    race = bench.race(
        f"Import of {INCOMING:,} persons against a base of {BASE:,}".replace(",", " "),
        ours=contenders.ours,
        floor=contenders.floor,
        rival=contenders.rival,
        rows=INCOMING,
        rounds=3,
        rival_rounds=1,
        rival_rows=RIVAL_ROWS,
        floor_at_most=2.5,
        rival_at_least=RIVAL_AT_LEAST,
        same_statements=True,
    )
    staged = sorted(contenders.without_insert)[len(contenders.without_insert) // 2]
    bench.check(
        "ours / (COPY + matching, no insert)",
        f"{race['ours'].median / staged:.2f} (at most 2.5)",
        race["ours"].median <= 2.5 * staged,
    )
