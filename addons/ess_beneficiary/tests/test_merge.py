import uuid
from datetime import date

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .merge_common import MergeCommon


@tagged("post_install", "-at_install", "ess")
class TestMerge(MergeCommon):
    """Two files of one person become one, and two again."""

    def _live(self, file):
        """Give a file a little of everything."""
        self._situate(file, date(2026, 1, 1), key="street")
        project = self.env["ess.life.project"].create(
            {"beneficiary_id": file.id, "words": "Une chambre à moi"}
        )
        self.env["ess.goal"].create({"life_project_id": project.id, "words": "Un lit"})
        file.message_post(body="Vue ce matin", partner_ids=[])
        file.message_subscribe(self.coordinator.partner_id.ids)
        file.activity_schedule(summary="Appeler", user_id=self.coordinator.id)
        self.env["ir.attachment"].create(
            {
                "name": "attestation.pdf",
                "raw": b"x",
                "res_model": file._name,
                "res_id": file.id,
            }
        )

    # === NOTHING IS LOST

    def test_everything_hangs_on_the_kept_file(self):
        self._live(self.kept)
        self._live(self.merged)
        messages = self.kept.message_ids | self.merged.message_ids
        merge = self.merge(self.kept, self.merged)
        self.assertEqual(self.kept.message_ids, messages)
        self.assertEqual(len(self.kept.activity_ids), 2)
        goals = self.env["ess.goal"].search([("beneficiary_id", "=", self.kept.id)])
        self.assertEqual(len(goals), 2)
        self.assertEqual(
            self.env["ir.attachment"].search_count(
                [("res_model", "=", "ess.beneficiary"), ("res_id", "=", self.kept.id)]
            ),
            2,
        )
        self.assertEqual(self.kept.team_user_ids, self.worker | self.worker2)
        self.assertGreater(merge.row_count, 5)
        self.assertIn("Goal: 1", merge.summary)

    def test_undo_restores_the_whole_database(self):
        self._live(self.kept)
        self._live(self.merged)
        self._situate(self.merged, date(2026, 3, 1), key="night_shelter")
        other = self._make_beneficiary(last_name="Keitta", first_name="Awa")
        self.env["ess.duplicate"].sudo()._scan()
        self._make_followup(self.kept, self.worker2)
        self.merged.sudo()._create_mask_partner()
        self.env["ess.duplicate"].search([("duplicate_id", "=", other.id)])[
            :1
        ].action_distinct()
        before = self.dump()
        merge = self.merge(self.kept, self.merged, city="merged", last_name="merged")
        self.assertNotEqual(before, self.dump())
        merge.action_undo()
        self.assertSameDatabase(before)
        self.assertEqual(merge.state, "undone")
        self.assertFalse(
            self.env["ess.merge.change"].search([("merge_id", "=", merge.id)])
        )

    def test_merge_again_after_undo(self):
        self._live(self.merged)
        self.merge(self.kept, self.merged).action_undo()
        self.merge(self.merged, self.kept)
        self.assertEqual(self.kept.merged_into_id, self.merged)

    # === VALUES

    def test_values_are_completed_and_chosen(self):
        self.kept.birth_date = False
        self.merged.phone = "0711111111"
        self.merge(self.kept, self.merged, phone="merged")
        self.assertRecordValues(
            self.kept,
            [
                {
                    "last_name": "Keïta",
                    "phone": "0711111111",
                    "city": "Lyon",
                    "birth_date": date(1991, 3, 8),
                    "active": True,
                }
            ],
        )
        self.assertRecordValues(
            self.merged,
            [{"active": False, "merged_into_id": self.kept.id, "phone": "0711111111"}],
        )

    def test_extra_fields_come_together(self):
        names = [uuid.uuid4().hex[:16] for _n in range(2)]
        self.company.beneficiary_properties_definition = [
            {"name": name, "string": name, "type": "char"} for name in names
        ]
        self.kept.properties = {names[0]: "one"}
        self.merged.properties = {names[0]: "two", names[1]: "three"}
        self.merge(self.kept, self.merged)
        self.assertEqual(self.kept.properties[names[0]], "one")
        self.assertEqual(self.kept.properties[names[1]], "three")

    def test_old_number_finds_the_kept_file(self):
        self.merge(self.kept, self.merged)
        found = self.env["ess.beneficiary"].with_user(self.coordinator)
        self.assertEqual(
            [row[0] for row in found.name_search(self.merged.ref)], self.kept.ids
        )
        self.assertEqual(self.merged._follow_merges(), self.kept)

    def test_login_follows(self):
        mask = self.merged.sudo()._create_mask_partner()
        self.merge(self.kept, self.merged)
        self.assertEqual(self.kept.partner_id, mask)
        self.assertEqual((mask.name, mask.ref), (self.kept.ref, f"ess:{self.kept.ref}"))

    # === CONFLICTS

    def test_situations_follow_each_other(self):
        street = self._situate(self.kept, date(2026, 1, 1))
        shelter = self._situate(
            self.merged, date(2026, 3, 1), date(2026, 5, 31), key="night_shelter"
        )
        self.merge(self.kept, self.merged)
        lines = self.env["ess.situation"].search(
            [("beneficiary_id", "=", self.kept.id)], order="date_from"
        )
        self.assertRecordValues(
            lines,
            [
                {"value_id": street.value_id.id, "date_to": date(2026, 2, 28)},
                {"value_id": shelter.value_id.id, "date_to": date(2026, 5, 31)},
                {"value_id": street.value_id.id, "date_to": False},
            ],
        )

    def test_same_situation_twice_is_archived_once(self):
        mine = self._situate(self.kept, date(2026, 1, 1))
        other = self._situate(self.merged, date(2026, 1, 1), key="night_shelter")
        self.merge(self.kept, self.merged)
        self.assertEqual((mine.active, other.active), (True, False))
        self.assertEqual(other.beneficiary_id, self.kept)

    def test_one_life_project_stays_current(self):
        projects = self.env["ess.life.project"]
        old = projects.create(
            {"beneficiary_id": self.kept.id, "words": "A", "date": "2025-01-01"}
        )
        goal = self.env["ess.goal"].create({"life_project_id": old.id, "words": "B"})
        new = projects.create(
            {"beneficiary_id": self.merged.id, "words": "C", "date": "2026-01-01"}
        )
        self.merge(self.kept, self.merged)
        self.assertEqual((old.state, new.state), ("superseded", "current"))
        self.assertEqual((old.version, new.version), (1, 2))
        self.assertFalse(goal.is_current)

    def test_one_follow_up_of_a_user_stays_active(self):
        self._make_followup(self.kept, self.worker2, date_from="2026-01-01")
        self.merge(self.kept, self.merged)
        lines = self.env["ess.followup"].search(
            [
                ("beneficiary_id", "=", self.kept.id),
                ("user_id", "=", self.worker2.id),
            ],
            order="date_from",
        )
        self.assertEqual(lines.mapped("end_reason"), [False, "merged"])
        self.assertTrue(lines[0].is_referent)

    def test_human_decision_about_another_file_follows(self):
        third = self._make_beneficiary(last_name="Keita", first_name="Aya")
        pairs = self.env["ess.duplicate"]
        for file, state in ((self.kept, "to_review"), (self.merged, "distinct")):
            pairs |= pairs.create(
                {
                    "beneficiary_id": file.id,
                    "duplicate_id": third.id,
                    "company_id": self.company.id,
                    "state": state,
                }
            )
        own = pairs.create(
            {
                "beneficiary_id": self.kept.id,
                "duplicate_id": self.merged.id,
                "company_id": self.company.id,
            }
        )
        self.merge(self.kept, self.merged)
        left = pairs.search([("duplicate_id", "=", third.id)])
        self.assertEqual((left.beneficiary_id, left.state), (self.kept, "distinct"))
        self.assertEqual(own.state, "merged")

    def test_home_is_counted_once(self):
        household = self.env["ess.household"].create({})
        third = self._make_beneficiary()
        for file, day in ((self.kept, "2026-03-01"), (self.merged, "2026-01-01")):
            self.env["ess.household.member"].create(
                {
                    "household_id": household.id,
                    "beneficiary_id": file.id,
                    "date_from": day,
                }
            )
            self.env["ess.relation"].create(
                {"beneficiary_id": file.id, "other_id": third.id, "kind": "friend"}
            )
        before = self.dump()
        merge = self.merge(self.kept, self.merged)
        lines = self.env["ess.household.member"].search(
            [("household_id", "=", household.id)]
        )
        mine = lines.filtered(lambda line: line.beneficiary_id == self.kept)
        self.assertEqual((len(lines), mine.date_from), (2, date(2026, 1, 1)))
        relations = self.env["ess.relation"].search([("other_id", "=", third.id)])
        self.assertEqual(relations.beneficiary_id, self.kept)
        self.assertEqual(len(relations.filtered("date_to")), 1)
        merge.action_undo()
        self.assertSameDatabase(before)

    # === UNDO AFTER WORK

    def test_facts_added_since_stay_and_it_is_said(self):
        merge = self.merge(self.kept, self.merged)
        # one transaction has one time: the merge was made a minute ago
        self.env.cr.execute("UPDATE ess_merge SET date = date - interval '1 minute'")
        self.env.invalidate_all()
        message = self.kept.message_post(body="Vue depuis")
        notice = merge.action_undo()["params"]["message"]
        self.assertIn(self.kept.ref, notice)
        self.assertEqual(message.res_id, self.kept.id)
        self.assertTrue(self.merged.active)

    def test_value_changed_since_is_refused(self):
        merge = self.merge(self.kept, self.merged)
        self.kept.city = "Paris"
        with self.assertRaisesRegex(UserError, "City"):
            merge.action_undo()
        self.assertFalse(self.merged.active)
        self.kept.city = "Lyon"
        merge.action_undo()
        self.assertFalse(self.kept.city)

    def test_value_the_merge_did_not_touch_may_change(self):
        merge = self.merge(self.kept, self.merged)
        self.kept.phone = "0699999999"
        merge.action_undo()
        self.assertEqual(self.kept.phone, "0699999999")

    def test_collision_with_new_facts_is_refused(self):
        self._situate(self.kept, date(2026, 1, 1))
        shelter = self._situate(
            self.merged, date(2026, 3, 1), date(2026, 5, 31), key="night_shelter"
        )
        merge = self.merge(self.kept, self.merged)
        shelter.active = False
        self._situate(self.kept, date(2026, 3, 1), date(2026, 5, 31), key="hotel")
        silent = mute_logger("odoo.sql_db")
        with silent, self.assertRaisesRegex(UserError, "Situation"):
            merge.action_undo()
        self.assertEqual(self.merged.merged_into_id, self.kept)

    def test_chain_is_undone_from_its_end(self):
        third = self._make_beneficiary(team=self.worker, last_name="Keyta")
        before = self.dump()
        first = self.merge(self.kept, self.merged)
        second = self.merge(third, self.kept)
        self.assertEqual(self.merged._follow_merges(), third)
        with self.assertRaisesRegex(UserError, third.ref):
            first.action_undo()
        second.action_undo()
        first.action_undo()
        self.assertSameDatabase(before)

    def test_undo_twice_is_refused(self):
        merge = self.merge(self.kept, self.merged)
        merge.action_undo()
        with self.assertRaises(UserError):
            merge.action_undo()

    # === RIGHTS

    def test_only_for_readers_of_both_files(self):
        for user in (self.importer, self.worker, self.reception, self.dpo):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.merge(self.kept, self.merged, user=user)
        self._make_followup(self.kept, self.importer)
        self._make_followup(self.merged, self.importer)
        self.assertTrue(self.merge(self.kept, self.merged, user=self.importer))

    def test_protected_file_is_merged_by_its_team_alone(self):
        self.merged.write({"is_protected": True, "protection_reason": "violence"})
        with self.assertRaises(MissingError):
            self.merge(self.kept, self.merged)
        self._make_followup(self.merged, self.coordinator)
        with self.assertRaisesRegex(UserError, self.worker.name):
            self.merge(self.kept, self.merged)
        self._make_followup(self.merged, self.worker)
        self.merge(self.kept, self.merged)
        self.assertTrue(self.kept.is_protected)
        self.assertEqual(self.kept.protection_reason, "violence")

    def test_choice_never_unprotects(self):
        self.kept.write({"is_protected": True, "protection_reason": "child"})
        self._make_followup(self.kept, self.coordinator)
        self._make_followup(self.kept, self.worker2)
        self.merge(self.kept, self.merged, is_protected="merged")
        self.assertTrue(self.kept.is_protected)

    def test_merged_file_is_read_by_the_team_of_the_kept_one(self):
        merge = self.merge(self.kept, self.merged)
        merged = self.merged.with_user(self.worker).with_context(active_test=False)
        self.assertTrue(merged.has_access("read"))
        self.kept.followup_ids.filtered(
            lambda line: line.user_id == self.worker
        ).write({"date_to": "2020-01-02", "date_from": "2020-01-01",
                 "end_reason": "handover"})  # fmt: skip
        self.env.invalidate_all()
        self.assertFalse(merged.has_access("read"))
        with self.assertRaises(AccessError):
            merge.with_user(self.worker).read(["summary"])

    def test_companies_and_repeats_are_refused(self):
        abroad = self._make_beneficiary(company_id=self.company_2.id)
        with self.assertRaises(UserError):
            self.env["ess.merge"]._merge_files([(self.kept, abroad, {})])
        self.merge(self.kept, self.merged)
        third = self._make_beneficiary()
        with self.assertRaisesRegex(UserError, "already"):
            self.merge(third, self.merged)

    def test_journal_is_nobody_s(self):
        self.merge(self.kept, self.merged)
        for user in (self.coordinator, self.dpo, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["ess.merge.change"].with_user(user).search([])
