from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssProgrammesCommon


class RequestCommon(EssProgrammesCommon):
    """Makes requests, in two zones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north, cls.south = cls.env["ess.territory"].create(
            [{"name": "Nord du test"}, {"name": "Sud du test"}]
        )

    @classmethod
    def _type(cls, code):
        return cls.env["ess.request.type"].search([("code", "=", code)])

    @classmethod
    def _make_request(cls, beneficiary=None, code="food", user=None, **vals):
        if not {"headcount", "household_id"} & vals.keys():
            vals["beneficiary_id"] = (beneficiary or cls._make_beneficiary()).id
        if vals.get("state") == "not_served":
            vals.setdefault("reason_id", cls._refusal("full").id)
        requests = cls.env["ess.request"]
        return requests.with_user(user or cls.env.user).create(
            {"type_id": cls._type(code).id, **vals}
        )


@tagged("ess", "post_install", "-at_install")
class TestRequest(RequestCommon):
    def test_theme_and_class_come_with_the_request(self):
        request = self._make_request(code="shelter", state="not_served")
        self.assertEqual(request.theme_id.code, "logement-hebergement")
        self.assertRecordValues(
            request,
            [{"is_unmet": True, "people_count": 1, "date_answer": fields.Date.today()}],
        )
        request.action_served()
        self.assertRecordValues(request, [{"is_unmet": False, "reason_id": False}])

    @mute_logger("odoo.sql_db")
    def test_one_who_exactly(self):
        person = self._make_beneficiary()
        for vals in (
            {"headcount": 0},
            {"headcount": 2, "beneficiary_id": person.id},
            {"headcount": -1},
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self._make_request(**vals)
        self.assertEqual(self._make_request(headcount=4).people_count, 4)

    @mute_logger("odoo.sql_db")
    def test_no_answer_without_a_reason(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._make_request(state="not_served", reason_id=False)

    def test_household_counts_those_its_author_may_know(self):
        first = self._make_beneficiary(team=self.worker)
        hidden = self._make_beneficiary(team=self.worker2, is_protected=True)
        household = self.env["ess.household"].create(
            {
                "declared_children": 2,
                "member_ids": [
                    fields.Command.create({"beneficiary_id": person.id, "role": role})
                    for person, role in ((first, "adult"), (hidden, "adult"))
                ],
            }
        )
        request = self._make_request(household_id=household.id, user=self.worker)
        self.assertEqual(request.people_count, 3)
        with (
            mute_logger("odoo.addons.base.models.ir_rule"),
            self.assertRaises(AccessError),
        ):
            self._make_request(household_id=household.id, user=self.reception)

    def test_asked_at_a_session(self):
        session = self._make_session(
            self.programme_2, kind="distribution", territory_id=self.north.id
        )
        person = self._make_beneficiary(team=self.worker2)
        action = session.with_user(self.worker2).action_new_request(person.id)
        requests = self.env["ess.request"].with_user(self.worker2)
        request = requests.with_context(**action["context"]).create(
            {"type_id": self._type("food").id}
        )
        self.assertRecordValues(
            request,
            [
                {
                    "programme_id": self.programme_2.id,
                    "territory_id": self.north.id,
                    "channel": "session",
                    "user_id": self.worker2.id,
                    "state": "waiting",
                }
            ],
        )

    def test_no_paper_is_asked_in_an_unconditional_programme(self):
        self.programme_2.is_unconditional = True
        papers = self._refusal("papers")
        with self.assertRaisesRegex(ValidationError, "open without conditions"):
            self._make_request(
                programme_id=self.programme_2.id,
                state="not_served",
                reason_id=papers.id,
            )
        answers = self.env["ess.request"].action_get_answers(is_unconditional=True)
        self.assertNotIn(papers.id, [reason[0] for reason in answers["reasons"]])

    def test_strange_answer_gets_a_clear_message(self):
        request = self._make_request()
        for answer in (("won",), ("not_served", "because")):
            with self.assertRaisesRegex(UserError, "not in the list"):
                request.action_answer(*answer)

    def test_first_screen_and_readable_file(self):
        person = self._make_beneficiary(team=self.worker)
        self._make_request(person, code="papers", state="not_served")
        seen = person.with_user(self.worker)
        self.assertIn("Papers and rights · Without answer", str(seen.asked_things))
        (line,) = seen._get_readable_file()["requests"]
        self.assertEqual(
            (line["asked"], line["answer"], line["reason"]),
            ("Papers and rights", "Without answer", "No place left"),
        )

    # === RIGHTS
    def _sees(self, user, request):
        found = self.env["ess.request"].with_user(user).search([])
        return request in found and request.with_user(user).has_access("read")

    def test_who_sees_which_request(self):
        mine = self._make_request(self._make_beneficiary(team=self.worker))
        other = self._make_request(self._make_beneficiary(team=self.worker2))
        nobody = self._make_request(headcount=3, programme_id=self.programme_2.id)
        protected = self._make_request(
            self._make_beneficiary(team=self.worker2, is_protected=True)
        )
        everything = (mine, other, nobody, protected)
        self.env.flush_all()
        self.env.invalidate_all()
        expected = {
            self.worker: (True, False, False, False),
            self.worker2: (False, True, True, True),
            self.coordinator: (True, True, True, False),
            self.dpo: (True, True, True, False),
            self.reception: (False, False, False, False),
            self.other_company_user: (False, False, False, False),
        }
        for user, rights in expected.items():
            seen = tuple(self._sees(user, request) for request in everything)
            self.assertEqual(seen, rights, user.login)
        for user in (self.contact_user, self.volunteer_officer):
            with self.assertRaises(AccessError):
                self.env["ess.request"].with_user(user).search([])
        with self.assertRaises(AccessError):
            mine.with_user(self.dpo).write({"state": "served"})
        with self.assertRaises(AccessError):
            mine.with_user(self.worker).unlink()

    def test_reception_notes_and_finds_back_its_own(self):
        person = self._make_beneficiary(team=self.worker)
        request = self._make_request(person, user=self.reception)
        self.assertTrue(self._sees(self.reception, request))
        request.with_user(self.reception).action_served()
        other = self._make_request(person)
        self.assertFalse(self._sees(self.reception, other))
        self.assertEqual(request.user_id, self.reception)

    def test_worker_loses_what_he_noted_with_the_file(self):
        person = self._make_beneficiary(team=self.worker)
        request = self._make_request(person, user=self.worker)
        yesterday = fields.Date.today() - timedelta(days=1)
        person.followup_ids.write(
            {
                "date_from": yesterday - timedelta(days=9),
                "date_to": yesterday,
                "end_reason": "handover",
            }
        )
        self.assertFalse(self._sees(self.worker, request))

    def test_hidden_person_is_not_told(self):
        protected = self._make_beneficiary(team=self.worker2, is_protected=True)
        with (
            mute_logger("odoo.addons.base.models.ir_rule"),
            self.assertRaises(MissingError),
        ):
            self._make_request(protected, user=self.coordinator)


@tagged("ess", "post_install", "-at_install")
class TestRequestPage(RequestCommon):
    """The page that leaves the association."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ess.request"].search([]).unlink()
        cls.page = cls.env["ess.request.page"].with_user(cls.coordinator)

    def _make_unmet(self, count, zone, code="food", **vals):
        for _index in range(count):
            self._make_request(
                code=code, territory_id=zone.id, state="not_served", **vals
            )

    def _numbers(self):
        page = self.page.create({})._get_page()
        return page, dict(page["themes"])

    def test_by_theme_and_zone(self):
        self._make_unmet(6, self.north)
        self._make_unmet(7, self.south)
        self._make_unmet(8, self.south, code="shelter")
        self._make_request(state="served", territory_id=self.north.id)
        page, themes = self._numbers()
        self.assertEqual(page["total"], 21)
        self.assertEqual(page["zones"], ["Nord du test", "Sud du test", "Total"])
        self.assertEqual(themes["Equipment and food"], [6, 7, 13])
        self.assertEqual(themes["Housing and shelter"], [0, 8, 8])
        self.assertEqual(dict(page["reasons"]), {"No place left": 21})
        self.assertEqual(sum(number for _month, number in page["months"]), 21)

    def test_many_requests_of_few_people_are_hidden(self):
        person = self._make_beneficiary()
        for _index in range(9):
            self._make_request(
                person, territory_id=self.north.id, state="not_served", code="care"
            )
        self._make_unmet(8, self.north)
        self._make_unmet(8, self.south)
        _page, themes = self._numbers()
        self.assertNotIn("Health", themes)
        self.assertNotIn(9, [number for line in themes.values() for number in line])

    def test_small_cell_is_not_given_back_by_a_difference(self):
        self._make_unmet(2, self.north)
        self._make_unmet(9, self.south)
        self._make_unmet(9, self.north, code="shelter")
        self._make_unmet(9, self.south, code="shelter")
        _page, themes = self._numbers()
        self.assertEqual(themes["Equipment and food"], [None, None, 11])
        self.assertEqual(themes["Housing and shelter"], [None, None, 18])

    def test_too_few_people_print_nothing(self):
        self._make_unmet(4, self.north)
        with self.assertRaisesRegex(UserError, "Fewer than 5 people"):
            self.page.create({}).action_print()

    def test_protected_files_are_on_no_page(self):
        self._make_unmet(6, self.north)
        hidden = self._make_beneficiary(team=self.worker2, is_protected=True)
        self._make_request(hidden, state="not_served", territory_id=self.north.id)
        page, _themes = self._numbers()
        self.assertEqual(page["total"], 6)

    def test_print_in_words(self):
        self._make_unmet(6, self.north)
        page = self.page.create({})
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "ess_programmes.report_request_page", page.ids
        )
        self.assertIn(b"What is missing", html)
        self.assertIn(b"Nord du test", html)

    def test_page_is_for_coordination(self):
        with self.assertRaises(AccessError):
            self.env["ess.request.page"].with_user(self.worker).create({})
