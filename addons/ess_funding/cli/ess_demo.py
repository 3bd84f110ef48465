"""``odoo ess_demo``: fill a database with the demo association, or write what it would
send out.
"""

import sys
from pathlib import Path

from odoo.api import SUPERUSER_ID, Environment
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class Ess_Demo(Command):
    """Build the demo association in a database, and write the papers it sends out.

    The database must have the addon ess_funding installed, and no real person.
    Everybody in "La Maison des Deux Ponts" is invented.
    """

    name = "ess_demo"
    epilog = """
    Examples:
      odoo ess_demo -d demo                                  build, once
      odoo ess_demo -d demo --only export --output var/demo --url http://127.0.0.1:8069
    """

    def run(self, args):
        """Read the options and run the parts that were asked for."""
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
            if (
                env["ir.module.module"].search([("name", "=", "ess_funding")]).state
                != "installed"
            ):
                sys.exit(
                    f"ess_demo: install ess_funding in {options.database} "
                    f"first (odoo -d {options.database} -i ess_funding)."
                )
            if options.only != "export":
                self._build(env)
            if options.only != "build" and options.output:
                self._export(env, options)

    def _read_options(self, args):
        parser = self.parser
        parser.add_argument("-c", "--config", help="configuration file of Odoo")
        parser.add_argument("-d", "--database", required=True, help="database to fill")
        parser.add_argument(
            "--output",
            type=Path,
            metavar="DIR",
            help="folder for the papers to send out",
        )
        parser.add_argument(
            "--only", choices=("build", "export"), help="do one of the two parts"
        )
        parser.add_argument(
            "--url",
            default="",
            help="address of a running server on this database, for PDF files",
        )
        return parser.parse_args(args)

    def _build(self, env):
        """Build once, all or nothing; say so when there is nothing to do."""
        # The addons can only be imported once the registry is loaded.
        from odoo.addons.ess_funding.demo import build

        try:
            build.run(env)
        except build.NotForDemo as refusal:
            sys.exit(f"ess_demo: {refusal}")
        env.cr.commit()

    def _export(self, env, options):
        """Write the papers into the folder."""
        from odoo.addons.ess_funding.demo import build, export

        try:
            build.check_built(env)
        except build.NotForDemo as refusal:
            sys.exit(f"ess_demo: {refusal}")
        export.run(env, options.output, options.url)
        env.cr.commit()
