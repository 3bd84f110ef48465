from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.age_bands import age_band

FILE_GROUPS = (
    "ess_beneficiary.group_beneficiary_officer,ess_beneficiary.group_beneficiary_dpo"
)

AGE_SELECTION = [
    ("0_17", "Under 18"),
    ("18_25", "18 to 25"),
    ("26_29", "26 to 29"),
    ("30_54", "30 to 54"),
    ("55_64", "55 to 64"),
    ("65_plus", "65 and over"),
    ("unknown", "Age not known"),
]


class EssImpactFact(models.AbstractModel):
    """A dated fact about a person, as figures see it: the age at that date.

    The age is computed when it is asked for, never stored: correcting a birth date
    corrects every figure. It can be searched, so that a figure by age opens exactly
    its records.
    """

    _name = "ess.impact.fact"
    _description = "Fact of a person, for figures"

    # {age field: date field}; set by each model
    _age_band_fields = {}

    def _compute_age_band(self, name):
        """Fill one of the age fields of the facts."""
        date_name = self._age_band_fields[name]
        for fact in self:
            fact[name] = age_band(fact.beneficiary_id.birth_date, fact[date_name])

    @api.model
    def _search_age_band(self, name, operator, value):
        """Search facts by the age of the person at their date."""
        if operator != "in":
            return NotImplemented
        engine = self.env["ess.indicator.engine"]
        date_name = self._age_band_fields[name]
        keys = [key for key in value if key]

        def to_sql(model, alias, query):
            band = engine._sql_age_band(query, alias, date_name)
            return SQL("%s = ANY(%s)", band, keys)

        def predicate(fact):
            return age_band(fact.beneficiary_id.birth_date, fact[date_name]) in keys

        return Domain.custom(to_sql=to_sql, predicate=predicate)


def age_band_field(name, label="Age at the date"):
    """Return a new age field for a fact.

    :param str name: name that the field will have, a key of `_age_band_fields`
    :param str label: what the user reads
    :rtype: fields.Selection
    """
    return fields.Selection(
        selection=AGE_SELECTION,
        string=label,
        compute=lambda facts: facts._compute_age_band(name),
        search=lambda facts, operator, value: facts._search_age_band(
            name, operator, value
        ),
        groups=FILE_GROUPS,
        help="Age of the person on the day of the fact, by band.",
    )
