from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare


class EssFunderReportGap(models.Model):
    """A line of a funder report that differs from the plan, and why.

    Made when the report is computed, for each line above the threshold of the grant;
    the officer writes the explanation, which the form prints. It is kept when the
    figures are computed again.
    """

    _name = "ess.funder.report.gap"
    _description = "Difference to explain"
    _order = "sequence, id"

    report_id = fields.Many2one(
        comodel_name="ess.funder.report", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="report_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer()
    key = fields.Char(required=True)
    group = fields.Char(string="Action")
    label = fields.Char(string="Line", required=True)
    planned = fields.Float(digits=(16, 2))
    value = fields.Float(string="Actual", digits=(16, 2))
    difference = fields.Float(digits=(16, 2))
    rate = fields.Float(string="Done (%)", digits=(16, 2))
    explanation = fields.Text(help="Why it differs; printed on the form. Name nobody.")

    def write(self, vals):
        """Only the explanation is typed, and only while the report is a draft.

        :raises UserError: for anything else
        """
        self.check_access("write")
        self.report_id._check_draft()
        if not self.env.su and vals.keys() - {"explanation"}:
            raise UserError(
                self.env._("The figures come from the accounts: write why they differ.")
            )
        return super().write(vals)

    @staticmethod
    def _is_gap(planned, actual, threshold):
        """Whether a line differs by more than the threshold.

        :param float threshold: in percent of the plan; a line exactly at it is fine
        """
        if not planned:
            return bool(actual)
        limit = abs(planned) * threshold / 100
        return float_compare(abs(actual - planned), limit, precision_digits=4) > 0
