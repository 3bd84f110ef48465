from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class EssPayroll(models.Model):
    """The entry of a payroll journal: one line per salary, spread by its keys."""

    _inherit = "ess.payroll"

    def _get_without_key(self):
        """Those of the journal whose salary no key spreads.

        :rtype: ess.payroll.employee
        """
        self.ensure_one()
        employees = self.line_ids.employee_id
        keyed = self.env["ess.payroll.key"]._get_shares(employees, self.date)
        return employees.filtered(lambda employee: employee.id not in keyed)

    def _check_bookable(self):
        """Refuse what cannot be booked, before anything is written.

        :raises UserError: what to do
        """
        self._check_not_booked()
        if not self.line_ids:
            raise UserError(self.env._("Read the file of the payroll tool first."))
        missing = self._get_without_key()
        if missing and not self.rest_to_structure:
            raise UserError(
                self.env._(
                    "No key in this month for %(names)s: add one in Keys of salaries, "
                    "or send these salaries to Structure.",
                    names=", ".join(missing.mapped("display_name")),
                )
            )
        self.env["account.move"]._ess_check_open(self.company_id, self.date)

    def _make_entry(self):
        """The draft entry.

        :rtype: account.move
        """
        self.ensure_one()
        employees = self.line_ids.employee_id
        shares = self.env["ess.payroll.key"]._get_shares(employees, self.date)
        structure = self.company_id._get_structure_action()
        commands = []
        for line in self.line_ids:
            values = {
                "account_id": line.account_id.id,
                "name": line.name,
                "balance": line.amount,
            }
            if line.employee_id:
                parts = shares.get(line.employee_id.id)
                parts = parts or [(structure, self.env["ess.grant"], 100.0)]
                values |= {
                    "name": f"{line.employee_id.code} – {line.name}",
                    "ess_is_salary": True,
                    "analytic_distribution": self._get_distribution(parts),
                }
            commands.append(Command.create(values))
        return self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.journal_id.id,
                "company_id": self.company_id.id,
                "date": self.date,
                "ref": self.display_name,
                "line_ids": commands,
            }
        )

    def _get_distribution(self, parts):
        """Analytic distribution of one salary.

        :param list parts: (action, grant, percent)
        :rtype: dict
        """
        found = defaultdict(float)
        for action, grant, percent in parts:
            # sudo: ids of the twins of the action and the grant
            accounts = [action.sudo().analytic_account_id.id]
            if grant:
                accounts.append(grant.sudo().analytic_account_id.id)
            found[",".join(map(str, accounts))] += percent
        return {key: round(percent, 8) for key, percent in found.items()}
