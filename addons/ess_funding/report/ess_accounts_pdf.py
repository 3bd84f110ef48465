from odoo import models
from odoo.tools import format_date


class EssAccountsStatement(models.TransientModel):
    """The statement on the screen, for the printed page."""

    _inherit = "ess.accounts.statement"

    def _get_print_values(self):
        """Title, columns and rows of the QWeb template.

        :return: ``columns`` are (field name, title)
        :rtype: dict
        """
        self.ensure_one()
        year, before = self.env._("Year"), self.env._("Year before")
        columns = {
            "trial": [
                ("opening", self.env._("Opening")),
                ("debit", self.env._("Debit")),
                ("credit", self.env._("Credit")),
                ("amount", self.env._("Balance")),
            ],
            "balance_sheet": [
                ("gross", self.env._("Gross")),
                ("reduction", self.env._("Depreciation, impairment")),
                ("amount", self.env._("Net")),
                ("previous", before),
            ],
            "result": [("amount", year), ("previous", before)],
            "crod": [
                ("amount", year),
                ("generosity", self.env._("Of which public generosity")),
                ("previous", before),
            ],
        }[self.kind]
        return {
            "columns": columns,
            "show_code": self.kind == "trial",
            "rows": self.line_ids,
            "period": self.env._(
                "from %(start)s to %(end)s",
                start=format_date(self.env, self.date_from),
                end=format_date(self.env, self.date_to),
            ),
        }
