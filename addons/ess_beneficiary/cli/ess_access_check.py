"""``odoo ess_access_check``: look for any altered, missing or added line of the access
log.
"""

import sys

from odoo.api import SUPERUSER_ID, Environment
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class Ess_Access_Check(Command):
    """Check the seals of the access log, also against seals received by mail."""

    name = "ess_access_check"
    epilog = """
    Examples:
      odoo ess_access_check -d DATABASE
      odoo ess_access_check -d DATABASE --seal 1234:5f0c… --seal 1300:91ab…
    """

    def run(self, args):
        """Print what was found; the exit code is 1 when something was."""
        options = self._read_options(args)
        config.parse_config(
            [
                "--no-http",
                "-d",
                options.database,
                *(["-c", options.config] if options.config else []),
            ],
            setup_logging=True,
        )
        with Registry(options.database).cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            problems = env["ess.access.seal"]._check_chain(options.seal)
            head = env["ess.access.seal"].search([], limit=1)
        for problem in problems:
            print(f"✗ {problem}")
        if problems:
            sys.exit(1)
        print(f"✓ The access log is intact up to seal no. {head.number}: {head.value}")

    def _read_options(self, args):
        parser = self.parser
        parser.add_argument("-c", "--config", help="configuration file of Odoo")
        parser.add_argument("-d", "--database", required=True, help="database to check")
        parser.add_argument(
            "--seal",
            action="append",
            default=[],
            type=self._read_seal,
            metavar="NUMBER:VALUE",
            help="a seal kept outside, as received by mail",
        )
        return parser.parse_args(args)

    @staticmethod
    def _read_seal(text):
        number, _colon, value = text.partition(":")
        return int(number), value.strip()
