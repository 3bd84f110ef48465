from datetime import date

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess", "security")
class TestProtected(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.name = cls.canary("Name")
        cls.person = cls._make_beneficiary(
            team=cls.worker | cls.worker2, last_name=cls.name, phone="06 55 44 33 22"
        )

    def _protect(self, user=None, named=None, **vals):
        person = self.person.with_user(user or self.worker)
        action = person.action_open_protect()
        form = Form(
            self.env[action["res_model"]]
            .with_user(user or self.worker)
            .with_context(action["context"])
        )
        form.reason = "violence"
        form.named_user_ids.clear()
        for person_named in named if named is not None else self.worker:
            form.named_user_ids.add(person_named)
        for name, value in vals.items():
            form[name] = value
        return form.save().action_protect()

    # === PROTECTING

    def test_named_team_is_chosen(self):
        self._protect()
        self.assertRecordValues(
            self.person,
            [
                {
                    "is_protected": True,
                    "protection_reason": "violence",
                    "protected_by_id": self.worker.id,
                    "team_user_ids": self.worker.ids,
                }
            ],
        )
        self.assertTrue(self.person.date_protected)
        ended = self.person.followup_ids.filtered(lambda f: f.user_id == self.worker2)
        self.assertEqual(ended.end_reason, "safety")
        for user in (self.worker2, self.coordinator, self.dpo, self.reception):
            files = self.env["ess.beneficiary"].with_user(user)
            self.assertFalse(files.search([("id", "=", self.person.id)]), user.login)
            self.assertFalse(files.search_count([("ref", "=", self.person.ref)]))
            self.assertFalse(files.name_search(self.name))

    def test_the_window_tells_who_loses_the_file(self):
        wizard = self.env["ess.beneficiary.protect"].with_user(self.worker)
        form = Form(wizard.with_context(default_beneficiary_id=self.person.id))
        self.assertFalse(form.losing_names)
        form.named_user_ids.remove(self.worker2.id)
        self.assertEqual(form.losing_names, self.worker2.name)
        self.assertFalse(form.is_me_out)
        form.named_user_ids.remove(self.worker.id)
        self.assertTrue(form.is_me_out)

    def test_coordination_protects_and_is_out(self):
        self._protect(user=self.coordinator)
        self.assertFalse(self.person.with_user(self.coordinator).has_access("read"))
        self.assertTrue(self.person.with_user(self.worker).has_access("write"))

    def test_somebody_with_the_right_to_read_is_named(self):
        with self.assertRaises(UserError):
            self._protect(named=self.env["res.users"])
        for user in (self.reception, self.internal_user, self.other_company_user):
            with self.assertRaises(UserError, msg=user.login):
                self._protect(named=user)
        self.assertFalse(self.person.is_protected)

    def test_new_people_may_be_named(self):
        self._protect(user=self.coordinator, named=self.importer)
        self.assertEqual(self.person.team_user_ids, self.importer)
        self.assertEqual(self.person.referent_id, self.importer)

    def test_no_protection_by_the_back_door(self):
        for vals in ({"is_protected": True}, {"date_protected": False}):
            with self.assertRaises(UserError):
                self.person.with_user(self.worker).write(vals)
        self._protect()
        with self.assertRaises(UserError):
            self.person.with_user(self.worker).write({"is_protected": False})
        with self.assertRaises(MissingError):
            self.person.with_user(self.coordinator).write({"is_protected": False})

    def test_children_are_protected_along(self):
        child = self._make_beneficiary(
            team=self.worker | self.worker2, birth_date="2020-01-01"
        )
        home = self.person._enter_household(self.env["ess.household"])
        child._enter_household(home)
        self._protect()
        self.assertTrue(child.is_protected)
        self.assertFalse(child.with_user(self.worker2).has_access("read"))
        self.assertFalse(home.with_user(self.coordinator).has_access("read"))

    # === OUTSIDERS LOSE WHAT THEY HAD

    def test_outsiders_lose_everything(self):
        person = self.person
        person.message_subscribe((self.worker | self.worker2).partner_id.ids)
        activity = person.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.worker2.id, summary="x"
        )
        done = person.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.worker2.id, summary="y"
        )
        done.action_done()
        person.with_user(self.worker).message_post(
            body="x", message_type="comment", partner_ids=self.worker2.partner_id.ids
        )
        notices = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.worker2.partner_id.id)]
        )
        self.assertTrue(notices)
        self._protect()
        self.assertEqual(person.message_partner_ids, self.worker.partner_id)
        self.assertEqual(activity.user_id, self.worker)
        self.assertFalse(notices.exists())
        activities = self.env["mail.activity"].with_user(self.worker2)
        self.assertFalse(
            activities.with_context(active_test=False).search_count(
                [("res_model", "=", "ess.beneficiary")]
            )
        )

    def test_a_list_that_matched_forgets_it(self):
        batch = self.env["ess.import"].create({"user_id": self.worker2.id})
        row = self.env["ess.import.row"].create(
            {
                "import_id": batch.id,
                "company_id": self.company.id,
                "user_id": self.worker2.id,
                "number": 1,
                "outcome": "match",
                "decision": "update",
                "match_id": self.person.id,
            }
        )
        self._protect()
        self.assertRecordValues(
            row, [{"outcome": "new", "decision": "skip", "match_id": False}]
        )

    # === WORDS OF ERRORS

    def test_named_team_is_searched_as_it_is_read(self):
        """What the rule asks by SQL is what the field says, team changes included."""
        files = self._make_beneficiary(team=self.worker) | self._make_beneficiary()
        for user in (self.worker, self.worker2):
            own = files.with_user(user).sudo()
            named = own.filtered("is_in_named_team")
            domain = [("id", "in", files.ids), ("is_in_named_team", "=", True)]
            self.assertEqual(own.search(domain), named)
            domain[1] = ("is_in_named_team", "=", False)
            self.assertEqual(own.search(domain), own - named)
        followup = files[0].followup_ids
        followup.write({"date_from": "2020-01-01"})
        followup.write({"date_to": "2020-01-02", "end_reason": "staff_left"})
        seen = files.with_user(self.worker).sudo()
        self.assertFalse(seen.search([*domain[:1], ("is_in_named_team", "=", True)]))

    def test_errors_are_those_of_a_record_that_never_was(self):
        child = self.person.situation_ids.create(
            {
                "beneficiary_id": self.person.id,
                "value_id": self.env.ref(
                    "ess_beneficiary.ess_situation_value_housing_street"
                ).id,
            }
        )
        self._protect()
        # developers' mode adds the names of the rules to access errors
        self.env.ref("base.group_no_one").user_ids |= self.coordinator
        self.env.flush_all()
        for user in (self.coordinator, self.worker2, self.dpo):
            for record in (self.person, child):
                record = record.with_user(user)
                gone = record.browse(10**8)
                self.env.invalidate_all()
                self.assertEqual(
                    record.read(["create_date"]), gone.read(["create_date"])
                )
                self.assertEqual(record.read(["display_name"]), [])
                for operation in ("read", "write", "unlink"):
                    told = self._error(record, lambda r, o=operation: r.check_access(o))
                    never = self._error(gone, lambda r, o=operation: r.check_access(o))
                    self.assertEqual(told, never)

    def _error(self, record, call):
        """Return the words of the error, whoever the record is."""
        try:
            with mute_logger("odoo.addons.base.models.ir_rule"):
                call(record)
        except (AccessError, MissingError) as error:
            return f"{type(error).__name__} {error}".replace(f"({record.id},)", "ID")
        return ""

    def test_other_files_keep_their_own_error(self):
        other = self._make_beneficiary(team=self.worker2)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            other.with_user(self.worker).read(["ref"])

    # === THE TEAM NEVER BECOMES EMPTY

    def test_last_named_person_stays(self):
        self._protect()
        followup = self._place(self.worker).with_user(self.worker)
        with self.assertRaises(UserError):
            followup.write({"date_to": date.today(), "end_reason": "handover"})
        self.person.with_user(self.worker).followup_ids = [
            Command.create({"user_id": self.importer.id, "role": "social_worker"})
        ]
        followup.write({"date_to": date.today(), "end_reason": "handover"})

    def test_account_of_the_last_named_person_stays_open(self):
        self._protect()
        officer = self.env.ref("ess_beneficiary.group_beneficiary_officer")
        for vals in ({"active": False}, {"group_ids": [Command.unlink(officer.id)]}):
            with (
                self.assertRaisesRegex(UserError, self.worker.name) as error,
                self.env.cr.savepoint(),
            ):
                self.worker.write(vals)
            self.assertNotIn(self.person.ref, str(error.exception))
            self.env.invalidate_all()
        # however the right went, the job leaves the last place in the team
        officer.user_ids -= self.worker
        self.env["ess.beneficiary"]._cron_refresh_teams()
        self.assertFalse(any(self._place(self.worker).mapped("date_to")))
        officer.user_ids |= self.worker
        self.person.with_user(self.worker).followup_ids = [
            Command.create({"user_id": self.importer.id, "role": "social_worker"})
        ]
        self.worker.active = False
        self.assertTrue(self._place(self.worker).date_to)
        self.assertTrue(self.person.with_user(self.importer).has_access("read"))

    def _place(self, user):
        return self.person.followup_ids.filtered(lambda line: line.user_id == user)

    # === END OF THE PROTECTION

    def test_team_alone_ends_it_with_a_trace(self):
        self._protect()
        for user in (self.coordinator, self.worker2):
            with self.assertRaises(MissingError):
                self.person.with_user(user).action_open_unprotect()
        action = self.person.with_user(self.worker).action_open_unprotect()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.worker)
            .with_context(action["context"])
        )
        reason = self.canary("reason")
        form.reason = reason
        form.save().action_unprotect()
        self.assertFalse(self.person.is_protected)
        self.assertIn(reason, str(self.person.message_ids.mapped("body")))
        self.assertTrue(self.person.with_user(self.coordinator).has_access("read"))

    def test_unprotect_window_over_another_file(self):
        self._protect()
        wizard = (
            self.env["ess.beneficiary.unprotect"]
            .with_user(self.coordinator)
            .create({"beneficiary_id": self.person.id, "reason": "x"})
        )
        with self.assertRaises(MissingError):
            wizard.action_unprotect()
        self.assertTrue(self.person.is_protected)

    def test_review_reminds_once(self):
        self._protect(date_review=date.today())
        self.env["ess.beneficiary"]._cron_protection_reviews()
        self.env["ess.beneficiary"]._cron_protection_reviews()
        self.assertEqual(len(self.person.activity_ids), 1)
        self.assertEqual(self.person.activity_ids.user_id, self.worker)

    # === SEARCHES

    def _search(self, user, name):
        search = self.env["ess.beneficiary.search"].with_user(user)
        return search.create({"name": name}).beneficiary_ids

    def test_search_finds_nobody_and_tells_the_referent(self):
        self._protect()
        self.assertFalse(self._search(self.reception, self.name.lower()))
        self.assertFalse(self.person.activity_ids)  # not in the searcher's request
        self.env["ess.beneficiary"]._cron_tell_protected_searches()
        activity = self.person.activity_ids
        self.assertEqual(activity.user_id, self.worker)
        self.assertIn(self.reception.name, str(activity.note))
        self._search(self.reception, self.name)
        self.env["ess.beneficiary"]._cron_tell_protected_searches()
        self.assertEqual(self.person.activity_ids, activity)  # once a day

    def test_own_team_and_ordinary_files_tell_nobody(self):
        self.assertTrue(self._search(self.reception, self.name))
        self._protect()
        self.assertEqual(self._search(self.worker, self.name), self.person)
        self.env["ess.beneficiary"]._cron_tell_protected_searches()
        self.assertFalse(self.person.activity_ids)

    def test_search_costs_the_same(self):
        """As many statements for a protected person as for nobody."""
        other = self.canary("Nobody")
        self._search(self.reception, other)  # warm caches

        def count(name):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._search(self.reception, name)
            return self.env.cr.sql_log_count - before

        nobody = count(other)
        self._protect()
        count(other)
        self.assertEqual(count(self.name), nobody)
