from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import EssBeneficiaryCommon

BEFORE, AFTER = date(2026, 1, 15), date(2026, 6, 15)


@tagged("post_install", "-at_install", "ess")
class TestSituationFigures(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a domain of its own: other facts of the database do not count in it
        cls.domain = cls.env["ess.situation.domain"].create(
            {"name": "Test", "code": cls.canary()}
        )
        cls.street, cls.home = cls.env["ess.situation.value"].create(
            [
                {"domain_id": cls.domain.id, "name": name, "code": name}
                for name in ("street", "home")
            ]
        )
        cls.housed = cls._make_beneficiary(team=cls.worker)
        cls.still_out = cls._make_beneficiary(team=cls.worker)
        cls.new_here = cls._make_beneficiary()
        cls.silent = cls._make_beneficiary()
        cls._live(cls.housed, cls.street, "2026-01-01")
        cls._live(cls.housed, cls.home, "2026-03-01")
        cls._live(cls.still_out, cls.street, "2025-01-01")
        cls._live(cls.new_here, cls.home, "2026-06-15", "2026-06-15")
        cls.env["ess.situation"].create(
            {
                "beneficiary_id": cls.silent.id,
                "domain_id": cls.domain.id,
                "answer": "declined",
                "date_from": "2026-01-15",
            }
        )

    @classmethod
    def _live(cls, person, value, date_from, date_to=False):
        return cls.env["ess.situation"].create(
            {
                "beneficiary_id": person.id,
                "value_id": value.id,
                "date_from": date_from,
                "date_to": date_to,
            }
        )

    def _count(self, user=None, **vals):
        figures = (
            self.env["ess.situation.figures"]
            .with_user(user or self.coordinator)
            .create(
                {
                    "domain_id": self.domain.id,
                    "date_from": BEFORE,
                    "date_to": AFTER,
                    **vals,
                }
            )
        )
        figures.action_count()
        return figures

    def _open(self, line):
        action = line.action_open_files()
        return (
            self.env["ess.beneficiary"]
            .with_user(self.coordinator)
            .with_context(**action["context"])
            .search(action["domain"])
        )

    def test_state_on_the_first_and_last_day_included(self):
        situations = self.env["ess.situation"]
        state = situations._state_at(self.domain, AFTER)
        self.assertEqual(
            state,
            {
                self.housed.id: self.home.id,
                self.still_out.id: self.street.id,
                self.new_here.id: self.home.id,
                self.silent.id: "declined",
            },
        )
        self.assertEqual(
            situations._count_at(self.domain, AFTER),
            {self.home.id: 2, self.street.id: 1, "declined": 1},
        )

    def test_mistakes_do_not_count_whatever_the_screen(self):
        self.env["ess.situation"].search(
            [("beneficiary_id", "=", self.still_out.id)]
        ).active = False
        situations = self.env["ess.situation"].with_context(active_test=False)
        self.assertNotIn(self.still_out.id, situations._state_at(self.domain, AFTER))

    def test_one_query_each(self):
        situations = self.env["ess.situation"].with_user(self.coordinator)
        for figure in (
            lambda: situations._state_at(self.domain, AFTER),
            lambda: situations._count_at(self.domain, AFTER),
            lambda: situations._transitions(self.domain, BEFORE, AFTER),
        ):
            figure()
            with self.assertQueryCount(1):
                figure()

    def test_changes_open_the_files_they_count(self):
        figures = self._count(kind="transitions")
        self.assertEqual(figures.people_count, 4)
        self.assertEqual(figures.changed_count, 2)
        found = {
            (line.label_before, line.label_after): (line.people_count, self._open(line))
            for line in figures.line_ids
        }
        self.assertEqual(
            found,
            {
                ("street", "home"): (1, self.housed.with_user(self.coordinator)),
                ("street", "street"): (1, self.still_out.with_user(self.coordinator)),
                ("Not asked", "home"): (1, self.new_here.with_user(self.coordinator)),
                ("Does not wish to answer", "Does not wish to answer"): (
                    1,
                    self.silent.with_user(self.coordinator),
                ),
            },
        )

    def test_state_opens_the_files_it_counts(self):
        figures = self._count()
        by_label = {line.label_after: line for line in figures.line_ids}
        self.assertEqual(by_label["home"].people_count, 2)
        self.assertEqual(
            self._open(by_label["home"]),
            (self.housed | self.new_here)
            .with_user(self.coordinator)
            .sorted("id", reverse=True),
        )

    def test_archived_file_counts_and_opens(self):
        self.housed.active = False
        line = self._count().line_ids.filtered(lambda line: line.label_after == "home")
        self.assertEqual(line.people_count, 2)
        self.assertEqual(len(self._open(line)), 2)

    def test_other_question_forgets_the_numbers(self):
        figures = self._count()
        figures.kind = "transitions"
        self.assertFalse(figures.line_ids)

    def test_only_mine(self):
        self.env["ess.followup"].create(
            {
                "beneficiary_id": self.housed.id,
                "user_id": self.coordinator.id,
                "role": "co_referent",
            }
        )
        self.assertEqual(self._count(only_mine=True).people_count, 1)

    def test_bad_dates(self):
        with self.assertRaises(UserError):
            self._count(kind="transitions", date_from=False)
        with self.assertRaises(UserError):
            self._count(kind="transitions", date_from="2026-07-01")

    def test_domain_of_the_team_is_not_counted_for_coordination(self):
        self.domain.is_team_only = True
        self.assertFalse(self._count().line_ids)

    def test_protected_file_is_not_counted(self):
        self.housed.write({"is_protected": True, "protection_reason": "violence"})
        self.assertEqual(self._count().people_count, 3)

    def test_only_coordination_asks(self):
        for user in (self.worker, self.reception, self.dpo):
            with self.assertRaises(AccessError):
                self._count(user)
