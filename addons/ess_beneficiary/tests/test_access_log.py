"""Who reads a file leaves a line."""

import json
from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


class AccessLogCommon(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker, phone="06 11 22 33 44")
        cls.value = cls.env.ref("ess_beneficiary.ess_situation_value_housing_street")
        cls.person.write(
            {
                "situation_ids": [Command.create({"value_id": cls.value.id})],
                "goal_ids": [Command.create({"words": cls.canary("goal")})],
            }
        )

    def setUp(self):
        super().setUp()
        self._lines()

    def _lines(self):
        """End the call, as the server does, and return the lines that it wrote."""
        lines = self.env["ess.access.log"].sudo()
        last = lines.search([], limit=1).id or 0
        self.env.flush_all()
        self.env.cr.precommit.run()
        return lines.search([("id", ">", last)])

    def _form_spec(self, model, user):
        """Return what the web client asks for when it opens the form."""
        return self._spec(self.env[model].with_user(user), "form")

    def _spec(self, model, view_type):
        view = model.get_view(view_type=view_type)
        spec = {}
        for name, info in view["models"].items():
            if name == model._name:
                spec = {
                    field: {}
                    for field in info
                    if field in model._fields
                    and model._has_field_access(model._fields[field], "read")
                }
        return spec


@tagged("post_install", "-at_install", "ess", "security")
class TestAccessLog(AccessLogCommon):
    # === WHAT LEAVES A LINE

    def test_form_leaves_one_line(self):
        person = self.person.with_user(self.worker)
        spec = self._form_spec("ess.beneficiary", self.worker)
        self.assertIn("phone", spec)
        person.web_read(
            spec | {"goal_ids": {"fields": {"words": {}}}, "followup_ids": {}}
        )
        line = self._lines()
        self.assertRecordValues(
            line,
            [
                {
                    "user_id": self.worker.id,
                    "beneficiary_id": self.person.id,
                    "kind": "open",
                    "role": "team",
                    "model": "ess.beneficiary",
                    "res_id": self.person.id,
                    "company_id": self.company.id,
                }
            ],
        )

    def test_list_of_80_leaves_none(self):
        people = self.env["ess.beneficiary"].create(
            [
                {
                    "last_name": self.canary(),
                    "phone": "06",
                    "followup_ids": [Command.create({"user_id": self.worker.id})],
                }
                for _number in range(80)
            ]
        )
        self.env.invalidate_all()
        model = self.env["ess.beneficiary"].with_user(self.worker)
        for view_type in ("list", "kanban"):
            spec = self._spec(model, view_type)
            rows = model.web_search_read([("id", "in", people.ids)], spec, limit=80)
            self.assertEqual(len(rows["records"]), 80)
            self.assertFalse(self._lines(), view_type)

    def test_panel_beside_the_list_leaves_none(self):
        people = self.env["ess.beneficiary"].with_user(self.coordinator)
        for name in ("referent_id", "intake"):
            people.search_panel_select_range(name, enable_counters=True)
        self.assertFalse(self._lines())

    def test_list_with_phones_leaves_a_line_for_each(self):
        other = self._make_beneficiary(team=self.worker, phone="07")
        self.env.flush_all()
        model = self.env["ess.beneficiary"].with_user(self.worker)
        pair = [("id", "in", (self.person | other).ids)]
        model.web_search_read(pair, {"display_name": {}, "phone": {}})
        lines = self._lines()
        self.assertEqual(lines.mapped("kind"), ["list", "list"])
        self.assertEqual(lines.beneficiary_id, self.person | other)

    def test_one2many_and_name_search_leave_none(self):
        model = self.env["ess.beneficiary"].with_user(self.worker)
        model.name_search(self.person.last_name)
        model.web_name_search(self.person.last_name, {"display_name": {}, "ref": {}})
        goals = self.env["ess.goal"].with_user(self.worker)
        goals.web_search_read(
            [("beneficiary_id", "=", self.person.id)],
            {"beneficiary_id": {"fields": {"display_name": {}}}, "state": {}},
        )
        self.assertFalse(self._lines())

    def test_what_is_in_the_file_is_the_file(self):
        person = self.person.sudo()
        for record, name in (
            (person.situation_ids, "value_id"),
            (person.life_project_ids, "words"),
            (person.goal_ids, "words"),
        ):
            record.with_user(self.worker).web_read({name: {}})
            line = self._lines()
            self.assertEqual(line.beneficiary_id, self.person)
            self.assertEqual((line.model, line.res_id), (record._name, record.id))

    def test_read_search_read_and_onchange(self):
        person = self.person.with_user(self.worker)
        person.read(["phone"])
        self.assertEqual(self._lines().kind, "open")
        person.read(["ref", "last_name"])
        self.assertFalse(self._lines())
        person.search_read([("id", "=", person.id)], ["phone"])
        self.assertEqual(self._lines().kind, "open")
        with Form(person) as form:
            form.phone = "06"
        self.assertEqual(self._lines().beneficiary_id, self.person)

    def test_export(self):
        self.worker.group_ids |= self.env.ref("base.group_allow_export")
        self.person.with_user(self.worker).export_data(["last_name"])
        self.assertEqual(self._lines().kind, "export")
        goal = self.person.sudo().goal_ids.with_user(self.worker)
        goal.export_data(["state", "beneficiary_id/phone"])
        self.assertEqual(self._lines().beneficiary_id, self.person)
        self.worker.with_user(self.worker).export_data(["name"])
        self.assertFalse(self._lines())

    def test_grouping_by_content(self):
        people = self.env["ess.beneficiary"].with_user(self.worker)
        people.formatted_read_group([], ["referent_id"], ["__count"])
        self.assertFalse(self._lines())
        people.formatted_read_group([], ["city"], ["__count"])
        self.assertEqual(self._lines().kind, "group")
        people.web_read_group([], ["birth_date:month"], ["__count"])
        line = self._lines()
        self.assertEqual((line.kind, line.beneficiary_id.id), ("group", False))

    def test_print(self):
        report = self.env["ir.actions.report"].create(
            {
                "name": "Test",
                "model": "ess.beneficiary",
                "report_name": "web.minimal_layout",
                "report_type": "qweb-html",
            }
        )
        report.with_user(self.worker)._get_rendering_context(
            report, self.person.ids, {}
        )
        self.assertEqual(self._lines().kind, "print")

    def test_record_access_with_a_reason(self):
        person = self.person.with_user(self.worker)
        with self.assertRaises(UserError):
            person._record_access("share", reason="x")
        person._record_access("share", reason="Asked by the night shelter")
        line = self._lines()
        self.assertEqual(line.kind, "share")
        self.assertEqual(line.reason_id.name, "Asked by the night shelter")

    def test_superuser_leaves_none(self):
        self.person.sudo().read(["phone"])
        self.person.with_user(self.worker).sudo().web_read({"phone": {}})
        self.env["ess.beneficiary"].search_read([("id", "=", self.person.id)])
        self.assertFalse(self._lines())

    def test_refused_reading_leaves_none(self):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self.person.with_user(self.worker2).read(["phone"])
        self.assertFalse(self._lines())

    def test_role(self):
        for user, role in ((self.coordinator, "coordination"), (self.dpo, "dpo")):
            self.person.with_user(user).read(["phone"])
            self.assertEqual(self._lines().role, role)

    def test_costs_one_statement(self):
        """Opening a form costs one INSERT more than reading as superuser."""
        self.env.flush_all()
        person = self.person.with_user(self.worker)
        person.read(["phone", "birth_date"])
        with self.assertQueryCount(1):
            self.env.cr.precommit.run()

    # === WHO READS IT

    def test_rights(self):
        self.person.with_user(self.worker).read(["phone"])
        line = self._lines()
        for user in (self.worker, self.coordinator, self.dpo):
            self.assertTrue(line.with_user(user).has_access("read"), user.login)
            for operation in ("create", "write", "unlink"):
                self.assertFalse(line.with_user(user).has_access(operation))
        for user in (self.worker2, self.reception, self.internal_user):
            self.assertFalse(line.with_user(user).has_access("read"), user.login)

    def test_a_list_looked_through_is_for_the_officer(self):
        people = self.env["ess.beneficiary"].with_user(self.worker)
        people._read_group([], ["city"], ["__count"])
        line = self._lines()
        self.assertTrue(line.with_user(self.dpo).has_access("read"))
        for user in (self.worker, self.coordinator):
            self.assertFalse(line.with_user(user).has_access("read"))

    def test_protected_file(self):
        self.person.is_protected = True
        self.person.with_user(self.worker).read(["phone"])
        line = self._lines()
        self.assertTrue(line.with_user(self.worker).has_access("read"))
        for user in (self.coordinator, self.dpo, self.worker2):
            self.assertFalse(line.with_user(user).has_access("read"), user.login)

    def test_shown_by_the_hour(self):
        for _number in range(3):
            self.person.with_user(self.worker).read(["phone"])
            self._lines()
        self.person.with_user(self.coordinator).read(["phone"])
        self._lines()
        lines = self.person.with_user(self.dpo)._get_access_lines_for_person()
        self.assertEqual([line["count"] for line in lines], [1, 3])
        self.assertEqual(lines[1]["name"], self.worker.name)
        self.assertIsNone(lines[0]["name"])
        self.assertEqual(lines[0]["service"], self.company.name)
        self.assertTrue(all(line["reason"] for line in lines))
        summary = self.person.with_user(self.dpo).access_summary
        self.assertIn(self.worker.name, summary)

    def test_readable_file_tells_who_read(self):
        self.person.with_user(self.coordinator).read(["phone"])
        self._lines()
        data = self.person.with_user(self.worker)._get_readable_file()
        self.assertEqual(data["who_read_this_file"][0]["as"]["code"], "coordination")
        self.assertNotIn(self.coordinator.name, json.dumps(data))

    def test_unusual(self):
        self.patch(
            self.env.registry["ess.access.log"], "_get_many_files", lambda self: 1
        )
        other = self._make_beneficiary(team=self.worker)
        for person in (self.person, other):
            person.with_user(self.worker).read(["phone"])
            self._lines()
        self.person.with_user(self.coordinator).read(["phone"])
        outside = self._lines()
        log = self.env["ess.access.log"].with_user(self.dpo)
        mine = [("user_id", "in", (self.worker | self.coordinator).ids)]
        busy = log.search([*mine, ("is_many_files", "=", True)])
        self.assertEqual(busy.user_id, self.worker)
        self.assertTrue(all(busy.mapped("is_many_files")))
        self.assertEqual(log.search([*mine, ("role", "!=", "team")]), outside)

    def test_at_night(self):
        self.env.cr.execute(
            "INSERT INTO ess_access_log (date, user_id, company_id, kind, role, model)"
            " SELECT day, %s, %s, 'open', 'other', 'ess.goal'"
            " FROM unnest(ARRAY['2026-01-05 22:30', '2026-01-05 12:00']::timestamp[])"
            " AS day",
            (self.worker2.id, self.company.id),
        )
        self.dpo.tz = "Europe/Paris"
        log = self.env["ess.access.log"].with_user(self.dpo)
        mine = [("user_id", "=", self.worker2.id)]
        night = log.search([*mine, ("is_at_night", "=", True)])
        self.assertEqual(night.date, datetime(2026, 1, 5, 22, 30))
        self.assertTrue(night.is_at_night)
        self.assertEqual(len(log.search([*mine, ("is_at_night", "!=", True)])), 1)

    def test_contest(self):
        self.person.with_user(self.coordinator).read(["phone"])
        line = self._lines()
        action = line.with_user(self.worker).action_contest()
        contest = (
            self.env["ess.access.contest"]
            .with_user(self.worker)
            .with_context(**action["context"])
            .create({"reason": "She is my neighbour"})
        )
        activity = contest.sudo().activity_ids
        self.assertIn(self.dpo, activity.user_id)
        answer = contest.with_user(self.dpo)
        with self.assertRaises(UserError):
            answer.action_answer()
        answer.write({"answer": "She replaced your referent.", "is_name_given": True})
        answer.action_answer()
        self.assertEqual(contest.state, "answered")
        self.assertFalse(contest.sudo().activity_ids)
        lines = self.person.with_user(self.dpo)._get_access_lines_for_person()
        self.assertEqual(lines[0]["name"], self.coordinator.name)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            contest.with_user(self.worker).write({"answer": "x"})
