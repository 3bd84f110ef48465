from datetime import date, timedelta

from psycopg2.errors import CheckViolation, ExclusionViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged, users
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestHousehold(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.name = cls.canary("Mother")
        cls.mother = cls._make_beneficiary(
            team=cls.worker, last_name=cls.name, street=cls.canary("street")
        )
        cls.child = cls._make_beneficiary(
            team=cls.worker | cls.worker2, birth_date="2020-05-01"
        )
        cls.household = cls.mother._enter_household(
            cls.env["ess.household"], date_from=date(2024, 1, 1)
        )
        cls.child._enter_household(cls.household, date_from=date(2024, 1, 1))

    def _members(self, user):
        return (
            self.env["ess.household.member"]
            .with_user(user)
            .search([("household_id", "=", self.household.id)])
        )

    # === WHO SEES WHAT

    def test_worker_of_both_sees_both(self):
        household = self.household.with_user(self.worker)
        self.assertEqual(household.size, 2)
        self.assertEqual((household.adult_count, household.child_count), (1, 1))
        self.assertIn(self.name.upper(), household.member_names)

    def test_other_members_do_not_exist_without_their_file(self):
        user = self.worker2
        self.env.invalidate_all()  # as each request does
        household = self.household.with_user(user)
        self.assertEqual(self._members(user).beneficiary_id, self.child)
        self.assertEqual(household.size, 1)
        self.assertEqual(len(household.member_ids), 1)
        self.assertNotIn(self.name.upper(), household.member_names)
        self.assertNotIn(self.mother.ref, household.member_names)
        child = self.child.with_user(user)
        self.assertFalse(child.household_mate_ids)
        self.assertEqual(child.household_size, 1)

    def test_all_ways_to_count_agree(self):
        user = self.worker2
        user.group_ids |= self.env.ref("base.group_allow_export")
        self.env.invalidate_all()  # as each request does
        members = self.env["ess.household.member"].with_user(user)
        domain = [("household_id", "=", self.household.id)]
        self.assertEqual(members.search_count(domain), 1)
        groups = members._read_group(domain, ["household_id"], ["__count"])
        self.assertEqual(groups, [(self.household, 1)])
        exported = self.household.with_user(user).export_data(
            ["ref", "size", "member_ids/beneficiary_id", "member_names"]
        )
        self.assertNotIn(self.mother.ref, str(exported))
        self.assertEqual(len(exported["datas"]), 1)
        by_other = self.env["ess.household"].with_user(user)
        self.assertFalse(
            by_other.search([("member_ids.beneficiary_id", "=", self.mother.id)])
        )
        self.assertFalse(
            by_other.search([("member_ids.beneficiary_id.last_name", "=", self.name)])
        )

    def test_household_is_hidden_without_a_readable_member(self):
        stranger = self._make_beneficiary(team=self.worker)
        alone = stranger._enter_household(self.env["ess.household"])
        households = self.env["ess.household"].with_user(self.worker2)
        self.assertFalse(households.search([("id", "=", alone.id)]))
        self.assertFalse(households.name_search(alone.ref))
        self.assertFalse(households.search_count([("ref", "=", alone.ref)]))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            households.browse(alone.id).read(["ref"])

    def test_past_member_opens_no_household_of_today(self):
        self._members(self.worker).filtered(
            lambda member: member.beneficiary_id == self.child
        )._leave(date(2024, 6, 30), "moved")
        household = self.household.with_user(self.worker2)
        self.assertFalse(household.search([("id", "=", self.household.id)]))
        stays = self.child.with_user(self.worker2).household_member_ids
        self.assertEqual(stays.end_reason, "moved")

    def test_no_door_through_a_guessed_number(self):
        own = self._make_beneficiary(team=self.worker2)
        alone = self._make_beneficiary(team=self.worker)._enter_household(
            self.env["ess.household"]
        )
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            own.with_user(self.worker2)._enter_household(
                self.env["ess.household"].browse(alone.id)
            )
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self.env["ess.household.member"].with_user(self.worker2).create(
                {"household_id": alone.id, "beneficiary_id": own.id}
            )

    def test_roles(self):
        for user in (self.reception, self.internal_user, self.contact_user):
            self.assertFalse(self.household.with_user(user).has_access("read"))
        self.assertTrue(self.household.with_user(self.dpo).has_access("read"))
        self.assertFalse(self.household.with_user(self.dpo).has_access("write"))
        self.assertTrue(self.household.with_user(self.coordinator).has_access("write"))
        other = self.household.with_user(self.other_company_user)
        self.assertFalse(other.has_access("read"))

    # === DATES

    def test_no_overlap(self):
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"):
            self.mother._enter_household(self.household, date_from=date(2024, 3, 1))
            self.env.flush_all()

    def test_come_back(self):
        member = self._members(self.worker).filtered(
            lambda line: line.beneficiary_id == self.child
        )
        member._leave(date(2024, 6, 30), "moved")
        self.child._enter_household(self.household, date_from=date(2024, 9, 1))
        days = {
            date(2023, 12, 31): 0,
            date(2024, 1, 1): 2,
            date(2024, 6, 30): 2,
            date(2024, 7, 1): 1,
            date(2024, 9, 1): 2,
        }
        for day, count in days.items():
            composition = self.household.with_user(self.worker)._get_composition(day)
            self.assertEqual(len(composition), count, day)
            dated = self.household.with_user(self.worker).with_context(
                ess_household_date=str(day)
            )
            self.assertEqual(dated.size, count, day)

    def test_leaving_needs_a_reason(self):
        with self.assertRaises(ValidationError):
            self._members(self.worker)[0].date_to = date(2025, 1, 1)

    def test_members_do_not_move_by_hand(self):
        other = self._make_beneficiary(team=self.worker)._enter_household(
            self.env["ess.household"]
        )
        with self.assertRaises(UserError):
            self._members(self.worker)[0].household_id = other.id

    def test_inhabited_household_is_not_deleted(self):
        with self.assertRaises(UserError):
            self.household.with_user(self.coordinator).unlink()

    def test_declared_people_are_counted(self):
        household = self.household.with_user(self.worker2)
        household.write({"declared_adults": 1, "declared_children": 2})
        self.assertEqual((household.adult_count, household.child_count), (1, 3))
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            household.declared_children = -1
            self.env.flush_all()

    def test_other_association(self):
        far = self._make_beneficiary(company_id=self.company_2.id)
        with self.assertRaises(ValidationError):
            far._enter_household(self.household)

    # === SEPARATION

    @users("ess_worker")
    def test_separation_makes_two_households_that_do_not_know_each_other(self):
        form = Form(
            self.env["ess.household.move"].with_context(
                default_household_id=self.household.id
            )
        )
        form.date_to = date(2024, 6, 30)
        form.end_reason = "separation"
        form.is_together = True
        form.member_ids.add(
            self._members(self.env.user).filtered(
                lambda line: line.beneficiary_id == self.child
            )
        )
        form.save().action_move()
        new = self.child.with_user(self.worker2).household_id
        self.assertNotEqual(new, self.household)
        self.assertEqual(new.member_ids.beneficiary_id, self.child)
        self.assertEqual(self.mother.with_user(self.env.user).household_size, 1)
        mother_home = self.mother.with_user(self.env.user).household_id
        self.assertEqual(mother_home, self.household)

    def test_leaving_a_household_that_nobody_seen_lives_in_any_more(self):
        person = self._make_beneficiary(team=self.worker)
        home = person._enter_household(self.env["ess.household"]).with_user(self.worker)
        action = home.action_open_move()
        move = (
            self.env["ess.household.move"]
            .with_user(self.worker)
            .with_context(action["context"])
            .create({"member_ids": [Command.set(home.member_ids.ids)]})
        )
        move.date_to = date.today() - timedelta(days=1)
        home.member_ids.sudo().date_from = date.today() - timedelta(days=9)
        self.env.flush_all()
        after = move.action_move()
        self.assertEqual(after["res_model"], "ess.household")
        self.assertFalse(home.has_access("read"))

    def test_leaving_when_there_is_no_household(self):
        person = self._make_beneficiary(team=self.worker).with_user(self.worker)
        with self.assertRaisesRegex(UserError, "No household"):
            person.action_open_household_move()

    def test_nobody_leaves_before_they_came(self):
        move = (
            self.env["ess.household.move"]
            .with_user(self.worker)
            .create(
                {
                    "household_id": self.household.id,
                    "member_ids": [Command.set(self._members(self.worker).ids)],
                    "date_to": date(2023, 1, 1),
                }
            )
        )
        with self.assertRaises(UserError):
            move.action_move()
        with self.assertRaises(UserError):
            move.copy({"member_ids": False}).action_move()

    # === QUICK ADD

    @users("ess_worker")
    def test_add_by_search(self):
        person = self._make_beneficiary(team=self.worker, last_name="Testbélaïd")
        self._make_beneficiary(team=self.worker2, last_name="Testbélaïd")
        hidden = self._make_beneficiary(team=self.worker2, last_name="Testcaché")
        start = self._make_beneficiary(team=self.worker).with_user(self.env.user)
        action = start.action_open_household_add()
        form = Form(self.env["ess.household.add"].with_context(action["context"]))
        form.name = hidden.last_name
        self.assertFalse(form.person_id)
        form.name = "testbelaid"
        self.assertEqual(form.person_id, person)
        form.role = "relative"
        form.save().action_add()
        self.assertEqual(start.household_mate_ids.beneficiary_id, person)
        self.assertEqual(start.household_size, 2)

    @users("ess_worker")
    def test_add_a_new_file(self):
        start = self.mother.with_user(self.env.user)
        action = start.action_open_household_add()
        form = Form(self.env["ess.household.add"].with_context(action["context"]))
        form.name = "Zora TESTNOUVELLE"
        self.assertFalse(form.person_id)
        wizard = form.save()
        with self.assertRaises(UserError):
            wizard.action_add()
        wizard.action_add_new()
        new = start.household_mate_ids.beneficiary_id - self.child
        self.assertEqual((new.first_name, new.last_name), ("Zora", "TESTNOUVELLE"))
        self.assertEqual(new.referent_id, self.worker)

    # === RELATIONS

    def test_relation_reads_from_both_sides(self):
        self.env["ess.relation"].with_user(self.worker).create(
            {
                "beneficiary_id": self.mother.id,
                "other_id": self.child.id,
                "kind": "parent",
            }
        )
        for file, words in (
            (self.mother, "is a parent of"),
            (self.child, "is a child"),
        ):
            relation = file.with_user(self.worker).relation_ids
            self.assertIn(words, relation.with_context(ess_file_id=file.id).words)
        self.assertFalse(self.child.with_user(self.worker2).relation_ids)
        relations = self.env["ess.relation"].with_user(self.worker2)
        self.assertFalse(relations.search_count([("other_id", "=", self.child.id)]))

    def test_relation_to_a_file_out_of_reach(self):
        far = self._make_beneficiary(team=self.worker2)
        relations = self.env["ess.relation"].with_user(self.worker)
        vals = {"beneficiary_id": self.mother.id, "kind": "sibling"}
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            relations.create({**vals, "other_id": far.id})
        relation = relations.create({**vals, "other_id": self.child.id})
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            relation.other_id = far.id
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            relation.other_id = self.mother.id
            self.env.flush_all()

    def test_one_relation_at_a_time(self):
        relations = self.env["ess.relation"].with_user(self.worker)
        vals = {"beneficiary_id": self.mother.id, "other_id": self.child.id}
        first = relations.create({**vals, "kind": "parent"})
        opposite = {"beneficiary_id": self.child.id, "other_id": self.mother.id}
        with (
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            relations.create({**opposite, "kind": "sibling"})
        first.date_to = date.today() - timedelta(days=1)
        self.assertTrue(relations.create({**vals, "kind": "relative"}))

    # === READABLE FILE

    def test_readable_file_masks_the_others(self):
        content = self.child.with_user(self.worker)._get_readable_file()
        (home,) = content["households"]
        self.assertEqual(len(home["others"]), 1)
        told = str(content)
        for secret in (self.name, self.name.upper(), self.mother.ref):
            self.assertNotIn(secret, told)
        self.assertNotIn(self.mother.street, told)

    # === SPEED

    def test_compositions_in_constant_queries(self):
        persons = self.env["ess.beneficiary"].concat(
            *(self._make_beneficiary(team=self.worker) for _i in range(12))
        )
        for person in persons:
            person._enter_household(self.env["ess.household"])
        self.env.flush_all()
        counts = []
        for number in (2, 12):
            self.env.invalidate_all()
            part = persons[:number].with_user(self.worker)
            before = self.env.cr.sql_log_count
            part.mapped("household_size")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    @freeze_time("2031-01-02")
    def test_future_days_count_from_the_day_itself(self):
        self.assertEqual(self.household.with_user(self.worker).size, 2)
