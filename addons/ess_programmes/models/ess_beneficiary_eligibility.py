from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

FIRST_DAY = "0001-01-01"


class EssBeneficiary(models.Model):
    """What conditions of access ask: the age, the situations of today, and who may join
    a programme.
    """

    _inherit = "ess.beneficiary"

    age = fields.Integer(search="_search_age")
    current_situation_ids = fields.Many2many(search="_search_current_situation_ids")
    may_join_programme_ids = fields.Many2many(
        "ess.programme",
        string="May join",
        compute="_compute_may_join_programme_ids",
        search="_search_may_join_programme_ids",
        groups="ess_programmes.group_programmes_officer",
        help="Programmes with conditions that this person meets, and has not been in.",
    )

    @api.depends("birth_date")
    def _compute_may_join_programme_ids(self):
        """Ask each programme that has conditions who of these people may join."""
        self.may_join_programme_ids = False
        programmes = self.env["ess.programme"].search([("criterion_ids", "!=", False)])
        for programme in programmes:
            domain = Domain("id", "in", self._origin.ids) & Domain(
                "may_join_programme_ids", "in", programme.ids
            )
            found = set(self._search(domain))
            for person in self:
                if person._origin.id in found:
                    person.may_join_programme_ids += programme

    @api.model
    def _search_may_join_programme_ids(self, operator, value):
        """Find who meets the conditions of these programmes, with the user's rights."""
        if operator != "in":
            return NotImplemented
        programmes = self.env["ess.programme"].browse(
            [id for id in value if isinstance(id, int) and id]
        )
        return Domain.OR(
            [
                programme._get_eligible_domain()
                & Domain(
                    "enrolment_ids", "not any", [("programme_id", "=", programme.id)]
                )
                & Domain("company_id", "=", programme.company_id.id)
                for programme in programmes.exists()
                if programme.criterion_ids.filtered("is_in_force")
            ]
        )

    @api.model
    def _search_age(self, operator, value):
        """Find people by age through their birth date; an unknown one is no age."""
        today = self.env["ess.programme"]._today()

        def born(years, days=0):
            """Return the last birth date of whoever is that old, moved by days."""
            if not 0 <= years <= 200:
                years = min(max(years, 0), 200)
            return today - relativedelta(years=int(years)) + relativedelta(days=days)

        if operator == "in":
            ages = [age for age in value if isinstance(age, int) and age is not False]
            domains = [
                Domain("birth_date", "<=", born(age))
                & Domain("birth_date", ">", born(age + 1))
                for age in ages
            ]
            if False in value and 0 not in ages:
                domains.append(Domain("birth_date", "=", False))
            return Domain.OR(domains)
        if not isinstance(value, (int, float)):
            return NotImplemented
        bounds = {
            ">=": Domain("birth_date", "<=", born(value)),
            ">": Domain("birth_date", "<=", born(value + 1)),
            "<": Domain("birth_date", ">", born(value)),
            "<=": Domain("birth_date", ">", born(value + 1)),
        }
        return bounds.get(operator, NotImplemented)

    @api.model
    def _search_current_situation_ids(self, operator, value):
        """Find people by what is true of them today."""
        today = self.env["ess.programme"]._today()
        lasting = Domain("date_from", "<=", today) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        )
        if operator == "any":
            return Domain("situation_ids", "any", lasting & Domain(value))
        if operator != "in":
            return NotImplemented
        found = Domain(
            "situation_ids",
            "any",
            lasting & Domain("id", "in", [id for id in value if id]),
        )
        if False in value:
            found |= Domain("situation_ids", "not any", lasting)
        return found
