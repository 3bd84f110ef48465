from odoo.tests import tagged, warmup

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install", "ess_performance")
class TestPerformance(EssProgrammesCommon):
    """The number of statements does not grow with the number of lines of a sheet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["ess.beneficiary"].create(
            [
                {"last_name": f"Person {index}", "company_id": cls.company.id}
                for index in range(101)
            ]
        )
        cls.env["ess.enrolment"].create(
            [
                {
                    "beneficiary_id": person.id,
                    "programme_id": cls.programme.id,
                    "stage_id": cls._stage("entered").id,
                    "date_start": "2026-01-01",
                }
                for person in cls.people
            ]
        )
        cls.sessions = cls.env["ess.session"].union(
            *(cls._make_session() for _index in range(4))
        )
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.env.invalidate_all()
        self.env["ir.rule"]._compute_domain("ess.presence", "read")

    def _create(self, session, people):
        self.env["ess.presence"].create(
            [
                {"session_id": session.id, "beneficiary_id": person.id}
                for person in people
            ]
        )
        self.env.flush_all()

    @warmup
    def test_create_presences(self):
        # session, company, people (one query each, whatever the number), insert
        for session, people in (
            (self.sessions[0], self.people[:1]),
            (self.sessions[1], self.people[:100]),
        ):
            self.env.invalidate_all()
            with self.assertQueryCount(8):
                self._create(session, people)

    @warmup
    def test_add_enrolled_then_all_present_then_close(self):
        session = self.sessions[2].with_user(self.worker)
        session.env.invalidate_all()
        with self.assertQueryCount(24):
            session.action_add_enrolled()
            session.action_all_present()
            session.action_close()
            self.env.flush_all()

    @warmup
    def test_tick_one_line(self):
        self._create(self.sessions[3], self.people)
        line = self.sessions[3].presence_ids[7].with_user(self.worker)
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            line.action_absent()
            self.env.flush_all()

    @warmup
    def test_lists_of_1_and_100(self):
        self._create(self.sessions[3], self.people)
        Presence = self.env["ess.presence"].with_user(self.worker)
        specification = {
            "day": {},
            "display_name": {},
            "state": {},
            "minutes": {},
            "session_id": {"fields": {"display_name": {}}},
            "programme_id": {"fields": {"display_name": {}}},
        }
        for limit in (1, 100):
            self.env.invalidate_all()
            # search, presences, people (rights, names), session, programme
            with self.assertQueryCount(14):
                Presence.web_search_read(
                    [("session_id", "=", self.sessions[3].id)],
                    specification,
                    limit=limit,
                )
