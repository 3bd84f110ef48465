from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, MissingError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssProgrammesCommon

FACTS = ("ess.session", "ess.enrolment", "ess.presence")


@tagged("ess", "post_install", "-at_install", "security")
class TestSecurity(EssProgrammesCommon):
    """What each role may do, record by record: own programme, another team's, another
    company's, a protected file.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.volunteer = cls._make_volunteer()
        cls.own = cls._make_facts(cls.programme, cls._make_beneficiary())
        cls.other = cls._make_facts(cls.programme_2, cls._make_beneficiary())
        cls.programme_c2 = cls._make_programme(company_id=cls.company_2.id)
        cls.abroad = cls._make_facts(
            cls.programme_c2, cls._make_beneficiary(company_id=cls.company_2.id)
        )
        cls.protected_person = cls._make_beneficiary(
            team=cls.worker2, is_protected=True
        )
        cls.protected = cls._make_facts(cls.programme, cls.protected_person)
        cls.hours = cls._make_presence(
            cls._make_session(cls.programme_2, kind="mission"),
            volunteer_id=cls.volunteer.id,
        )
        cls.env.flush_all()

    @classmethod
    def _make_facts(cls, programme, person):
        """Return one record of each fact: {model name: record}."""
        session = cls._make_session(programme)
        return {
            "ess.session": session,
            "ess.enrolment": cls._make_enrolment(person, programme=programme),
            "ess.presence": cls._make_presence(session, person),
        }

    def _assert_rights(self, user, record, rights):
        """Check which operations a user has on a record, by what the ORM really does.

        :param str rights: letters among r, w, u (delete).
        """
        record = record.with_user(user).with_company(user.company_id)
        for letter, operation in (("r", "read"), ("w", "write"), ("u", "unlink")):
            self.assertEqual(
                record.has_access(operation),
                letter in rights,
                f"{user.login} {operation} {record}",
            )
        model = self.env[record._name].with_user(user)
        if "r" in rights:
            self.assertTrue(model.search_count([("id", "=", record.id)]))
        elif model.has_access("read"):
            self.assertFalse(model.search([("id", "=", record.id)]))
            self.assertFalse(model.search_count([("id", "=", record.id)]))
            self.assertFalse(
                model._read_group([("id", "=", record.id)], [], ["__count"])[0][0]
            )
        else:
            with self.assertRaises(AccessError):
                model.search_count([("id", "=", record.id)])

    # === ROLES
    def test_reception(self):
        for facts in (self.own, self.other):
            self._assert_rights(self.reception, facts["ess.session"], "r")
            self._assert_rights(self.reception, facts["ess.enrolment"], "")
            self._assert_rights(self.reception, facts["ess.presence"], "")
        self._assert_rights(self.reception, self.abroad["ess.session"], "")
        self._assert_rights(self.reception, self.programme, "r")
        self._assert_rights(self.reception, self.volunteer, "")
        with self.assertRaises(AccessError):
            self.own["ess.session"].with_user(self.reception).read(["present_count"])
        with self.assertRaises(AccessError):
            self.own["ess.session"].with_user(self.reception).read(["presence_ids"])

    def test_team_member(self):
        self._assert_rights(self.worker, self.own["ess.session"], "rw")
        self._assert_rights(self.worker, self.own["ess.enrolment"], "rw")
        self._assert_rights(self.worker, self.own["ess.presence"], "rwu")
        self._assert_rights(self.worker, self.other["ess.session"], "r")
        self._assert_rights(self.worker, self.other["ess.enrolment"], "")
        self._assert_rights(self.worker, self.other["ess.presence"], "")
        for model in FACTS:
            self._assert_rights(self.worker, self.abroad[model], "")
        self._assert_rights(self.worker, self.programme, "r")
        self._assert_rights(self.worker, self.volunteer, "r")

    def test_team_of_one_session_only(self):
        session = self.other["ess.session"]
        session.team_user_ids = self.worker
        self._assert_rights(self.worker, session, "rw")
        self._assert_rights(self.worker, self.other["ess.presence"], "rwu")
        self._assert_rights(self.worker, self.other["ess.enrolment"], "")

    def test_referent_reads_what_other_programmes_do(self):
        person = self._make_beneficiary(team=self.worker)
        facts = self._make_facts(self.programme_2, person)
        self._assert_rights(self.worker, facts["ess.presence"], "r")
        self._assert_rights(self.worker, facts["ess.enrolment"], "rw")

    def test_manager(self):
        for facts in (self.own, self.other):
            for model in FACTS:
                self._assert_rights(self.coordinator, facts[model], "rwu")
        for model in FACTS:
            self._assert_rights(self.coordinator, self.abroad[model], "")
            self._assert_rights(self.other_company_user, self.abroad[model], "rwu")
            self._assert_rights(self.other_company_user, self.own[model], "")
        self._assert_rights(self.coordinator, self.programme, "rwu")

    def test_data_protection_officer_reads_only(self):
        for model in FACTS:
            self._assert_rights(self.dpo, self.other[model], "r")
            self._assert_rights(self.dpo, self.abroad[model], "")
        self._assert_rights(self.dpo, self.hours, "")

    def test_volunteer_managers_see_volunteers_only(self):
        for user, rights in (
            (self.volunteer_officer, "rw"),
            (self.volunteer_manager, "rwu"),
        ):
            self._assert_rights(user, self.volunteer, rights)
            self._assert_rights(user, self.hours, "rwu")
            self._assert_rights(user, self.hours.session_id, rights)
            self._assert_rights(user, self.own["ess.presence"], "")
            self._assert_rights(user, self.own["ess.enrolment"], "")
            self._assert_rights(user, self.own["ess.session"], "r")

    def test_others_see_nothing(self):
        for user in (self.internal_user, self.contact_user, self.portal_user):
            for model in FACTS:
                self._assert_rights(user, self.own[model], "")
            self._assert_rights(user, self.programme, "")
            self._assert_rights(user, self.volunteer, "")

    # === CREATION
    def test_creation_follows_the_team(self):
        person = self._make_beneficiary(team=self.worker)
        vals = {"beneficiary_id": person.id, "programme_id": self.programme.id}
        self.env["ess.enrolment"].with_user(self.worker).create(vals)
        # An orientation: a referent may ask another programme to take a person in.
        self.env["ess.enrolment"].with_user(self.worker).create(
            {**vals, "programme_id": self.programme_2.id}
        )
        with self.assertRaises(AccessError):
            self.env["ess.presence"].with_user(self.worker).create(
                {
                    "session_id": self.other["ess.session"].id,
                    "beneficiary_id": person.id,
                }
            )
        with self.assertRaises(AccessError):
            self.env["ess.session"].with_user(self.worker).create(
                {"programme_id": self.programme_2.id, "user_id": False}
            )
        with self.assertRaises(AccessError):
            self.env["ess.programme"].with_user(self.worker).create({"name": "Mine"})

    def test_enrolling_does_not_open_a_file(self):
        stranger = self._make_beneficiary(team=self.worker2)
        with (
            mute_logger("odoo.addons.base.models.ir_rule"),
            self.assertRaises(AccessError),
        ):
            self.env["ess.enrolment"].with_user(self.worker).create(
                {"beneficiary_id": stranger.id, "programme_id": self.programme.id}
            )

    def test_taking_a_stay_up_again_does_not_open_a_file(self):
        stay = self.own["ess.enrolment"]
        stay._end("completed", self._reason("goals"))
        self.env.flush_all()
        seen = stay.with_user(self.worker)
        for vals in (
            {"stage_id": self._stage("entered").id},
            {"programme_id": self.programme_2.id},
        ):
            with (
                mute_logger("odoo.addons.base.models.ir_rule"),
                self.assertRaises(AccessError),
            ):
                seen.write(vals)

    # === FILES
    def test_programme_team_reads_the_files_of_its_people(self):
        person = self.own["ess.enrolment"].beneficiary_id
        situation = self.env["ess.life.project"].create(
            {"beneficiary_id": person.id, "words": "Learn French"}
        )
        self.assertTrue(person.with_user(self.worker).has_access("write"))
        self.assertTrue(situation.with_user(self.worker).has_access("read"))
        self.assertFalse(person.with_user(self.worker2).has_access("read"))
        self.assertFalse(situation.with_user(self.worker2).has_access("read"))
        self.own["ess.enrolment"]._end("completed", self._reason("goals"))
        self.assertFalse(person.with_user(self.worker).has_access("read"))
        self.assertFalse(situation.with_user(self.worker).has_access("read"))

    def test_names_are_masked_for_who_cannot_read_the_file(self):
        secret = self.canary("Secret")
        person = self._make_beneficiary(last_name=secret)
        presence = self._make_presence(self._make_session(), person)
        enrolment = self._make_enrolment(
            person, stage="done", date_end=fields.Date.today()
        )
        for record in (presence, enrolment):
            seen = record.with_user(self.worker)
            self.assertNotIn(secret.upper(), str(seen.read()))
            self.assertNotIn(secret.upper(), seen.display_name)
            self.assertIn(person.ref, seen.display_name)
            self.assertIn(
                secret.upper(), record.with_user(self.coordinator).display_name
            )
        self.assertFalse(
            self.env["ess.presence"]
            .with_user(self.worker)
            .search([("beneficiary_id", "ilike", secret)])
        )
        self.assertFalse(
            self.env["ess.enrolment"].with_user(self.worker).name_search(secret)
        )

    # === PROTECTED FILES
    def test_protected_file_does_not_exist_outside_its_team(self):
        for user in (self.worker, self.coordinator, self.dpo):
            self._assert_rights(user, self.protected["ess.enrolment"], "")
            self._assert_rights(user, self.protected["ess.presence"], "")
        self._assert_rights(self.worker2, self.protected["ess.presence"], "r")
        self._assert_rights(self.worker2, self.protected["ess.enrolment"], "rw")

    def test_archived_protected_file_stays_hidden(self):
        self.protected_person.active = False
        self._assert_rights(self.coordinator, self.protected["ess.presence"], "")

    def test_protected_file_is_on_no_sheet_and_in_no_count(self):
        session = self.protected["ess.session"].with_user(self.coordinator)
        self.assertFalse(session.presence_ids)
        self.assertEqual(session.present_count, 0)
        self.assertEqual(self.programme.with_user(self.coordinator).enrolment_count, 1)
        new = self._make_session().with_user(self.coordinator)
        new.action_add_enrolled()
        self.assertEqual(
            new.sudo().presence_ids.beneficiary_id,
            self.own["ess.enrolment"].beneficiary_id,
        )

    def test_count_lines_stay_visible_beside_protected_files(self):
        anonymous = self._make_presence(self.own["ess.session"], headcount=4)
        self._assert_rights(self.worker, anonymous, "rwu")

    def test_protected_person_cannot_be_enrolled_by_others(self):
        with (
            mute_logger("odoo.addons.base.models.ir_rule"),
            self.assertRaises(MissingError),
        ):
            self.env["ess.enrolment"].with_user(self.coordinator).create(
                {
                    "beneficiary_id": self.protected_person.id,
                    "programme_id": self.programme_2.id,
                }
            )

    def test_next_appointment_of_a_protected_file_is_not_read(self):
        session = self._make_session(start=fields.Datetime.now() + timedelta(days=1))
        self._make_presence(session, self.protected_person)
        reception = self.protected_person.with_user(self.reception)
        self.assertEqual(reception.read(["next_appointment"]), [])
