from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestMask(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.name = cls.canary("Name")
        cls.person = cls._make_beneficiary(
            team=cls.worker, last_name=cls.name, email="invented@example.org"
        )
        cls.mask = cls.person._create_mask_partner()

    def test_mask_tells_nothing(self):
        self.assertRecordValues(
            self.mask,
            [
                {
                    "name": self.person.ref,
                    "ref": f"ess:{self.person.ref}",
                    "email": False,
                    "phone": False,
                    "street": False,
                }
            ],
        )
        self.assertEqual(self.person._create_mask_partner(), self.mask)

    def test_contacts_users_see_no_mask(self):
        for user in (self.contact_user, self.internal_user, self.reception):
            partners = self.env["res.partner"].with_user(user)
            self.assertFalse(partners.search([("id", "=", self.mask.id)]))
            self.assertFalse(partners.search_count([("ref", "=like", "ess:%")]))
            self.assertFalse(partners.name_search(self.person.ref))
            self.assertFalse(
                partners._read_group([("id", "=", self.mask.id)], ["name"])
            )
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
                partners.browse(self.mask.id).read(["name"])

    def test_contacts_users_still_see_contacts(self):
        partner = self.env["res.partner"].create({"name": "Baker", "ref": "B-1"})
        plain = self.env["res.partner"].create({"name": "Plumber"})
        found = (
            self.env["res.partner"]
            .with_user(self.contact_user)
            .search([("id", "in", (partner | plain).ids)])
        )
        self.assertEqual(found, partner | plain)

    def test_worker_sees_the_mask_until_the_file_is_protected(self):
        partners = self.env["res.partner"].with_user(self.worker2)
        self.assertTrue(partners.search_count([("id", "=", self.mask.id)]))
        self.person.is_protected = True
        self.assertEqual(self.mask.ref, f"ess:protected:{self.person.ref}")
        self.assertFalse(partners.search_count([("id", "=", self.mask.id)]))

    def test_the_person_sees_their_own_mask(self):
        user = new_test_user(
            self.env,
            login="ess_person",
            groups="base.group_portal",
            partner_id=self.mask.id,
        )
        partners = self.env["res.partner"].with_user(user)
        self.assertEqual(partners.search([("ref", "=like", "ess:%")]), self.mask)

    def test_merge_refuses_masks(self):
        other = self.env["res.partner"].create({"name": "Baker"})
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": [Command.set((self.mask | other).ids)]}
        )
        wizard.dst_partner_id = other
        with self.assertRaises(UserError):
            wizard.action_merge()
        self.assertTrue(self.mask.exists())

    def test_merge_of_contacts_still_works(self):
        first, second = self.env["res.partner"].create(
            [{"name": "Baker"}, {"name": "Baker again"}]
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": [Command.set((first | second).ids)]}
        )
        wizard.dst_partner_id = first
        wizard.action_merge()
        self.assertFalse(second.exists())

    def test_contacts_users_see_no_person(self):
        for user in (self.contact_user, self.internal_user, self.portal_user):
            with self.assertRaises(AccessError):
                self.env["ess.beneficiary"].with_user(user).search([])

    def test_worker_of_another_file_makes_no_mask(self):
        person = self._make_beneficiary(team=self.worker)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            person.with_user(self.worker2)._create_mask_partner()
