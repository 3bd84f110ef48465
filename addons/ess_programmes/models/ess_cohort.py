from odoo import api, fields, models
from odoo.exceptions import ValidationError


class EssCohort(models.Model):
    """A group of people who follow a programme together: a class, a year's intake.

    Created by the coordinator of the programme; optional.
    """

    _name = "ess.cohort"
    _description = "Cohort"
    _order = "programme_id, date_from desc, name, id"

    name = fields.Char(required=True)
    programme_id = fields.Many2one(
        "ess.programme", required=True, index=True, ondelete="cascade"
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")
    capacity = fields.Integer(
        string="Places", help="Number of places in this group. 0 means no limit."
    )
    enrolment_ids = fields.One2many("ess.enrolment", "cohort_id", string="Enrolments")
    enrolment_count = fields.Integer(
        compute="_compute_enrolment_count", string="People in progress"
    )
    # Stored for the company rule.
    company_id = fields.Many2one(
        related="programme_id.company_id", store=True, index=True
    )
    active = fields.Boolean(default=True)

    _dates_order = models.Constraint(
        "CHECK (date_to >= date_from)",
        "A group cannot end before it starts. Check its two dates.",
    )
    _capacity_positive = models.Constraint(
        "CHECK (capacity >= 0)", "The number of places cannot be negative."
    )

    def _compute_enrolment_count(self):
        groups = self.env["ess.enrolment"]._read_group(
            [("cohort_id", "in", self.ids), ("bucket", "in", ("enrolled", "paused"))],
            ["cohort_id"],
            ["__count"],
        )
        counts = {cohort.id: count for cohort, count in groups}
        for cohort in self:
            cohort.enrolment_count = counts.get(cohort.id, 0)

    @api.constrains("date_from", "date_to", "programme_id")
    def _check_inside_programme(self):
        for cohort in self:
            programme = cohort.programme_id
            if (
                programme.date_from
                and cohort.date_from
                and cohort.date_from < programme.date_from
            ) or (
                programme.date_to
                and cohort.date_to
                and cohort.date_to > programme.date_to
            ):
                raise ValidationError(
                    self.env._(
                        "The dates of the group “%(cohort)s” go outside those of the "
                        "programme “%(programme)s”. Change one or the other.",
                        cohort=cohort.name,
                        programme=programme.name,
                    )
                )

    # === CRUD
    def write(self, vals):
        """Change groups; places that are added go to those who wait."""
        result = super().write(vals)
        if "capacity" in vals:
            self.programme_id._give_places_left()
        return result
