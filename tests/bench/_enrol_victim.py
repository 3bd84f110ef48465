"""Runs the job of batches of enrolments, to be killed in the middle (see enrol.py).

Called as `python _enrol_victim.py DATABASE`; prints "slice" after each slice.
"""

import sys

import odoo.init  # noqa: F401 (sets up the time zone and the garbage collector)
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def main(database):
    config.parse_config(
        ["-d", database, "--no-http", "--log-level", "warn"], setup_logging=True
    )
    with Registry(database).cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
        batch = env["ess.enrolment.batch"].search([("state", "=", "running")], limit=1)
        while batch.state == "running":
            batch._run_slice()
            cursor.commit()
            print("slice", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
