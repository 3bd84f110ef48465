import json
from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestFunderReport(EssFundingCommon):
    """Who, what, effect, money: computed, suppressed, frozen, comparable."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = cls._make_session(start=datetime(2026, 3, 2, 9), state="done")
        cls.women = [cls._present("female") for _one in range(7)]
        cls.men = [cls._present("male") for _one in range(6)]
        share = {cls._share(cls.action, cls.grant): 100}
        cls._make_entry([("604000", 500, share)])
        cls._make_entry([("741000", -80000, share)])
        cls.report = cls.env["ess.funder.report"].create({"grant_id": cls.grant.id})

    @classmethod
    def _present(cls, sex, session=None):
        person = cls._make_beneficiary(sex=sex, birth_date=date(1990, 1, 1))
        cls._make_presence(session or cls.session, person, state="present")
        return person

    def _compute(self):
        self.report.with_user(self.fundraiser).action_compute()
        return {line.key: line for line in self.report.line_ids}

    def test_period_and_name_come_from_the_grant(self):
        self.assertEqual(self.report.date_from, self.grant.date_from)
        self.assertEqual(self.report.name, "Report Grant A 2026")

    def test_people_are_counted_without_any_right_on_files(self):
        lines = self._compute()
        self.assertEqual(lines["active_file"].value, 13)
        self.assertEqual(lines["active_file/sex/female"].value, 7)
        self.assertEqual(lines["active_file/sex/male"].value, 6)
        self.assertTrue(lines["active_file"].definition)
        self.assertFalse(
            self.env["ess.beneficiary"].with_user(self.fundraiser).has_access("read")
        )

    def test_small_groups_are_hidden_with_their_complement(self):
        self._present("other")
        lines = self._compute()
        self.assertEqual(lines["active_file"].value, 14)
        hidden = {key for key, line in lines.items() if line.is_suppressed}
        self.assertIn("active_file/sex/other", hidden)
        self.assertGreaterEqual(
            len({key for key in hidden if "/sex/" in key}),
            2,
            "no difference reveals it",
        )
        for key in hidden:
            self.assertEqual(lines[key].value, 0)
            self.assertIn("secrecy", lines[key].display_value)

    def test_tiny_programme_tells_nothing(self):
        tiny = self._make_programme(name="Tiny")
        session = self._make_session(tiny, start=datetime(2026, 3, 2, 9), state="done")
        for _one in range(3):
            self._present("female", session)
        self.action.programme_ids = [Command.set(tiny.ids)]
        lines = self._compute()
        self.assertTrue(lines["active_file"].is_suppressed)
        shown = [line.display_value for line in lines.values() if line.section == "who"]
        self.assertNotIn("3", " ".join(shown))

    def test_activity_and_effect(self):
        self.grant.indicator_ids = self.env.ref(
            "ess_impact.ess_indicator_goals_reached"
        )
        lines = self._compute()
        self.assertEqual(lines["sessions_held"].value, 1)
        self.assertEqual(lines["sessions_held"].section, "what")
        self.assertEqual(lines["goals_reached"].section, "effect")
        self.assertNotIn("rounds", lines)

    def test_money_shows_the_whole_action(self):
        self._make_budget(
            amounts={"604": 1000, "74dep": 1000}, grant_id=self.grant.id
        ).action_validate()
        self._make_entry([("613200", 100, {self._share(self.action): 100})])
        lines = self._compute()
        prefix = f"money/{self.action.id}"
        total = lines[f"{prefix}/total/charge"]
        self.assertEqual((total.planned, total.value), (1000, 80000))
        self.assertEqual(lines[f"{prefix}/line/604"].value, 500)
        self.assertEqual(lines[f"{prefix}/line/604"].rate, 50)
        self.assertEqual(lines[f"{prefix}/line/604"].share, 500)
        self.assertEqual(lines[f"{prefix}/line/613"].share, 0)
        self.assertEqual(lines[f"{prefix}/part"].value, 100)
        self.assertEqual(lines["money/charged"].value, 500)
        self.assertEqual(lines["money/left"].value, 79500)

    def test_figures_open_their_records(self):
        lines = self._compute()
        opened = lines["active_file/sex/female"].action_open_records()
        people = self.env[opened["res_model"]].search(opened["domain"])
        self.assertEqual(set(people.ids), {person.id for person in self.women})
        money = lines[f"money/{self.action.id}/line/604"].action_open_records()
        found = self._analytic_lines(money["domain"])
        self.assertEqual(sum(found.mapped("amount")), -500)

    def test_records_open_with_the_readers_rights(self):
        line = self._compute()["active_file"].with_user(self.fundraiser)
        opened = line.action_open_records()
        self.assertFalse(
            self.env[opened["res_model"]].with_user(self.fundraiser).has_access("read")
        )

    def test_worked_out_line_opens_nothing(self):
        line = self._compute()["money/award"]
        with self.assertRaisesRegex(UserError, "worked out"):
            line.action_open_records()

    def test_finalise_freezes_and_seals(self):
        self._compute()
        self.report.with_user(self.fundraiser).action_finalise()
        self.assertTrue(self.report.is_intact)
        self.assertEqual(len(self.report.seal), 64)
        self.assertEqual(self.report.finalised_by_id, self.fundraiser)
        content = json.loads(self.report.snapshot)
        self.assertEqual(content["grant"], "Grant A")
        for change in (
            lambda: self.report.write({"story": "Other"}),
            lambda: self.report.line_ids[0].write({"value": 1}),
            lambda: self.report.line_ids[0].unlink(),
            lambda: self.report.action_compute(),
            lambda: self.report.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "final"):
                change()

    def test_tampering_shows(self):
        self._compute()
        self.report.action_finalise()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ess_funder_report SET snapshot = replace(snapshot, '500', '900')"
            " WHERE id = %s",
            [self.report.id],
        )
        self.report.invalidate_recordset()
        self.assertFalse(self.report.is_intact)

    def test_later_entries_show_as_differences(self):
        self._compute()
        self.report.action_finalise()
        before = self.report.snapshot
        self.report.action_compare()
        self.assertEqual(self.report.change_count, 0)
        self.grant.date_charges_locked = False
        self._make_entry([("604000", 50, {self._share(self.action, self.grant): 100})])
        self.report.with_user(self.fundraiser).action_compare()
        changed = self.report.line_ids.filtered("has_changed")
        line = changed.filtered(lambda one: one.key.endswith("/line/604"))
        self.assertEqual((line.value, line.value_now), (500, 550))
        self.assertEqual(self.report.snapshot, before)
        self.assertTrue(self.report.is_intact)

    def test_new_version_replaces_the_old_one(self):
        self._compute()
        self.report.action_finalise()
        action = self.report.action_new_version()
        new = self.env["ess.funder.report"].browse(action["res_id"])
        self.assertEqual(new.previous_id, self.report)
        self.assertEqual(new.state, "draft")
        self.assertTrue(new.line_ids)
        self.assertFalse(new.seal)

    def test_empty_report_is_not_finalised(self):
        with self.assertRaisesRegex(UserError, "Compute"):
            self.report.action_finalise()
