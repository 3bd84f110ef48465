from odoo import models
from odoo.tools import SQL

from ..tools.matching_keys import KEYS, trigger_statements


class EssImportRow(models.Model):
    """The keys of the rows, as the files have them: a new file takes them over."""

    _inherit = "ess.import.row"

    def init(self):
        super().init()
        self.env["ess.beneficiary"]._create_matching_functions()
        table = SQL.identifier(self._table)
        columns = SQL(", ").join(
            SQL("ADD COLUMN IF NOT EXISTS %s %s", SQL.identifier(name), SQL(kind))
            for name, (kind, _sql) in KEYS.items()
        )
        self.env.cr.execute(SQL("ALTER TABLE %s %s", table, columns))
        # Until 19.0.1.0 each row repeated these of its batch.
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP COLUMN IF EXISTS company_id,"
                " DROP COLUMN IF EXISTS user_id",
                table,
            )
        )
        for statement in trigger_statements(self._table):
            self.env.cr.execute(statement)
