import base64
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config

LINES = 25
MARK = "Interrompu"


@tagged("post_install", "-at_install", "ess")
class TestImportKill(BaseCase):
    """A server that is killed in the middle of a long import.

    For real: rows that are committed, another process, the signal that nobody can
    catch. So the test cleans up after itself.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        lines = ["Nom;Prénom", *(f"{MARK}{n:02};Ligne{n:02}" for n in range(LINES))]
        with self._environment() as env:
            batch = env["ess.import"].create(
                {
                    "data": base64.b64encode("\n".join(lines).encode()),
                    "filename": "interrompue.csv",
                    "user_id": env.ref("base.user_admin").id,
                }
            )
            self.batch_id = batch.id
            self.addCleanup(self._clean_up)
            batch.action_check()
            batch.row_ids.action_create()
            batch.state = "running"

    @contextmanager
    def _environment(self):
        """An environment on a cursor of its own, committed at the end."""
        with self.registry.cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {})

    def _clean_up(self):
        with self._environment() as env:
            batch = env["ess.import"].browse(self.batch_id)
            files = env["ess.beneficiary"].search([("import_id", "=", batch.id)])
            files.unlink()
            batch.unlink()

    def _run_victim(self):
        """Start the job in another process and kill it in its second part."""
        names = ("db_host", "db_port", "db_user", "db_password", "data-dir")
        values = {name: config[name.replace("-", "_")] for name in names}
        options = [f"--{name}={value}" for name, value in values.items() if value]
        options.append("--addons-path=" + ",".join(config["addons_path"]))
        options += ["-d", get_db_name(), "--no-http", "--log-level=error"]
        with subprocess.Popen(
            [
                sys.executable,
                str(Path(__file__).with_name("import_victim.py")),
                *options,
            ],
            stdout=subprocess.PIPE,
            text=True,
        ) as victim:
            said = victim.stdout.readline().strip()
            victim.kill()
        return said

    def _get_state(self, env):
        """State of the list, names of its files, how many rows have each."""
        batch = env["ess.import"].browse(self.batch_id)
        files = env["ess.beneficiary"].search(
            [("import_id", "=", batch.id)], order="id"
        )
        return batch.state, files.mapped("last_name"), len(files.import_row_id)

    def test_a_restart_finishes_it(self):
        self.assertEqual(self._run_victim(), "middle")
        names = [f"{MARK}{number:02}" for number in range(LINES)]
        with self._environment() as env:
            # the first part is there as a whole, nothing of the second
            self.assertEqual(self._get_state(env), ("running", names[:10], 10))
            self.assertEqual(env["ess.import"].browse(self.batch_id).to_do_count, 15)
        for _restart in range(2):  # and a second one has nothing to do
            with self._environment() as env:
                env["ess.import"]._cron_import()
            with self._environment() as env:
                self.assertEqual(self._get_state(env), ("imported", names, LINES))
