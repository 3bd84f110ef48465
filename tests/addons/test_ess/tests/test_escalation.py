from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import EssSuiteCommon


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestEscalation(EssSuiteCommon):
    """No write that a user may do opens a file that the user may not read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world.make_all()
        cls.people = {
            kind: cls.world.record("ess.beneficiary", kind)
            for kind in ("other_team", "protected", "other_company")
        }
        cls.programme = cls.world.record("ess.programme", "own")
        cls.session = cls.world.record("ess.session", "own")

    def _assert_closed(self, role, operation):
        """Try it on each hidden file: whatever the answer, the file stays hidden."""
        for kind, person in self.people.items():
            seen = self.as_user(person, role)
            if seen.has_access("read"):
                continue
            with self.subTest(role=role, kind=kind), self.undone():
                try:
                    operation(self.users[role], person)
                    self.env.flush_all()
                except (AccessError, UserError):
                    continue
                self.env.invalidate_all()
                self.assertFalse(
                    self.as_user(person, role).has_access("read"),
                    f"{role} opened a file of {kind}",
                )

    def _workers(self):
        return ["beneficiary_officer", "programmes_officer", "profile_field_worker"]

    def test_enrolling_a_hidden_person_opens_nothing(self):
        """Only who can read a file may enrol the person."""
        stage = self.env["ess.enrolment.stage"].search(
            [("bucket", "=", "enrolled")], limit=1
        )
        for role in self._workers():
            self._assert_closed(
                role,
                lambda user, person: self.as_user(
                    self.env["ess.enrolment"], self._role_of(user)
                ).create(
                    {
                        "beneficiary_id": person.id,
                        "programme_id": self.programme.id,
                        "stage_id": stage.id,
                    }
                ),
            )

    def test_moving_an_enrolment_opens_nothing(self):
        mine = self.world.record("ess.enrolment", "own")
        for role in self._workers():
            self._assert_closed(
                role,
                lambda user, person: self.as_user(mine, self._role_of(user)).write(
                    {"beneficiary_id": person.id}
                ),
            )

    def test_marking_a_hidden_person_present_opens_nothing(self):
        for role in self._workers():
            self._assert_closed(
                role,
                lambda user, person: self.as_user(
                    self.env["ess.presence"], self._role_of(user)
                ).create(
                    {
                        "session_id": self.session.id,
                        "beneficiary_id": person.id,
                        "state": "present",
                    }
                ),
            )

    def test_joining_a_team_by_oneself_is_refused(self):
        for role in self._workers():
            self._assert_closed(
                role,
                lambda user, person: self.as_user(
                    self.env["ess.followup"], self._role_of(user)
                ).create(
                    {
                        "beneficiary_id": person.id,
                        "user_id": user.id,
                        "role": "social_worker",
                    }
                ),
            )
            self._assert_closed(
                role,
                lambda user, person: self.as_user(
                    self.world.record("ess.followup", "own"), self._role_of(user)
                ).write(
                    {
                        "beneficiary_id": person.id,
                        "user_id": user.id,
                        "partner_id": False,
                    }
                ),
            )
            self._assert_closed(
                role,
                lambda user, person: self.as_user(person, self._role_of(user)).write(
                    {
                        "team_user_ids": [Command.link(user.id)],
                    }
                ),
            )

    def test_importer_opens_no_hidden_file(self):
        """Deciding on duplicates needs files one can read."""
        self._assert_closed(
            "beneficiary_import",
            lambda user, person: self.as_user(
                self.env["ess.duplicate"], "beneficiary_import"
            ).create(
                {
                    "beneficiary_id": min(
                        person.id, self.world.record("ess.beneficiary", "own").id
                    ),
                    "duplicate_id": max(
                        person.id, self.world.record("ess.beneficiary", "own").id
                    ),
                    "score": 1,
                }
            ),
        )

    def test_forged_company_in_context_opens_nothing(self):
        person = self.people["other_company"]
        for role, user in self.users.items():
            records = person.with_user(user).with_context(
                allowed_company_ids=[self.company_2.id]
            )
            with self.subTest(role=role), self.assertRaises(AccessError):
                records.read(["ref"])

    def test_no_user_gives_oneself_a_profile(self):
        profile = self.env.ref("ess_beneficiary.profile_administrator")
        for role, user in self.users.items():
            if user.has_group("base.group_erp_manager"):
                continue
            with self.subTest(role=role), self.undone():
                before = user.group_ids
                with self.assertRaises(UserError):
                    user.with_user(user).write({"ess_profile_id": profile.id})
                    self.env.flush_all()
                self.assertEqual(user.group_ids, before)

    def test_seal_of_a_report_cannot_be_forged(self):
        """Only finalising freezes a report: no value sent by hand does."""
        report = self.as_user(
            self.world.record("ess.funder.report", "own"), "funding_manager"
        )
        for vals in ({"state": "final"}, {"snapshot": "{}"}, {"seal": "0" * 64}):
            with self.assertRaises(UserError), self.undone():
                report.write(vals)
            with self.assertRaises(UserError), self.undone():
                report.create({"grant_id": report.grant_id.id, **vals})

    def test_manager_finds_no_protected_file(self):
        """Coordination and the data-protection officer see all, except what does not
        exist for them.
        """
        person = self.people["protected"]
        for role in ("beneficiary_manager", "beneficiary_dpo", "programmes_manager"):
            records = self.as_user(self.env["ess.beneficiary"], role)
            if not records.has_access("read"):
                continue
            self.assertFalse(records.search([("id", "=", person.id)]), role)
            self.assertFalse(records.name_search(person.last_name), role)
            self.assertFalse(records.name_search(person.ref), role)

    # helpers

    def _role_of(self, user):
        return next(role for role, other in self.users.items() if other == user)
