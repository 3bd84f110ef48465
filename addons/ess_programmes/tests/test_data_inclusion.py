import json

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestDataInclusion(EssProgrammesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "name": "La Maison des Deux Ponts",
                "street": "12 rue du Port",
                "zip": "87000",
                "city": "Limoges",
                "commune_code": "87085",
                "phone": "05 36 49 00 11",
                "email": "bonjour@deuxponts.example",
                "website": "https://deuxponts.example",
                "company_registry": "999 999 998 00019",
            }
        )
        cls.programme.write(
            {
                "description": "Cours de français en petits groupes.",
                "schedule": "Mo,Th 09:30-11:30",
                "weekly_hours": 4,
                "theme_ids": cls._code(
                    "theme", "lecture-ecriture-calcul--maitriser-le-francais"
                ).ids,
                "public_ids": cls._code("public", "personnes-exilees").ids,
                "service_type_id": cls._code("service_type", "formation").id,
                "fee_id": cls._code("fee", "gratuit").id,
                "reception_mode_ids": cls._code("reception_mode", "en-presentiel").ids,
                "mobilisation_ids": cls._code("mobilisation", "telephoner").ids,
                "mobilising_person_ids": cls._code("mobilising_person", "usagers").ids,
                "eligibility_zones": "87085, 87",
            }
        )

    @classmethod
    def _code(cls, scheme, code):
        return cls.env["ess.code"].search(
            [("scheme", "=", scheme), ("code", "=", code)]
        )

    def test_export(self):
        structures, services = self.programme._export_data_inclusion()
        company = self.company.id
        self.assertEqual(structures[0]["id"], f"ess-odoo--{company}")
        self.assertEqual(structures[0]["siret"], "99999999800019")
        self.assertEqual(structures[0]["telephone"], "+33536490011")
        service = services[0]
        self.assertEqual(service["structure_id"], structures[0]["id"])
        self.assertEqual(service["id"], f"ess-odoo--s-{self.programme.id}")
        self.assertEqual(service["type"], "formation")
        self.assertEqual(service["publics"], ["personnes-exilees"])
        self.assertEqual(service["zone_eligibilite"], ["87085", "87"])
        self.assertEqual(service["commune"], "Limoges")
        json.dumps([structures, services])

    def test_own_address_and_contacts_of_a_service(self):
        self.programme.write(
            {
                "street": "Gare des Bénédictins",
                "city": "Limoges",
                "zip": "87000",
                "email": "mots@deuxponts.example",
            }
        )
        [service] = self.programme._export_data_inclusion()[1]
        self.assertEqual(service["adresse"], "Gare des Bénédictins")
        self.assertEqual(service["courriel"], "mots@deuxponts.example")

    def test_unpublished_stays_out(self):
        self.programme_2.is_published = False
        _structures, services = (
            self.programme + self.programme_2
        )._export_data_inclusion()
        self.assertEqual(len(services), 1)

    def test_everyone_excludes_the_others(self):
        with self.assertRaisesRegex(ValidationError, "Everyone"):
            self.programme.public_ids |= self._code("public", "tous-publics")

    def test_download(self):
        action = self.programme.with_user(
            self.coordinator
        ).action_export_data_inclusion()
        self.assertEqual(action["type"], "ir.actions.act_url")

    def test_outside_validator_accepts_it_and_refuses_a_broken_copy(self):
        try:
            from data_inclusion.schema import v1  # noqa: PLC0415
        except ImportError:
            self.skipTest(
                "data-inclusion-schema is not in this environment; tests/conformance "
                "runs this check"
            )
        structures, services = (
            self.programme + self.programme_2
        )._export_data_inclusion()
        for model, rows in ((v1.Structure, structures), (v1.Service, services)):
            for row in rows:
                model(**row)
                with self.assertRaises(ValueError):
                    model(**{**row, "nom": None})
