from contextlib import suppress

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import EssSuiteCommon

MERGE = "base.partner.merge.automatic.wizard"


@tagged("post_install", "-at_install", "ess")
class TestContacts(EssSuiteCommon):
    """Everyone who can open Contacts must not learn who is being helped, nor break what
    was recorded.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.world.person("own") | cls.world.person("own")
        cls.masks = cls.env["res.partner"]
        for person in cls.people:
            person._create_mask_partner()
            cls.masks |= person.partner_id
        cls.env.flush_all()

    def _merge(self, partners, role=None):
        """Merge contacts as the wizard of Contacts does."""
        wizard = self.env[MERGE].with_user(self.users[role] if role else self.env.user)
        return wizard.create({})._merge(partners.ids, partners[0])

    def test_mask_tells_nothing(self):
        for person in self.people:
            mask = person.partner_id
            self.assertRecordValues(
                mask,
                [
                    {
                        "name": person.ref,
                        "ref": f"ess:{person.ref}",
                        "phone": False,
                        "street": False,
                        "city": False,
                        "image_1920": False,
                        "parent_id": False,
                    }
                ],
            )

    def test_contact_user_sees_no_person(self):
        for role in ("contacts", "internal", "portal"):
            persons = self.as_user(self.env["ess.beneficiary"], role)
            with self.assertRaises(AccessError):
                persons.search_count([])

    def test_contact_user_sees_no_mask(self):
        for role in ("contacts", "internal", "portal"):
            partners = self.as_user(self.env["res.partner"], role)
            self.assertFalse(partners.search([("id", "in", self.masks.ids)]))
            self.assertEqual(partners.search_count([("ref", "=like", "ess:%")]), 0)
            self.assertFalse(partners.name_search(self.people[0].ref))
            with self.assertRaises(AccessError):
                partners.browse(self.masks.ids).read(["name"])
            with self.assertRaises(AccessError):
                partners.browse(self.masks.ids).write({"email": "x@exemple.example"})

    def test_contact_without_reference_stays_visible(self):
        """The rule that hides masks must not hide the contacts without reference."""
        plain = self.env["res.partner"].create({"name": "Contact ordinaire"})
        other = self.env["res.partner"].create(
            {"name": "Autre contact", "ref": "essai"}
        )
        for role in ("contacts", "internal"):
            partners = self.as_user(self.env["res.partner"], role)
            self.assertEqual(
                partners.search_count([("id", "in", (plain | other).ids)]), 2, role
            )

    def test_contact_user_cannot_make_a_mask(self):
        partners = self.as_user(self.env["res.partner"], "contacts")
        with self.assertRaises(UserError):
            partners.create({"name": "x", "ref": "ess:D26-99999"})
        plain = partners.create({"name": "Contact ordinaire"})
        with self.assertRaises(UserError):
            plain.ref = "ess:D26-99999"
            self.env.flush_all()

    def test_nobody_unmasks_by_hand(self):
        """Whoever sees masks and writes contacts still cannot put a name on one."""
        user = self.users["accounting"]
        user.group_ids += self.env.ref("base.group_partner_manager")
        mask = self.as_user(self.masks[0], "accounting")
        for vals in ({"name": "Naïla"}, {"ref": False}, {"phone": "0639980110"}):
            with self.assertRaises(UserError):
                mask.write(vals)

    def test_merge_of_masks_is_refused_and_loses_nothing(self):
        """Seen with core's wizard on a naive model: 4 enrolments became 1."""
        stage = self.env["ess.enrolment.stage"].search(
            [("bucket", "=", "enrolled")], limit=1
        )
        programmes = self.world.programme("own") | self.world.programme("own")
        enrolments = self.env["ess.enrolment"].create(
            [
                {
                    "beneficiary_id": person.id,
                    "programme_id": programme.id,
                    "stage_id": stage.id,
                }
                for person in self.people
                for programme in programmes
            ]
        )
        self.env.flush_all()
        plain = self.env["res.partner"].create({"name": self.people[0].ref})
        for partners in (self.masks, self.masks[0] | plain, plain | self.masks[0]):
            with self.assertRaises(UserError):
                self._merge(partners)
            with self.undone(), self.assertRaises(UserError):
                self._merge(partners, role="contacts")
        self.assertEqual(len(enrolments.exists()), 4)
        self.assertEqual(len(self.people.exists().partner_id), 2)

    def test_merge_of_volunteers_loses_no_hours(self):
        """Core deletes rows that would be doubled: two volunteers' contacts keep every
        presence.
        """
        volunteers = self.env["ess.volunteer"].create(
            [self.world.vals("ess.volunteer", "own") for _number in range(2)]
        )
        session = self.world.session("own")
        presences = self.env["ess.presence"].create(
            [
                {
                    "session_id": session.id,
                    "volunteer_id": volunteer.id,
                    "state": "present",
                }
                for volunteer in volunteers
            ]
        )
        self.env.flush_all()
        # a refusal, which Odoo shows with our words, loses nothing either
        with suppress(UserError, psycopg2.IntegrityError), self.undone():
            self._merge(volunteers.partner_id)
            self.env.invalidate_all()
            self.assertEqual(len(presences.exists()), 2)
        self.assertEqual(len(presences.exists()), 2)

    def test_mask_is_no_follower_nor_recipient(self):
        person = self.people[0]
        person.message_subscribe(partner_ids=self.masks.ids)
        self.assertFalse(person.message_partner_ids & self.masks)
