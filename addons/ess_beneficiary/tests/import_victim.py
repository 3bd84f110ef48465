"""Runs the job of long imports, then dies in the middle (see test_import_kill.py).

Called as `python import_victim.py OPTIONS…` with Odoo's options; writes “middle” when
the second part is written but not committed, then waits to be killed.
"""

import sys
import time

import odoo.init  # noqa: F401 (sets up the time zone and the garbage collector)
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def main(options):
    """Import the first part, write the second one and hang."""
    config.parse_config(options, setup_logging=True)
    with Registry(config["db_name"][0]).cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        model = type(env["ess.import"])
        apply_part, next_rows = model._apply_part, model._get_rows_to_do
        parts = []

        def hang(batch, row_ids):
            apply_part(batch, row_ids)
            parts.append(row_ids)
            if len(parts) == 2:
                sys.stdout.write("middle\n")
                sys.stdout.flush()
                time.sleep(60)

        model._apply_part = hang
        model._get_rows_to_do = lambda batch: next_rows(batch, limit=10)
        env["ess.import"]._cron_import()


if __name__ == "__main__":
    main(sys.argv[1:])
