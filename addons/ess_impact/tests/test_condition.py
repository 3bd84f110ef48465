from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import EssImpactCommon


@tagged("post_install", "-at_install", "ess")
class TestCondition(EssImpactCommon):
    """A condition may not tell who a person is, nor use what never leaves."""

    def _check(self, domain, source="presence", **vals):
        return self._make_indicator(source=source, domain=domain, **vals)

    def test_allowed(self):
        for domain in (
            "[]",
            "[('is_present', '=', True), ('kind', 'in', ['course', 'workshop'])]",
            "[('beneficiary_id', '=', False)]",
            "[('beneficiary_id', '!=', False)]",
            "[('beneficiary_id.sex', '=', 'female')]",
            "[('beneficiary_id', 'any', [('sex', '=', 'female')])]",
            "['|', ('age_band', '=', '0_17'), ('programme_id.kind', '=', 'course')]",
            "[('session_id.territory_id.name', 'ilike', 'gare')]",
            "['!', ('state', '=', 'absent')]",
        ):
            with self.subTest(domain=domain):
                self.assertTrue(self._check(domain))

    def test_identity_is_refused(self):
        person = self._make_beneficiary()
        for domain in (
            "[('beneficiary_id.last_name', '=', 'Marchais')]",
            "[('beneficiary_id.ref', 'like', 'D26')]",
            f"[('beneficiary_id', '=', {person.id})]",
            f"[('beneficiary_id', 'in', [{person.id}, False])]",
            "[('beneficiary_id', 'ilike', 'marchais')]",
            "[('beneficiary_id', 'any', [('is_protected', '=', True)])]",
            "[('beneficiary_id.birth_date', '=', '1992-01-01')]",
            "[('beneficiary_id.team_user_ids', '!=', False)]",
            "[('beneficiary_id.properties.x', '=', 1)]",
            "[('id', '=', 1)]",
            "[('display_name', 'ilike', 'marchais')]",
            "[('create_uid.login', '=', 'terrain')]",
            "[('excuse', '=', 'health')]",
            "[('session_id', '=', 4)]",
        ):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self._check(domain)

    def test_bypass_operator_is_refused(self):
        with self.assertRaises(ValidationError):
            self._check("[('beneficiary_id', 'any!', [('sex', '=', 'female')])]")

    def test_message_names_field_and_choices(self):
        with self.assertRaisesRegex(
            ValidationError, "Intake|Came through.*You may use"
        ):
            self._check("[('beneficiary_id.intake', '=', 'hospital')]")

    def test_sensitive_lists_are_refused(self):
        stay = self.env.ref("ess_beneficiary.ess_situation_domain_stay")
        stay.is_sensitive = True
        for domain, source in (
            ("[('domain_id.code', '=', 'stay')]", "situation"),
            (f"[('domain_id', '=', {stay.id})]", "situation"),
            ("[('domain_id.code', '!=', 'stay')]", "situation"),
            ("[('value_id.domain_id.code', '=', 'stay')]", "situation"),
            ("[('theme_id.code', '=', 'health')]", "goal"),
            ("[('theme_id', 'any', [('code', 'in', ['health', 'job'])])]", "goal"),
            ("[('theme_id.code', '!=', 'health')]", "goal"),
        ):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self._check(domain, source=source)
        self._check("[('theme_id.code', '=', 'housing')]", source="goal")
        self._check("[('domain_id.code', '=', 'housing')]", source="situation")

    def test_not_a_list_of_values(self):
        for text in (
            "not a domain",
            "[('state', '=', uid)]",
            "[('state', '=', __import__('os').getcwd())]",
            "{'a': 1}",
            "[('state',)]",
            "['|']",
            "[" * 3000,
            "[('state', 'in', " + str(["x" * 50] * 200) + ")]",
        ):
            with self.subTest(text=text[:40]), self.assertRaises(ValidationError):
                self._check(text)

    def test_value_that_does_not_fit(self):
        with self.assertRaises(ValidationError):
            self._check("[('minutes', '>', 'many')]")

    def test_condition_of_persons_for_several_facts(self):
        indicator = self._check(
            "[('sex', '=', 'female')]", source="active_person", aggregate="persons"
        )
        woman = self._make_beneficiary(sex="female")
        man = self._make_beneficiary(sex="male")
        for person in woman + man:
            self._make_enrolment(person)
        self.assertEqual(self._value(indicator), 1)

    def test_every_source_takes_a_condition(self):
        """The list of allowed fields names models and fields that exist."""
        allowed = self.env["ess.indicator.condition"]._get_allowed_fields()
        for model, names in allowed.items():
            for name in names:
                self.assertIn(name, self.env[model]._fields, model)
        for source in self.env["ess.indicator.source"]._get_sources().values():
            self.assertIn(source["model"], allowed)
