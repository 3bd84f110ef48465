from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssImpactCommon


@tagged("post_install", "-at_install", "ess", "security")
class TestSecurity(EssImpactCommon):
    """Who reads, defines and computes figures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._make_indicator(code="own_one")
        cls.shared = cls._make_indicator(code="shared_one", company_id=False)
        cls.foreign = cls._make_indicator(code="foreign", company_id=cls.company_2.id)
        cls.value = cls.own._store_cells(cls.own._compute_cells([cls.year]))
        cls.target = cls.env["ess.indicator.target"].create(
            {"indicator_id": cls.own.id, "target": 3}
        )

    def _refuses(self, function):
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"),
            self.cr.savepoint(),
        ):
            function()

    def _vals(self, **vals):
        return {
            "name": "X",
            "definition": "X",
            "source": "presence",
            "code": self.canary("c"),
            "company_id": self.company.id,
            **vals,
        }

    def test_without_right_nothing(self):
        for user in (self.internal_user, self.reception, self.worker, self.portal_user):
            for record in (self.own, self.value, self.target, self.own.version_ids):
                self._refuses(lambda r=record, u=user: r.with_user(u).read(["id"]))

    def test_viewer(self):
        own = self.own.with_user(self.impact_viewer)
        # Read: own and shared, values, targets, versions
        self.assertTrue(own.name)
        self.assertTrue(self.shared.with_user(self.impact_viewer).name)
        self.assertTrue(self.value.with_user(self.impact_viewer).value_text)
        self.assertTrue(own.version_ids.version)
        self._refuses(lambda: self.foreign.with_user(self.impact_viewer).name)
        # Create, write, unlink: nope
        self._refuses(lambda: own.create(self._vals()))
        self._refuses(lambda: own.write({"name": "Y"}))
        self._refuses(own.unlink)
        for record in (self.value, self.target, self.own.version_ids):
            self._refuses(lambda r=record: r.with_user(self.impact_viewer).unlink())
        # Compute and keep: nope
        self._refuses(
            lambda: self.env["ess.indicator.compute"]
            .with_user(self.impact_viewer)
            .create({})
        )

    def test_viewer_reads_no_person(self):
        for model in (
            "ess.beneficiary",
            "ess.presence",
            "ess.enrolment",
            "ess.session",
        ):
            self._refuses(
                lambda m=model: self.env[m].with_user(self.impact_viewer).search([])
            )

    def test_officer(self):
        own = self.own.with_user(self.impact_officer)
        # Create, write and unlink own ones
        made = own.create(self._vals())
        made.write({"domain": "[('is_present', '=', True)]"})
        self.assertEqual(made.version, 2)
        made.unlink()
        # Shared ones: read only
        shared = self.shared.with_user(self.impact_officer)
        self.assertTrue(shared.name)
        self._refuses(lambda: shared.write({"name": "Y"}))
        self._refuses(shared.unlink)
        self._refuses(lambda: own.create(self._vals(company_id=False)))
        # Values and versions are never typed
        self._refuses(
            lambda: self.value.with_user(self.impact_officer).write({"value": 9})
        )
        self._refuses(lambda: own.version_ids.write({"domain": "[]"}))
        self._refuses(lambda: own.version_ids.unlink())
        self._refuses(
            lambda: self.env["ess.indicator.value"]
            .with_user(self.impact_officer)
            .create({"indicator_id": self.own.id})
        )

    def test_manager(self):
        shared = self.shared.with_user(self.impact_manager)
        shared.write({"domain": "[('is_present', '=', True)]"})
        self.assertEqual(shared.version, 2)
        shared.create(self._vals(company_id=False)).unlink()
        self._refuses(lambda: self.foreign.with_user(self.impact_manager).name)
        self._refuses(
            lambda: self.value.with_user(self.impact_manager).write({"value": 9})
        )
        self.value.with_user(self.impact_manager).unlink()

    def test_values_of_another_association(self):
        indicator = self.shared.with_company(self.company_2)
        value = indicator._store_cells(indicator._compute_cells([self.year]))
        self.assertEqual(value.company_id, self.company_2)
        self._refuses(lambda: value.with_user(self.impact_viewer).value)

    def test_company_must_be_allowed(self):
        """Nobody gets the figures of an association that is not theirs."""
        indicator = self.shared.with_user(self.impact_viewer).with_context(
            allowed_company_ids=self.company_2.ids
        )
        self._refuses(lambda: indicator._compute_values(*self.year))

    def test_profiles(self):
        groups = {
            "director": "officer",
            "coordinator": "officer",
            "statistics": "viewer",
            "fundraiser": "viewer",
            "administrator": "manager",
        }
        for profile, level in groups.items():
            record = self.env.ref(f"ess_beneficiary.profile_{profile}")
            self.assertIn(
                self.env.ref(f"ess_impact.group_impact_{level}"),
                record.group_ids,
                profile,
            )
