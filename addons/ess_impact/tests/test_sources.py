from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EssImpactCommon


@tagged("post_install", "-at_install", "ess")
class TestSources(EssImpactCommon):
    """Each kind of fact is counted at its date, in its programme."""

    def test_registry_names_real_fields(self):
        for code, source in self.env["ess.indicator.source"]._get_sources().items():
            for part in source["parts"]:
                model = self.env[part["model"]]
                names = [
                    part["date"],
                    part["date_to"],
                    part["programme"],
                    part["person"],
                ]
                for name in filter(None, names):
                    self.assertIn(name, model._fields, code)
                if part["inverse"]:
                    person = self.env[source["person_model"]]
                    self.assertIn(part["inverse"], person._fields, code)

    def test_protected_person_is_counted(self):
        person = self._make_beneficiary(is_protected=True)
        self._make_day_presence(date(2026, 5, 4), beneficiary=person)
        indicator = self._make_indicator(aggregate="persons")
        for user in (self.impact_viewer, self.coordinator):
            self.assertEqual(self._value(indicator.with_user(user)), 1)

    def test_other_company_is_not_counted(self):
        programme = self._make_programme(company_id=self.company_2.id)
        person = self._make_beneficiary(company_id=self.company_2.id)
        self._make_day_presence(date(2026, 5, 4), programme, person)
        indicator = self._make_indicator(company_id=False)
        self.assertEqual(self._value(indicator), 0)
        self.assertEqual(self._value(indicator.with_company(self.company_2)), 1)

    def test_programme_of_other_company_gives_zero(self):
        programme = self._make_programme(company_id=self.company_2.id)
        person = self._make_beneficiary(company_id=self.company_2.id)
        self._make_day_presence(date(2026, 5, 4), programme, person)
        indicator = self._make_indicator(company_id=False)
        self.assertEqual(self._value(indicator, programmes=programme), 0)

    def test_parent_programme_counts_its_parts_once(self):
        child = self._make_programme(parent_id=self.programme.id)
        person = self._make_beneficiary()
        self._make_day_presence(date(2026, 5, 4), self.programme, person)
        self._make_day_presence(date(2026, 5, 5), child, person)
        indicator = self._make_indicator(aggregate="persons")
        cells = indicator._compute_values(*self.year, breakdown="programme")
        values = {cell["programme"]: cell["value"] for cell in cells}
        self.assertEqual(values[self.programme], 1)
        self.assertEqual(values[child], 1)

    def test_persons_do_not_add_up_over_months(self):
        person = self._make_beneficiary()
        self._make_day_presence(date(2026, 1, 4), beneficiary=person)
        self._make_day_presence(date(2026, 2, 4), beneficiary=person)
        indicator = self._make_indicator(aggregate="persons")
        months = indicator._compute_values(*self.year, breakdown="month")
        self.assertEqual(len(months), 12)
        self.assertEqual(sum(cell["value"] for cell in months), 2)
        self.assertEqual(self._value(indicator), 1)

    def test_volunteers_are_apart_from_people(self):
        volunteer = self._make_volunteer(engagement="civic_service")
        session = self._make_day_session(date(2026, 5, 4), hours=3)
        self._make_presence(session=session, volunteer_id=volunteer.id, state="present")
        self._make_presence(session=session, state="present")
        people = self._make_indicator()
        hours = self._make_indicator(
            source="volunteer", aggregate="sum", measure="hours"
        )
        self.assertEqual(self._value(people), 1)
        self.assertEqual(self._value(hours), 3)
        cells = hours._compute_values(*self.year, breakdown="engagement")
        self.assertEqual([cell["key"] for cell in cells], ["civic_service"])

    def test_situation_belongs_to_the_programmes_of_its_day(self):
        person = self._make_beneficiary()
        self._make_enrolment(person, self.programme, date_start=date(2026, 2, 1))
        person._open_situation("housing", "street", date(2026, 1, 1))
        person._open_situation("housing", "tenant", date(2026, 3, 1))
        indicator = self._make_indicator(
            source="situation",
            aggregate="persons",
            domain="[('domain_id.code', '=', 'housing'), ('is_change', '=', True)]",
        )
        cells = indicator._compute_values(*self.year, breakdown="programme")
        values = {cell["programme"]: cell["value"] for cell in cells}
        self.assertEqual(values[self.programme], 1)
        self.assertEqual(values[self.programme_2], 0)
        cell = next(cell for cell in cells if cell["programme"] == self.programme)
        model, domain = indicator._get_cell_records(cell)
        self.assertEqual(self.env[model].search(domain), person)

    def test_first_situation_is_not_a_change(self):
        person = self._make_beneficiary()
        first = person._open_situation("housing", "tenant", date(2026, 1, 1))
        second = person._open_situation("housing", "owner", date(2026, 2, 1))
        third = person._open_situation("housing", "street", date(2026, 3, 1))
        changes = (first + second + third).filtered("is_change")
        self.assertEqual(changes, third, "tenant and owner are of the same class")

    def test_sensitive_situations_are_in_no_figure(self):
        domain = self.env.ref("ess_beneficiary.ess_situation_domain_work")
        person = self._make_beneficiary()
        person._open_situation("work", "permanent", date(2026, 1, 1))
        indicator = self._make_indicator(source="situation")
        self.assertEqual(self._value(indicator), 1)
        domain.is_sensitive = True
        self.assertEqual(self._value(indicator), 0)

    def test_goal_belongs_to_the_programmes_that_serve_it(self):
        person = self._make_beneficiary()
        project = self.env["ess.life.project"].create(
            {"beneficiary_id": person.id, "words": "Un chez-moi."}
        )
        goal = self.env["ess.goal"].create(
            {
                "life_project_id": project.id,
                "beneficiary_id": person.id,
                "words": "Un studio",
                "state": "reached",
                "progress_person": "5",
                "date_reached": date(2026, 5, 1),
            }
        )
        self._make_enrolment(person, self.programme, goal_ids=[Command.set(goal.ids)])
        indicator = self.env.ref("ess_impact.ess_indicator_goals_reached")
        self.assertEqual(self._value(indicator), 1)
        self.assertEqual(self._value(indicator, programmes=self.programme), 1)
        self.assertEqual(self._value(indicator, programmes=self.programme_2), 0)
        self.assertEqual(goal.figure_programme_ids, self.programme)

    def test_unknown_breakdown_is_refused_in_words(self):
        indicator = self._make_indicator(source="session")
        with self.assertRaisesRegex(UserError, "cannot be shown by"):
            indicator._compute_values(*self.year, breakdown="sex")
