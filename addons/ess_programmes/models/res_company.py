from odoo import fields, models

from ..tools.data_inclusion import clean_name, drop_empty, e164, siret_or_none


class ResCompany(models.Model):
    """What the association says of itself in the public catalogue of services."""

    _inherit = "res.company"

    data_inclusion_source = fields.Char(
        string="Source code in data·inclusion",
        default="ess-odoo",
        help="Prefix of the identifiers in the catalogue of services that you publish. "
        "Keep it for ever once you have published.",
    )
    opening_hours = fields.Char(
        string="Opening hours",
        help="Opening hours in the OpenStreetMap form, for example Mo-Fr "
        "09:00-12:00,14:00-17:00; PH off.",
    )
    public_description = fields.Text(
        string="Public description",
        help="What the association does, in plain words, for the public catalogue of "
        "services.",
    )
    commune_code = fields.Char(
        string="Town code (INSEE)",
        help="Five characters, as published by INSEE. Not the postcode.",
    )

    declared_on = fields.Date(
        string="Declared on",
        help="Day on which the association was declared: some rights of volunteers "
        "depend on its age.",
    )

    # The design's rule 7; published social statistics use 5 to 11.
    small_number_threshold = fields.Integer(
        string="Secrecy threshold of printed pages",
        default=5,
        required=True,
        help="Pages that leave the association, such as that of unmet needs, print no "
        "number of fewer people.",
    )

    no_news_days = fields.Integer(
        string="Without news after",
        default=60,
        required=True,
        help="Days without a presence or a note after which a person enrolled is shown "
        "on the start page of the team. 0: never.",
    )

    _no_news_days_positive = models.Constraint(
        "CHECK (no_news_days BETWEEN 0 AND 1000)",
        "The number of days without news goes from 0 to 1000.",
    )
    _small_number_threshold_range = models.Constraint(
        "CHECK (small_number_threshold BETWEEN 3 AND 100)",
        "The secrecy threshold goes from 3 to 100 people.",
    )

    def _get_data_inclusion_source(self):
        self.ensure_one()
        return self.data_inclusion_source or "ess-odoo"

    def _prepare_data_inclusion_structure(self):
        """Return the association as a structure of the data·inclusion catalogue,
        version 1. Override to add keys.

        :rtype: dict
        """
        self.ensure_one()
        source = self._get_data_inclusion_source()
        return drop_empty(
            {
                "source": source,
                "id": f"{source}--{self.id}",
                "nom": clean_name(self.name, self.env._("Association")),
                "date_maj": self.write_date.date().isoformat(),
                "description": clean_name(self.public_description, "", length=10000)
                if self.public_description
                else None,
                "siret": siret_or_none(self.company_registry),
                "adresse": self.street,
                "complement_adresse": self.street2,
                "code_postal": self.zip,
                "commune": self.city,
                "code_insee": self.commune_code,
                "telephone": e164(self.phone),
                "courriel": self.email,
                "site_web": self.website,
                "horaires_accueil": self.opening_hours,
            }
        )
