from odoo import fields, models
from odoo.exceptions import UserError


class EssFunderReport(models.Model):
    """The final report in the funder's space: shown by whoever sends it."""

    _name = "ess.funder.report"
    _inherit = ["ess.funder.report", "ess.funder.space"]

    shown_at = fields.Datetime(
        string="Shown to the funder",
        readonly=True,
        copy=False,
        help="Since then the funder reads it in its space, as it was frozen.",
    )

    def _get_space_fields(self):
        return super()._get_space_fields() | {
            "name",
            "grant_id",
            "company_id",
            "date_from",
            "date_to",
            "state",
            "finalised_at",
            "shown_at",
            "seal",
        }

    def action_show_funder(self):
        """Put the final report in the funder's space.

        :raises UserError: for a draft
        """
        self.check_access("write")
        if any(report.state != "final" for report in self):
            raise UserError(
                self.env._(
                    "Finalise the report first: the funder reads frozen figures."
                )
            )
        self.write({"shown_at": fields.Datetime.now()})

    def action_hide_funder(self):
        """Take the report out of the funder's space."""
        self.check_access("write")
        self.write({"shown_at": False})
