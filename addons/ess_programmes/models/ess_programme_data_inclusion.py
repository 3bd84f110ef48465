import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.data_inclusion import clean_name, drop_empty, e164, split_codes


class EssProgrammeDataInclusion(models.Model):
    """What the public catalogue of services (data·inclusion, version 1) says of a
    programme, and its export.

    The catalogue speaks of the association and its services, never of a person.
    """

    _inherit = "ess.programme"

    # === FIELDS
    service_type_id = fields.Many2one(
        "ess.code", string="Type of service", domain=[("scheme", "=", "service_type")]
    )
    theme_ids = fields.Many2many(
        "ess.code",
        "ess_programme_theme_rel",
        "programme_id",
        "code_id",
        string="Themes",
        domain=[("scheme", "=", "theme")],
    )
    public_ids = fields.Many2many(
        "ess.code",
        "ess_programme_public_rel",
        "programme_id",
        "code_id",
        string="Publics",
        domain=[("scheme", "=", "public")],
        help="Whom the programme is for. “Everyone” cannot be combined with another "
        "public.",
    )
    fee_id = fields.Many2one("ess.code", string="Fees", domain=[("scheme", "=", "fee")])
    fee_details = fields.Char(string="Details of fees")
    reception_mode_ids = fields.Many2many(
        "ess.code",
        "ess_programme_reception_mode_rel",
        "programme_id",
        "code_id",
        string="Ways of welcoming",
        domain=[("scheme", "=", "reception_mode")],
    )
    mobilisation_ids = fields.Many2many(
        "ess.code",
        "ess_programme_mobilisation_rel",
        "programme_id",
        "code_id",
        string="How to reach the service",
        domain=[("scheme", "=", "mobilisation")],
    )
    mobilising_person_ids = fields.Many2many(
        "ess.code",
        "ess_programme_mobilising_person_rel",
        "programme_id",
        "code_id",
        string="Who can reach it",
        domain=[("scheme", "=", "mobilising_person")],
    )
    access_conditions = fields.Text(
        string="Conditions of access",
        help="What to know or to bring. Leave empty when there are none.",
    )
    eligibility_zones = fields.Char(
        string="Area served",
        help="INSEE codes of towns, departments or groups of towns, separated by "
        "commas: 87085, 87.",
    )
    schedule = fields.Char(
        string="Opening hours",
        help="In the OpenStreetMap form, for example We 14:00-17:00.",
    )
    weekly_hours = fields.Float(string="Hours a week")
    week_count = fields.Integer(string="Number of weeks")
    street = fields.Char()
    street2 = fields.Char()
    zip = fields.Char()
    city = fields.Char()
    commune_code = fields.Char(string="Town code (INSEE)")
    contact_name = fields.Char()
    phone = fields.Char()
    email = fields.Char()
    is_published = fields.Boolean(
        string="In the public catalogue",
        default=True,
        help="Untick to leave this programme out of the published catalogue of "
        "services.",
    )

    # === CONSTRAINTS
    @api.constrains("public_ids")
    def _check_publics(self):
        # data·inclusion v1, service schema, field "publics": "tous-publics" cannot be
        # used with other values.
        for programme in self:
            if len(
                programme.public_ids
            ) > 1 and "tous-publics" in programme.public_ids.mapped("code"):
                raise ValidationError(
                    self.env._(
                        "“Everyone” already includes the other publics. Keep "
                        "“Everyone” alone, or remove it.",
                    )
                )

    # === ACTIONS
    def action_export_data_inclusion(self):
        """Download the catalogue of these programmes as one JSON file, in the
        data·inclusion form.
        """
        structures, services = self._export_data_inclusion()
        content = json.dumps(
            {"structures": structures, "services": services},
            ensure_ascii=False,
            indent=2,
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": "data-inclusion.json",
                "raw": content.encode(),
                "mimetype": "application/json",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "new",
        }

    # === BUSINESS
    def _export_data_inclusion(self):
        """Return the public catalogue of these programmes, in the data·inclusion form,
        version 1.

        :return: the structures (one a company) and the services (one a programme), as
            lists of JSON-ready dicts.
        :rtype: tuple(list, list)
        """
        programmes = self.filtered("is_published")
        # sudo: name and address of the company are published anyway; no person's data
        # is read.
        structures = [
            company.sudo()._prepare_data_inclusion_structure()
            for company in programmes.company_id
        ]
        return structures, [
            programme._prepare_data_inclusion_service() for programme in programmes
        ]

    def _prepare_data_inclusion_service(self):
        """Return one service. Override to add or change keys.

        :rtype: dict
        """
        self.ensure_one()
        company = (
            self.company_id.sudo()
        )  # published name and address of the association only
        source = company._get_data_inclusion_source()
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        return drop_empty(
            {
                "source": source,
                "structure_id": f"{source}--{company.id}",
                "id": f"{source}--s-{self.id}",
                "nom": clean_name(self.name, kind),
                "description": clean_name(
                    self.description or self.name, kind, length=10000
                ),
                "date_maj": self.write_date.date().isoformat(),
                "type": self.service_type_id.code,
                "thematiques": self.theme_ids.mapped("code"),
                "frais": self.fee_id.code,
                "frais_precisions": self.fee_details,
                "publics": self.public_ids.mapped("code"),
                "conditions_acces": self.access_conditions,
                **self._prepare_data_inclusion_address(company),
                "telephone": e164(self.phone or company.phone),
                "courriel": self.email or company.email,
                "contact_nom_prenom": self.contact_name,
                "modes_accueil": self.reception_mode_ids.mapped("code"),
                "zone_eligibilite": split_codes(self.eligibility_zones),
                "modes_mobilisation": self.mobilisation_ids.mapped("code"),
                "mobilisable_par": self.mobilising_person_ids.mapped("code"),
                "volume_horaire_hebdomadaire": self.weekly_hours,
                "nombre_semaines": self.week_count,
                "horaires_accueil": self.schedule,
            }
        )

    def _prepare_data_inclusion_address(self, company):
        """Return the address of the service: its own, or the association's."""
        self.ensure_one()
        place = self if self.street else company
        return {
            "adresse": place.street,
            "complement_adresse": place.street2,
            "code_postal": place.zip,
            "commune": place.city,
            "code_insee": place.commune_code,
        }
