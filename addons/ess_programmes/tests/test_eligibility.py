from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EssProgrammesCommon

ADULTS = "[('age', '>=', 18)]"


class EligibilityCommon(EssProgrammesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open = cls._make_programme(
            name="Conduire", kind="insertion", team=cls.worker
        )
        cls.criterion = cls._make_criterion(ADULTS, "You are 18 or older")
        today = cls.programme._today()
        cls.adult = cls._make_beneficiary(
            cls.worker, birth_date=today - relativedelta(years=30), city="Limoges"
        )
        cls.young = cls._make_beneficiary(
            cls.worker, birth_date=today - relativedelta(years=18) + timedelta(days=1)
        )

    @classmethod
    def _make_criterion(cls, domain, sentence="A condition", programme=None):
        return cls.env["ess.programme.criterion"].create(
            {
                "programme_id": (programme or cls.open).id,
                "domain": str(domain),
                "sentence": sentence,
            }
        )

    @classmethod
    def _value(cls, code):
        """Return the first value of the domain of situations with this code."""
        return cls.env["ess.situation.value"].search(
            [("domain_id.code", "=", code)], limit=1
        )

    def _ask(self, person, user=None, **vals):
        return (
            self.env["ess.enrolment"]
            .with_user(user or self.worker)
            .create({"beneficiary_id": person.id, "programme_id": self.open.id, **vals})
        )


@tagged("post_install", "-at_install", "ess")
class TestCriterion(EligibilityCommon):
    """What a condition may ask, and who allows it."""

    def test_names_and_references_cannot_be_asked(self):
        for name in ("last_name", "ref", "phone", "is_protected", "note_ids.text"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self._make_criterion([(name, "=", "x")])

    def test_what_is_not_a_condition_is_refused(self):
        for text in ("", "[]", "nothing", "[('age', '>=', uid)]", "[(1, '=', 1)]"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self._make_criterion(text)

    def test_value_that_does_not_fit_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "does not work"):
            self._make_criterion("[('birth_date', '>=', 'yesterday evening')]")

    def test_unconditional_programme_has_no_condition(self):
        with self.assertRaisesRegex(ValidationError, "open without conditions"):
            self.open.is_unconditional = True
        free = self._make_programme(is_unconditional=True)
        with self.assertRaisesRegex(ValidationError, "open without conditions"):
            self._make_criterion(ADULTS, programme=free)

    def test_sensitive_questions_are_known(self):
        stay, housing = self._value("stay"), self._value("housing")
        sensitive = [
            [("situation_ids.value_id", "=", stay.id)],
            [("current_situation_ids", "any", [("domain_id.code", "=", "stay")])],
            [("situation_ids.domain_id.name", "ilike", stay.domain_id.name)],
            [("situation_ids.answer", "=", "known")],
            [("situation_ids.value_id", "!=", housing.id)],
            [("situation_ids.value_id", "in", [housing.id, stay.id])],
            [("country_id.code", "=", "FR")],
            [
                ("age", ">", 3),
                "|",
                ("sex", "=", "F"),
                ("situation_ids.value_id.code", "=", stay.code),
            ],
        ]
        for domain in sensitive:
            with self.subTest(domain):
                criterion = self._make_criterion(domain)
                self.assertTrue(criterion.is_sensitive)
                self.assertFalse(criterion.is_in_force)
        ordinary = self._make_criterion(
            [("current_situation_ids.value_id", "=", housing.id)]
        )
        self.assertFalse(ordinary.is_sensitive)
        self.assertTrue(ordinary.is_in_force)

    def test_condition_waits_for_the_officer_and_is_not_applied(self):
        stay = self._value("stay")
        criterion = self._make_criterion(
            [("situation_ids.value_id", "=", stay.id)], "You have this permit"
        )
        self.assertTrue(self.open.has_pending_criterion)
        self.assertFalse(self.open._get_unmet(self.adult)[self.adult.id])
        with self.assertRaisesRegex(UserError, "data-protection officer"):
            criterion.with_user(self.coordinator).approval_ground = "I say so"
        criterion.with_user(self.dpo).approval_ground = "Art. L. 1"
        self.assertEqual(criterion.approval_user_id, self.dpo)
        self.assertTrue(criterion.approval_date and criterion.is_in_force)
        self.assertEqual(self.open._get_unmet(self.adult)[self.adult.id], criterion)
        # another question is another approval
        criterion.with_user(self.coordinator).domain = str(
            [("situation_ids.domain_id", "=", stay.domain_id.id)]
        )
        self.assertFalse(criterion.approval_user_id or criterion.is_in_force)

    def test_officer_approves_and_changes_nothing_else(self):
        with self.assertRaisesRegex(UserError, "not change it"):
            self.criterion.with_user(self.dpo).domain = "[('age', '>=', 3)]"
        with self.assertRaises(AccessError):
            self.criterion.with_user(self.worker).sentence = "Other"

    def test_nobody_is_born_approved(self):
        criterion = (
            self.env["ess.programme.criterion"]
            .with_user(self.coordinator)
            .create(
                {
                    "programme_id": self.open.id,
                    "sentence": "France",
                    "domain": "[('country_id.code', '=', 'FR')]",
                    "approval_user_id": self.dpo.id,
                    "approval_ground": "No",
                }
            )
        )
        self.assertFalse(criterion.approval_user_id or criterion.is_in_force)


@tagged("post_install", "-at_install", "ess")
class TestEligibility(EligibilityCommon):
    """The conditions at the door, the list of those who may join, the batch."""

    def test_age_is_searched_to_the_day(self):
        people = self.env["ess.beneficiary"]
        ours = [("id", "in", (self.adult + self.young).ids)]
        for domain, expected in (
            ([("age", ">=", 18)], self.adult),
            ([("age", "<", 18)], self.young),
            ([("age", "=", 17)], self.young),
            ([("age", "<=", 17)], self.young),
            ([("age", ">", 17)], self.adult),
            ([("age", "in", [17, 30])], self.adult + self.young),
            ([("age", "!=", 30)], self.young),
        ):
            with self.subTest(domain):
                self.assertEqual(people.search(ours + domain), expected)
                self.assertEqual(
                    (self.adult + self.young).filtered_domain(domain), expected
                )

    def test_situation_of_today_is_searched(self):
        value = self._value("housing")
        today = self.programme._today()
        self.env["ess.situation"].create(
            [
                {
                    "beneficiary_id": person.id,
                    "domain_id": value.domain_id.id,
                    "value_id": value.id,
                    "date_from": today - timedelta(days=90),
                    "date_to": end,
                }
                for person, end in (
                    (self.adult, False),
                    (self.young, today - timedelta(days=1)),
                )
            ]
        )
        found = self.env["ess.beneficiary"].search(
            [
                ("id", "in", (self.adult + self.young).ids),
                ("current_situation_ids.value_id", "=", value.id),
            ]
        )
        self.assertEqual(found, self.adult)

    def test_asking_is_never_refused_and_taking_in_asks_why(self):
        request = self._ask(self.young)
        self.assertEqual(request.bucket, "applied")
        self.assertEqual(request.unmet_text, "You are 18 or older")
        with self.assertRaises(UserError) as refusal:
            request.stage_id = self._stage("entered")
        self.assertIn("You are 18 or older", str(refusal.exception))
        self.assertEqual(request.bucket, "applied")
        action = request.action_enrol()
        self.assertEqual(action["res_model"], "ess.enrolment.exception")
        wizard = (
            self.env["ess.enrolment.exception"]
            .with_user(self.worker)
            .with_context(action["context"])
            .create({"reason": "Agreement of the family"})
        )
        self.assertIn("You are 18 or older", wizard.unmet_text)
        wizard.action_confirm()
        self.assertEqual(request.bucket, "enrolled")
        self.assertEqual(request.exception_reason, "Agreement of the family")

    def test_whoever_meets_the_conditions_is_taken_in_at_once(self):
        request = self._ask(self.adult)
        self.assertFalse(request.unmet_text)
        request.action_enrol()
        self.assertEqual(request.bucket, "enrolled")

    def test_starting_at_once_is_checked_too(self):
        with self.assertRaisesRegex(UserError, "does not meet"):
            self._ask(self.young, stage_id=self._stage("entered").id)

    def test_in_order_of_arrival_the_team_decides_on_exceptions(self):
        self.open.write({"capacity": 5, "admission": "order"})
        self.assertEqual(self._ask(self.adult).bucket, "enrolled")
        request = self._ask(self.young)
        self.assertEqual(request.bucket, "applied")
        self.assertFalse(request.awaits_place)

    def test_who_may_join_is_a_list_with_the_rights_of_the_user(self):
        hidden = self._make_beneficiary(
            self.worker2, birth_date="1980-01-01", is_protected=True
        )
        action = self.open.with_user(self.coordinator).action_open_eligible()
        people = self.env["ess.beneficiary"].with_user(self.coordinator)
        found = people.search(action["domain"])
        self.assertIn(self.adult, found)
        self.assertNotIn(self.young, found)
        self.assertNotIn(hidden, found)
        self._ask(self.adult)
        self.assertNotIn(self.adult, people.search(action["domain"]))
        self.assertEqual(self.young.may_join_programme_ids, self.open.browse())

    def test_programme_without_condition_has_nobody_to_enrol_in_one_go(self):
        with self.assertRaisesRegex(UserError, "Nothing says who may join"):
            self.programme.action_enrol_eligible()


@tagged("post_install", "-at_install", "ess")
class TestBatch(EligibilityCommon):
    """All who may join, in one go: slices, interruption, human decisions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_criterion([("city", "=", "Batchville")], "You live here")
        cls.people = cls.env["ess.beneficiary"]
        for _number in range(5):
            cls.people += cls._make_beneficiary(
                cls.worker, birth_date="1980-01-01", city="Batchville"
            )
        cls.hidden = cls._make_beneficiary(
            cls.worker2,
            birth_date="1980-01-01",
            city="Batchville",
            is_protected=True,
        )

    def _start(self, **vals):
        batch = (
            self.env["ess.enrolment.batch"]
            .with_user(self.coordinator)
            .create({"programme_id": self.open.id, **vals})
        )
        batch.action_start()
        return batch.sudo()

    def _run(self, batch, slices=100):
        module = "odoo.addons.ess_programmes.models.ess_enrolment_batch"
        first = min(self.people.ids) - 1
        if not batch.last_file:
            batch.last_file = first
        with patch(f"{module}.SLICE", 2):
            for _slice in range(slices):
                if batch.state == "running":
                    batch._run_slice()

    def _stays(self):
        return self.env["ess.enrolment"].search([("programme_id", "=", self.open.id)])

    def test_preview_then_all_are_enrolled(self):
        action = self.open.with_user(self.coordinator).action_enrol_eligible()
        batch = self.env["ess.enrolment.batch"].browse(action["res_id"])
        self.assertEqual(batch.with_user(self.coordinator).eligible_count, 5)
        batch.with_user(self.coordinator).action_start()
        self._run(batch.sudo())
        stays = self._stays()
        self.assertEqual(stays.beneficiary_id, self.people)
        self.assertEqual(set(stays.mapped("bucket")), {"enrolled"})
        self.assertEqual(set(stays.mapped("date_start")), {self.open._today()})
        self.assertRecordValues(
            batch, [{"state": "done", "enrolled_count": 5, "percent": 100}]
        )
        self.assertEqual(stays.create_uid, self.coordinator)
        self.assertEqual(set(stays.snapshot_ids.mapped("moment")), {"entry"})
        self.assertEqual(
            batch.with_user(self.coordinator).action_open_enrolments()["domain"],
            [("batch_id", "=", batch.id)],
        )

    def test_human_decisions_stand(self):
        refused, ended, paused, waiting = self.people[:4]
        self._make_enrolment(
            refused,
            self.open,
            "not_accepted",
            refusal_reason_id=self._refusal("full").id,
        )
        self._make_enrolment(ended, self.open, "left", date_end=self.open._today())
        self._make_enrolment(paused, self.open, "paused")
        self._make_enrolment(waiting, self.open, "waiting")
        before = {stay: (stay.bucket, stay.write_date) for stay in self._stays()}
        self._run(self._start())
        self.assertEqual(len(self._stays()), 5)
        self.assertEqual(
            {stay: (stay.bucket, stay.write_date) for stay in before}, before
        )

    def test_interrupted_then_started_again_loses_and_doubles_nothing(self):
        batch = self._start()
        self._run(batch, slices=1)
        self.assertEqual((batch.state, len(self._stays())), ("running", 2))
        # somebody decides in the meantime
        by_hand = self._make_enrolment(self.people[4], self.open, "paused")
        batch.with_user(self.coordinator).action_stop()
        self._run(batch)
        self.assertEqual((batch.state, len(self._stays())), ("stopped", 3))
        batch.with_user(self.coordinator).action_start()
        self._run(batch)
        self.assertEqual(len(self._stays()), 5)
        self.assertEqual(by_hand.bucket, "paused")
        # the same slice once more, as after a lost commit
        batch.write({"state": "running", "last_file": 0})
        self._run(batch)
        self.assertEqual(len(self._stays()), 5)

    def test_places_go_to_the_first_and_the_others_wait(self):
        self.open.capacity = 3
        self._run(self._start())
        buckets = self._stays().sorted("id").mapped("bucket")
        self.assertEqual(buckets, ["enrolled"] * 3 + ["waitlisted"] * 2)

    def test_protected_files_and_lost_rights(self):
        batch = self._start()
        self.coordinator.sudo().group_ids = [
            Command.set(self.env.ref("base.group_user").ids)
        ]
        self._run(batch)
        self.assertEqual(batch.state, "stopped")
        self.assertTrue(batch.trouble)
        self.assertFalse(self._stays())

    def test_job_goes_on_with_what_runs(self):
        batch = self._start()
        cron = self.env.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", lambda *_args, **_kw: 1):
            self.env["ess.enrolment.batch"]._cron_run()
        self.assertEqual(batch.state, "done")
        self.assertEqual(self._stays().beneficiary_id & self.people, self.people)
        self.assertNotIn(self.hidden, self._stays().beneficiary_id)

    def test_batch_of_a_programme_that_is_over_is_refused(self):
        self.open.date_to = self.open._today() - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "is over"):
            self._start()

    def test_only_coordination_prepares_a_batch(self):
        with self.assertRaises(AccessError):
            self.open.with_user(self.worker).action_enrol_eligible()
