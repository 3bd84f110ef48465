from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from ..tools.payroll import percents_of_hours

BASES = [("letter", "Mission letter (%)"), ("hours", "Hours worked")]


class EssPayrollKey(models.Model):
    """Where a part of somebody's salary goes: an action, and the grant that pays it.

    Written by the payroll group from the mission letter (a percentage), or from the
    hours of the month. Hours spread euros, they are never a cost. What the percentages
    leave belongs to no action.
    """

    _name = "ess.payroll.key"
    _description = "Key of a salary"
    _order = "employee_id, date_from desc, id"
    _check_company_auto = True

    employee_id = fields.Many2one(
        comodel_name="ess.payroll.employee",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="employee_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    date_from = fields.Date(
        string="From", required=True, help="Counts for whole months, this one included."
    )
    date_to = fields.Date(
        string="Until", help="Last month, included; empty when no end is known."
    )
    action_id = fields.Many2one(
        comodel_name="ess.funding.action",
        string="Funded action",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    grant_id = fields.Many2one(
        comodel_name="ess.grant",
        string="Paid by",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('share_ids.action_id', '=', action_id)]",
        help="Empty: the action bears this part and no grant pays it.",
    )
    basis = fields.Selection(BASES, required=True, default="letter")
    percent = fields.Float(
        string="Share (%)",
        digits=(16, 8),
        help="Part of the whole salary and contributions.",
    )
    hours = fields.Float(help="Hours of the month on this action, for this grant.")
    note = fields.Char(string="Evidence", help="Mission letter of…, sheet of hours of…")

    _dates = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "The key must end after it begins.",
    )
    _positive = models.Constraint(
        "CHECK((basis = 'letter' AND percent > 0 AND percent <= 100)"
        " OR (basis = 'hours' AND hours > 0))",
        "Enter a share between 0 and 100 %, or hours above zero.",
    )

    # === CONSTRAINTS
    @api.constrains(
        "employee_id", "date_from", "date_to", "percent", "basis", "grant_id"
    )
    def _check_shares(self):
        """One basis per month, and never more than the whole salary.

        :raises ValidationError: whose, when, and how much
        """
        for employee in self.employee_id:
            for day in sorted(set(employee.key_ids.mapped("date_from"))):
                keys = employee.key_ids._covering(day)
                values = {
                    "name": employee.display_name,
                    "month": format_date(self.env, day, date_format="MMMM y"),
                }
                if len(set(keys.mapped("basis"))) > 1:
                    raise ValidationError(
                        self.env._(
                            "%(name)s has percentages and hours in %(month)s: keep "
                            "one of both.",
                            **values,
                        )
                    )
                total = sum(keys.mapped("percent"))
                if keys[:1].basis == "letter" and total > 100.00000001:
                    raise ValidationError(
                        self.env._(
                            "The keys of %(name)s take %(total)s %% of the salary in "
                            "%(month)s: a salary is charged once.",
                            total=formatLang(self.env, total, digits=2),
                            **values,
                        )
                    )

    @api.constrains("action_id", "grant_id")
    def _check_grant(self):
        for key in self:
            if key.grant_id and key.grant_id not in key.action_id.share_ids.grant_id:
                raise ValidationError(
                    self.env._(
                        "“%(grant)s” gives nothing to “%(action)s”: enter its share "
                        "on the grant first.",
                        grant=key.grant_id.name,
                        action=key.action_id.name,
                    )
                )

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Keys hold for whole months."""
        return super().create([self._whole_months(vals) for vals in vals_list])

    def write(self, vals):
        """Keys hold for whole months."""
        return super().write(self._whole_months(vals))

    @api.model
    def _whole_months(self, vals):
        """The same values, from the first to the last day of a month."""
        result = dict(vals)
        if vals.get("date_from"):
            result["date_from"] = fields.Date.to_date(vals["date_from"]).replace(day=1)
        if vals.get("date_to"):
            day = fields.Date.to_date(vals["date_to"])
            result["date_to"] = day + relativedelta(day=31)
        return result

    # === BUSINESS
    def _covering(self, day):
        """Those of these keys that hold in the month of a day."""
        return self.filtered(
            lambda key: key.date_from <= day and (not key.date_to or key.date_to >= day)
        )

    @api.model
    def _get_shares(self, employees, day):
        """Where the salaries of a month go.

        :param employees: ess.payroll.employee
        :param date day: a day of the month
        :return: ``{employee id: [(action, grant, percent)]}``; nobody without a key
        :rtype: dict
        """
        keys = self.search(
            Domain("employee_id", "in", employees.ids)
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )
        shares = defaultdict(list)
        for employee, own in keys.grouped("employee_id").items():
            percents = own.mapped("percent")
            if own[0].basis == "hours":
                percents = percents_of_hours(own.mapped("hours"))
            for key, percent in zip(own, percents, strict=True):
                shares[employee.id].append((key.action_id, key.grant_id, percent))
        return dict(shares)
