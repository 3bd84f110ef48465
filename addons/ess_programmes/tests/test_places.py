from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged, users

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestPlaces(EssProgrammesCommon):
    """Who gets a place and who waits, in which order and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.limited = cls._make_programme(
            name="Douze places", team=cls.worker, capacity=2, admission="order"
        )

    def _ask(self, programme=None, **vals):
        person = self._make_beneficiary(team=self.worker)
        return self._make_enrolment(
            person, programme=programme or self.limited, stage="asked", **vals
        )

    def _buckets(self, enrolments):
        return [enrolment.bucket for enrolment in enrolments]

    def test_oldest_requests_enter_and_the_others_wait_with_a_rank(self):
        asked = [self._ask() for _index in range(5)]
        self.assertEqual(self._buckets(asked), ["enrolled"] * 2 + ["waitlisted"] * 3)
        self.assertEqual([stay.waiting_rank for stay in asked], [0, 0, 1, 2, 3])
        self.assertEqual({stay.waiting_reason for stay in asked[2:]}, {"programme"})
        self.assertEqual(asked[0].date_start, self.limited._today())
        self.assertEqual(self.limited.free_count, 0)

    @freeze_time("2026-06-01 22:30")
    def test_entered_and_left_after_midnight(self):
        stay = self._ask()
        self.assertEqual(stay.date_start, date(2026, 6, 2))
        stay._end("left", self._reason("no_news"))
        self.assertEqual(stay.date_end, date(2026, 6, 2))

    def test_a_freed_place_goes_to_the_first_of_the_list(self):
        asked = [self._ask() for _index in range(4)]
        asked[0]._end("left", self._reason("choice"))
        self.assertEqual(
            self._buckets(asked), ["left", "enrolled", "enrolled", "waitlisted"]
        )
        self.assertEqual(asked[3].waiting_rank, 1)
        self.limited.capacity = 3
        self.assertEqual(asked[3].bucket, "enrolled")

    def test_a_pause_keeps_the_place(self):
        asked = [self._ask() for _index in range(3)]
        asked[0].action_pause()
        self.assertEqual(self._buckets(asked), ["paused", "enrolled", "waitlisted"])

    def test_the_batch_leaves_human_decisions(self):
        asked = [self._ask() for _index in range(5)]
        asked[2]._refuse(self._refusal("not_wanted"))
        asked[3].stage_id = self._stage("asked")
        asked[3].action_waitlist()
        self.limited.capacity = 5
        self.env["ess.enrolment"]._allocate(self.limited)
        self.assertEqual(
            self._buckets(asked),
            ["enrolled", "enrolled", "refused", "waitlisted", "enrolled"],
        )
        self.assertEqual(asked[3].waiting_reason, "team")

    def test_running_again_changes_nothing(self):
        asked = [self._ask() for _index in range(4)]
        before = self._buckets(asked)
        for _turn in range(2):
            self.assertFalse(self.env["ess.enrolment"]._allocate(self.limited))
        self.env["ess.enrolment"]._cron_allocate()
        self.assertEqual(self._buckets(asked), before)

    def test_cron_allocates_what_was_lost(self):
        asked = self._ask()
        # as after a server stopped between the commit and the allocation
        self.env.cr.execute(
            "UPDATE ess_enrolment SET bucket = 'applied', stage_id = %s, "
            "date_start = NULL, awaits_place = TRUE WHERE id = %s",
            [self._stage("asked").id, asked.id],
        )
        asked.invalidate_recordset()
        self.env["ess.enrolment"]._cron_allocate()
        self.assertEqual(asked.bucket, "enrolled")

    def test_a_full_group_does_not_hold_up_the_programme(self):
        self.limited.capacity = 3
        group = self.env["ess.cohort"].create(
            {"name": "A", "programme_id": self.limited.id, "capacity": 1}
        )
        in_group = [self._ask(cohort_id=group.id) for _index in range(3)]
        others = [self._ask() for _index in range(3)]
        self.assertEqual(
            self._buckets(in_group), ["enrolled", "waitlisted", "waitlisted"]
        )
        self.assertEqual(self._buckets(others), ["enrolled", "enrolled", "waitlisted"])
        self.assertEqual(in_group[1].waiting_reason, "cohort")
        self.assertEqual(others[2].waiting_reason, "programme")
        self.assertEqual([stay.waiting_rank for stay in in_group], [0, 1, 2])
        group.capacity = 2
        self.assertEqual(in_group[1].bucket, "waitlisted", "the programme is full")
        self.limited.capacity = 4
        self.assertEqual(in_group[1].bucket, "enrolled")

    def test_the_team_decides_by_default(self):
        programme = self._make_programme(team=self.worker, capacity=1)
        first, second = (self._ask(programme) for _index in range(2))
        self.assertEqual(self._buckets([first, second]), ["applied", "applied"])
        second.with_user(self.worker).action_enrol()
        first.with_user(self.worker).action_enrol()
        self.assertEqual(self._buckets([first, second]), ["waitlisted", "enrolled"])
        self.assertEqual(first.waiting_reason, "programme")
        second.with_user(self.worker)._end("completed", self._reason("goals"))
        self.assertEqual(first.bucket, "waitlisted", "the team decides")
        first.with_user(self.worker).action_enrol()
        self.assertEqual(first.bucket, "enrolled")

    def test_a_person_already_in_is_not_taken_in_twice(self):
        first = self._ask()
        again = self._make_enrolment(
            first.beneficiary_id, programme=self.limited, stage="asked"
        )
        other = self._ask()
        self.assertEqual(
            self._buckets([first, again, other]), ["enrolled", "applied", "enrolled"]
        )
        with self.assertRaisesRegex(UserError, "already in this programme"):
            again.action_enrol()

    def test_a_card_dragged_into_a_full_programme_is_refused(self):
        asked = [self._ask() for _index in range(3)]
        with self.assertRaisesRegex(UserError, "2 of 2 places"):
            asked[2].stage_id = self._stage("entered")

    def test_a_stay_created_in_a_full_programme_is_refused(self):
        for _index in range(2):
            self._ask()
        with self.assertRaisesRegex(UserError, "2 of 2 places"):
            self._make_enrolment(programme=self.limited)

    def test_an_ended_programme_takes_nobody_in(self):
        self.limited.date_to = fields.Date.today() - timedelta(days=1)
        asked = self._ask()
        self.assertEqual(asked.bucket, "applied")
        with self.assertRaisesRegex(UserError, "ended on"):
            asked.action_enrol()
        self.limited.date_to = False
        self.assertEqual(asked.bucket, "enrolled")

    def test_entry_is_not_before_the_programme(self):
        self.limited.date_from = fields.Date.today() + timedelta(days=30)
        self.assertEqual(self._ask().date_start, self.limited.date_from)

    @users("ess_worker")
    def test_the_time_of_a_request_is_the_servers(self):
        person = self._make_beneficiary(team=self.worker)
        asked = self.env["ess.enrolment"].create(
            {
                "beneficiary_id": person.id,
                "programme_id": self.limited.id,
                "requested_at": "2001-01-01 00:00:00",
            }
        )
        self.assertGreater(asked.requested_at.year, 2001)
        asked.requested_at = "2001-01-01 00:00:00"
        self.assertGreater(asked.requested_at.year, 2001)

    def test_rank_counts_people_that_the_user_may_not_see(self):
        for _index in range(2):
            self._ask()
        hidden = self._ask()
        hidden.beneficiary_id.write({"is_protected": True})
        asked = self._ask().with_user(self.worker)
        self.assertEqual(asked.waiting_rank, 2)


@tagged("ess", "post_install", "-at_install")
class TestSnapshot(EssProgrammesCommon):
    """Situations kept as they were at entry, exit and six months after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker)
        cls.domain = cls.env["ess.situation.domain"].search(
            [("is_sensitive", "=", False), ("value_ids", "!=", False)], limit=1
        )
        cls.first, cls.second = cls.domain.value_ids[:2]

    def _situation(self, value, day, domain=None):
        return self.env["ess.situation"].create(
            {
                "beneficiary_id": self.person.id,
                "domain_id": (domain or self.domain).id,
                "value_id": value.id,
                "date_from": day,
            }
        )

    @freeze_time("2026-06-01")
    def test_planned_at_entry_exit_and_six_months(self):
        stay = self._make_enrolment(self.person, date_start="2026-01-15")
        self.assertEqual(stay.snapshot_ids.mapped("moment"), ["entry"])
        stay.date_start = "2026-01-20"
        stay._end("completed", self._reason("goals"), date(2026, 5, 31))
        self.assertRecordValues(
            stay.snapshot_ids.sorted("date"),
            [
                {"moment": "entry", "date": date(2026, 1, 20), "state": "due"},
                {"moment": "exit", "date": date(2026, 5, 31), "state": "due"},
                {"moment": "later", "date": date(2026, 11, 30), "state": "due"},
            ],
        )
        stay.stage_id = self._stage("entered")
        self.assertEqual(stay.snapshot_ids.mapped("moment"), ["entry"])

    def test_frozen_situations_no_longer_change(self):
        situation = self._situation(self.first, "2026-01-01")
        self._situation(self.second, "2026-03-01")
        stay = self._make_enrolment(self.person, date_start="2026-02-01")
        snapshot = stay.snapshot_ids.with_user(self.worker)
        snapshot.action_freeze()
        self.assertRecordValues(
            snapshot, [{"state": "checked", "user_id": self.worker.id}]
        )
        line = snapshot.line_ids
        self.assertEqual(line.value_id, self.first)
        situation.value_id = self.second
        stay.date_start = "2026-03-02"
        snapshot.action_freeze()
        self.assertEqual((line.value_id, snapshot.date), (self.first, date(2026, 2, 1)))

    def test_sensitive_domains_are_not_copied(self):
        domain = self.env["ess.situation.domain"].create(
            {"name": "Secret", "code": "secret_test", "is_sensitive": True}
        )
        value = self.env["ess.situation.value"].create(
            {"name": "Secret", "code": "secret_value", "domain_id": domain.id}
        )
        self._situation(value, "2026-01-01", domain)
        stay = self._make_enrolment(self.person, date_start="2026-02-01")
        stay.snapshot_ids._freeze("automatic")
        self.assertFalse(stay.snapshot_ids.line_ids)

    def test_the_server_freezes_after_four_weeks(self):
        old = self._make_enrolment(
            self.person, date_start=fields.Date.today() - timedelta(days=29)
        )
        new = self._make_enrolment(date_start=fields.Date.today())
        with self.enter_registry_test_mode():
            self.env.ref("ess_programmes.ir_cron_freeze").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(old.snapshot_ids.state, "automatic")
        self.assertEqual(new.snapshot_ids.state, "due")

    def test_not_before_the_day(self):
        stay = self._make_enrolment(
            self.person, date_start=fields.Date.today() + timedelta(days=3)
        )
        with self.assertRaisesRegex(UserError, "still to come"):
            stay.snapshot_ids.action_freeze()

    def test_none_where_help_is_unconditional(self):
        programme = self._make_programme(is_unconditional=True)
        stay = self._make_enrolment(self.person, programme=programme)
        self.assertFalse(stay.snapshot_ids)

    def test_nobody_writes_a_snapshot(self):
        stay = self._make_enrolment(self.person)
        for user in (self.worker, self.coordinator):
            snapshot = stay.snapshot_ids.with_user(user)
            self.assertFalse(snapshot.has_access("write"))
            self.assertFalse(snapshot.has_access("unlink"))

    def test_other_teams_do_not_see_it(self):
        stay = self._make_enrolment(self.person)
        snapshots = self.env["ess.enrolment.snapshot"]
        domain = [("enrolment_id", "=", stay.id)]
        self.assertTrue(snapshots.with_user(self.worker).search(domain))
        self.assertFalse(snapshots.with_user(self.worker2).search(domain))
        self.assertFalse(snapshots.with_user(self.other_company_user).search(domain))
