"""Asks for places, then dies in the middle of their allocation (see capacity.py).

Called as `python _capacity_victim.py DATABASE PROGRAMME_ID PERSON_ID…`; prints "locked"
once the places are given but not committed, then waits to be killed.
"""

import sys
import time

import odoo.init  # noqa: F401 (sets up the time zone and the garbage collector)
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def main(database, programme_id, *person_ids):
    config.parse_config(
        ["-d", database, "--no-http", "--log-level", "warn"], setup_logging=True
    )
    with Registry(database).cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
        allocate = type(env["ess.enrolment"])._allocate

        def hang(self, programmes, requests=None):
            allocate(self, programmes, requests)
            print("locked", flush=True)
            time.sleep(60)

        type(env["ess.enrolment"])._allocate = hang
        env["ess.enrolment"].create(
            [
                {"beneficiary_id": int(person), "programme_id": int(programme_id)}
                for person in person_ids
            ]
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
