from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged, users, warmup

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestGrid(EssProgrammesCommon):
    """The whole sheet read and saved at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = cls._make_session()
        cls.people = [cls._make_beneficiary(team=cls.worker) for _index in range(3)]
        for person in cls.people[:2]:
            cls._make_presence(cls.session, person, state="expected")

    def _lines(self, session):
        return {
            line["beneficiary_id"]: line
            for line in session.action_read_sheet()["lines"]
        }

    def _states(self):
        self.session.invalidate_recordset()
        return {line.beneficiary_id: line.state for line in self.session.presence_ids}

    @users("ess_worker")
    def test_read_change_and_add(self):
        session = self.session.with_user(self.worker)
        first, second = self._lines(session).values()
        answer = session.action_save_sheet(
            [
                {**first, "state": "present", "minutes": None},
                {**second, "state": "excused", "excuse": "health"},
                {"beneficiary_id": self.people[2].id, "state": "late", "minutes": 30},
            ],
            anonymous=2,
        )
        self.assertFalse(answer["conflicts"])
        self.assertEqual(len(answer["saved"]), 3)
        lines = session.presence_ids.sorted("id")
        self.assertRecordValues(
            lines,
            [
                {"state": "present", "minutes": 120, "excuse": False, "headcount": 0},
                {"state": "excused", "minutes": 0, "excuse": "health", "headcount": 0},
                {"state": "late", "minutes": 30, "excuse": False, "headcount": 0},
                {"state": "present", "minutes": 120, "excuse": False, "headcount": 2},
            ],
        )
        added = lines[2]
        self.assertRecordValues(
            added,
            [
                {
                    "programme_id": self.programme.id,
                    "company_id": self.company.id,
                    "day": self.session.day,
                    "kind": "course",
                    "is_present": True,
                    "people_count": 1,
                    "source": "grid",
                }
            ],
        )

    def test_same_columns_as_an_ordinary_creation(self):
        """What the fast path writes is what the ORM would have written."""
        quick, slow = (self._make_session(kind="distribution") for _turn in "12")
        person = self.people[0]
        quick.action_save_sheet(
            [{"beneficiary_id": person.id, "state": "present", "quantity": 2}]
        )
        self._make_presence(slow, person, state="present", quantity=2)
        left, right = quick.presence_ids, slow.presence_ids
        skipped = {"id", "session_id", "display_name", "create_date", "write_date"}
        for name, field in left._fields.items():
            if field.store and name not in skipped:
                self.assertEqual(left[name], right[name], name)

    @users("ess_worker")
    def test_two_people_lose_nothing(self):
        session = self.session.with_user(self.worker)
        mine, theirs = self._lines(session), self._lines(session)
        first, second = (person.id for person in self.people[:2])
        session.action_save_sheet([{**theirs[first], "state": "absent"}])
        answer = session.action_save_sheet(
            [
                {**mine[first], "state": "present", "minutes": None},
                {**mine[second], "state": "present", "minutes": None},
            ]
        )
        [conflict] = answer["conflicts"]
        self.assertEqual(
            (conflict["beneficiary_id"], conflict["state"], conflict["who"]),
            (first, "absent", self.worker.name),
        )
        self.assertEqual(
            self._states(),
            {self.people[0]: "absent", self.people[1]: "present"},
        )
        session.action_save_sheet(
            [{**mine[first], "state": "present", "seen": conflict["seen"]}]
        )
        self.assertEqual(self._states()[self.people[0]], "present")

    @users("ess_worker")
    def test_the_same_answer_twice_is_no_conflict(self):
        session = self.session.with_user(self.worker)
        line = {"beneficiary_id": self.people[2].id, "state": "present"}
        for _turn in range(2):
            self.assertFalse(session.action_save_sheet([line])["conflicts"])
        self.assertEqual(len(session.presence_ids), 3)

    @users("ess_worker")
    def test_people_without_a_name_add_up(self):
        session = self.session.with_user(self.worker)
        session.action_save_sheet([], anonymous=2)
        session.action_save_sheet([], anonymous=3)
        session.action_save_sheet([], anonymous=-1)
        self.assertEqual(sum(session.presence_ids.mapped("headcount")), 4)
        session.action_save_sheet([], anonymous=-4)
        self.assertFalse(sum(session.presence_ids.mapped("headcount")))

    @users("ess_worker")
    def test_bad_input_gets_a_clear_message(self):
        session = self.session.with_user(self.worker)
        person = self.people[0].id
        for line in (
            {},
            {"beneficiary_id": person},
            {"beneficiary_id": person, "state": "here"},
            {"beneficiary_id": person, "state": "present", "minutes": "x"},
            {"beneficiary_id": "x", "state": "present"},
            {"beneficiary_id": person, "state": "excused", "excuse": "lazy"},
        ):
            with self.assertRaisesRegex(UserError, "cannot be read"):
                session.action_save_sheet([line])

    def test_file_of_another_association(self):
        stranger = self._make_beneficiary(company_id=self.company_2.id)
        with self.assertRaisesRegex(UserError, "another association"):
            self.session.action_save_sheet(
                [{"beneficiary_id": stranger.id, "state": "present"}]
            )

    def test_closed_sheet(self):
        self.session.state = "done"
        with self.assertRaisesRegex(UserError, "is closed"):
            self.session.action_save_sheet([], anonymous=1)

    def test_rights(self):
        line = {"beneficiary_id": self.people[2].id, "state": "present"}
        hidden = self._make_beneficiary(team=self.worker2, is_protected=True)
        secret = {"beneficiary_id": hidden.id, "state": "present"}
        for user, lines, error in (
            (self.worker2, [line], AccessError),
            (self.reception, [line], AccessError),
            (self.volunteer_manager, [line], AccessError),
            (self.other_company_user, [line], AccessError),
            # for them, this file does not exist
            (self.worker, [secret], MissingError),
            (self.coordinator, [secret], MissingError),
        ):
            with (
                self.subTest(user=user.login),
                self.assertRaises(error),
                self.cr.savepoint(),
            ):
                self.session.with_user(user).action_save_sheet(lines)
        self.assertEqual(len(self.session.presence_ids), 2)

    def test_full_session_takes_no_more_reservations(self):
        self.session.capacity = 2
        with self.assertRaisesRegex(UserError, "it has 2 places"):
            self._make_presence(self.session, self.people[2], state="expected")
        # somebody who is there is counted
        self.session.action_save_sheet(
            [{"beneficiary_id": self.people[2].id, "state": "present"}]
        )
        self.assertEqual(len(self.session.presence_ids.exists()), 3)

    def test_words_of_the_kind_and_of_the_programme(self):
        self.programme.person_word = "apprenant"
        words = self.session.action_read_sheet()["words"]
        self.assertEqual(
            (words["presence"], words["person"]), ("Presence", "apprenant")
        )
        self.session.kind = "round"
        words = self.session.action_read_sheet()["words"]
        self.assertEqual(words["presences"], "Encounters")

    @warmup
    @users("ess_worker")
    def test_a_sheet_of_30_in_8_statements(self):
        session = self._make_session().with_user(self.worker)
        for _index in range(30):
            self._make_presence(session.sudo(), state="expected")
        lines = [
            {**line, "state": "present", "minutes": None}
            for line in self._lines(session).values()
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            session.action_save_sheet(lines)
            self.env.flush_all()
        self.assertEqual(set(session.presence_ids.mapped("state")), {"present"})
