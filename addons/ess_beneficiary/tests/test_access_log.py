"""Who reads a file leaves a line; nobody changes a line unseen."""

import json
from datetime import date, datetime, timedelta

import psycopg2
from freezegun import freeze_time

from odoo import api
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, new_test_user, tagged
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


@tagged("post_install", "-at_install", "ess", "security")
class TestAccessSeal(AccessLogCommon):
    """Any change to sealed lines shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seals = cls.env["ess.access.seal"].sudo()

    def _read(self, count=1):
        for _number in range(count):
            self.person.with_user(self.worker).read(["phone"])
            self._lines()

    def _seal(self, count=2):
        self._read(count)
        self.seals._seal_next()
        return self.seals.search([], limit=1)

    def _alter(self, query, *parameters):
        """Alter the log as the owner of the database could."""
        for table in ("ess_access_log", "ess_access_seal"):
            self.env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self.env.cr.execute(query, parameters)
        for table in ("ess_access_log", "ess_access_seal"):
            self.env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def test_chain(self):
        first, second = self._seal(2), self._seal(3)
        self.assertEqual((first.line_count, second.line_count), (2, 3))
        self.assertEqual(second.number, first.number + 1)
        self.assertEqual(self.seals._check_chain(), [])
        notice = self.seals.with_user(self.dpo).action_check()
        self.assertIn(second.value, notice["params"]["message"])
        with self.assertRaises(AccessError):
            self.seals.with_user(self.worker).action_check()

    def test_altered_line_shows(self):
        seal = self._seal()
        line = seal.log_ids[0]
        self._alter(
            "UPDATE ess_access_log SET user_id = %s WHERE id = %s",
            self.worker2.id,
            line.id,
        )
        [problem] = self.seals._check_chain()
        self.assertIn("was changed", problem)
        with self.assertRaises(UserError):
            self.seals.with_user(self.dpo).action_check()

    def test_missing_line_shows(self):
        seal = self._seal()
        self._alter("DELETE FROM ess_access_log WHERE id = %s", seal.log_ids[0].id)
        self.assertIn("missing", self.seals._check_chain()[0])

    def test_inserted_line_shows(self):
        seal = self._seal()
        self._alter(
            "INSERT INTO ess_access_log (date, user_id, company_id, kind, role, model,"
            " seal_id) VALUES (now(), %s, %s, 'open', 'team', 'ess.goal', %s)",
            self.worker2.id,
            self.company.id,
            seal.id,
        )
        self.assertIn("added", self.seals._check_chain()[0])

    def test_line_dated_before_shows(self):
        self._alter(
            "INSERT INTO ess_access_log (date, user_id, company_id, kind, role, model)"
            " VALUES (now() - interval '1 month', %s, %s, 'open', 'team', 'ess.goal')",
            self.worker2.id,
            self.company.id,
        )
        self.assertTrue(self.seals._check_chain())
        self.seals._seal_next()
        self.assertIn("afterwards", self.seals._check_chain()[0])

    def test_missing_seal_shows(self):
        self._seal()
        middle = self._seal()
        self._seal()
        self._alter("DELETE FROM ess_access_log WHERE seal_id = %s", middle.id)
        self._alter("DELETE FROM ess_access_seal WHERE id = %s", middle.id)
        self.assertIn("missing", self.seals._check_chain()[0])

    def test_end_cut_off_shows_against_the_mail(self):
        self._seal()
        last = self._seal()
        kept = [(last.number, last.value)]
        self.assertEqual(self.seals._check_chain(kept), [])
        self._alter("DELETE FROM ess_access_log WHERE seal_id = %s", last.id)
        self._alter("DELETE FROM ess_access_seal WHERE id = %s", last.id)
        self.assertEqual(self.seals._check_chain(), [])
        self.assertIn("mail", self.seals._check_chain(kept)[0])

    def test_database_refuses_changes(self):
        seal = self._seal()
        line = seal.log_ids[0]
        for query in (
            f"UPDATE ess_access_log SET user_id = 1 WHERE id = {line.id}",
            f"UPDATE ess_access_log SET seal_id = NULL WHERE id = {line.id}",
            f"DELETE FROM ess_access_log WHERE id = {line.id}",
            "TRUNCATE ess_access_log CASCADE",
            f"UPDATE ess_access_seal SET value = 'x' WHERE id = {seal.id}",
            f"DELETE FROM ess_access_seal WHERE id = {seal.id}",
        ):
            with (
                self.assertRaises(psycopg2.Error, msg=query),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)

    def test_nothing_read_is_deleted(self):
        """A file that was read cannot be deleted: the log would lose its lines."""
        self._read()
        with (
            self.assertRaises(psycopg2.Error),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.person.sudo().unlink()
            self.env.flush_all()

    def test_head_leaves_the_database(self):
        head = self._seal()
        before = self.env["mail.mail"].sudo().search([], limit=1).id or 0
        self.seals._cron_send_head()
        mail = self.env["mail.mail"].sudo().search([("id", ">", before)])
        self.assertIn(head.value, mail.body_html)
        self.assertIn(self.dpo.email, mail.email_to)
        self.assertNotIn(self.person.last_name, mail.body_html)

    def test_pruned_by_whole_months_with_the_head_kept(self):
        old = date.today() - timedelta(days=500)
        with freeze_time(old):
            self._insert_old(old)
            first = self.seals._seal_next() or self.seals.search([], limit=1)
            self._insert_old(old)
            self.seals._seal_next()
        head = self.seals.search([], limit=1)
        recent = self._seal()
        self.assertEqual(self.seals._cron_prune(), 2)
        self.assertFalse(first.exists())
        self.assertTrue(head.exists())
        self.assertEqual(recent.line_count, len(recent.log_ids))
        self.assertEqual(self.seals._check_chain(), [])

    def _insert_old(self, day):
        self.env.cr.execute(
            "INSERT INTO ess_access_log (date, user_id, company_id, kind, role, model)"
            " VALUES (%s, %s, %s, 'open', 'team', 'ess.goal')",
            (datetime.combine(day, datetime.min.time()), self.worker.id, 1),
        )


@tagged("post_install", "-at_install", "ess", "security")
class TestAccessLogHttp(AccessLogCommon, HttpCase):
    """The same through the server, whose cursors are read-only for these calls.

    Under a test Odoo opens its read-only cursors as such, like with a replica.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            login="ess_ledger_http",
            password="ess_ledger_http",
            groups="ess_beneficiary.group_beneficiary_officer",
        )
        cls.person.sudo().followup_ids = [Command.create({"user_id": cls.user.id})]

    def _count(self):
        return self.env["ess.access.log"].search_count([("user_id", "=", self.user.id)])

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def test_web_client(self):
        self.authenticate("ess_ledger_http", "ess_ledger_http")
        with self.assertNoLogs("odoo.http", "WARNING"):
            self._call(
                "ess.beneficiary",
                "web_search_read",
                [("id", "=", self.person.id)],
                {"display_name": {}, "ref": {}},
            )
            self._call("ess.beneficiary", "name_search", self.person.last_name)
            self.assertEqual(self._count(), 0)
            self._call(
                "ess.beneficiary", "web_read", self.person.ids, {"phone": {}, "sex": {}}
            )
            self.assertEqual(self._count(), 1)

    def test_list_with_content_is_run_again_on_a_cursor_that_writes(self):
        self.authenticate("ess_ledger_http", "ess_ledger_http")
        with self.assertLogs("odoo.http", "WARNING"), mute_logger("odoo.sql_db"):
            self._call(
                "ess.beneficiary",
                "web_search_read",
                [("id", "=", self.person.id)],
                {"phone": {}},
            )
        self.assertEqual(self._count(), 1)

    def test_json2(self):
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.user)
            ._generate("rpc", "test", datetime.now() + timedelta(days=1))
        )
        response = self.url_open(
            "/json/2/ess.beneficiary/read",
            data=json.dumps({"ids": self.person.ids, "fields": ["phone"]}),
            headers={
                "Authorization": f"bearer {key}",
                "Content-Type": "application/json",
            },
        )
        self.assertEqual(response.json()[0]["phone"], "06 11 22 33 44")
        self.assertEqual(self._count(), 1)


@tagged("post_install", "-at_install", "ess", "security")
class TestAccessLogConcurrency(AccessLogCommon):
    def test_a_line_goes_along_with_a_write_in_the_file(self):
        """The key-share lock of a line waits for no writer and fails for none.

        Real cursors, so that both transactions exist at once.
        """
        registry = self.env.registry
        person_id, user_id = self._committed_file(registry)
        with registry._db.cursor() as reader, registry._db.cursor() as writer:
            reader.execute("SELECT 1 FROM ess_beneficiary LIMIT 1")  # its snapshot
            writer.execute(
                "UPDATE ess_beneficiary SET phone = '07' WHERE id = %s", (person_id,)
            )
            env = api.Environment(reader, user_id, {})
            reader.execute("SET LOCAL lock_timeout = '2s'")
            env["ess.access.log"]._collect(
                env["ess.beneficiary"].browse(person_id), "open", "ess.beneficiary", []
            )
            reader.precommit.run()
            writer.commit()
            env["ess.access.log"]._collect(
                env["ess.beneficiary"].browse(person_id), "open", "ess.beneficiary", []
            )
            reader.precommit.run()
            reader.execute(
                "SELECT count(*) FROM ess_access_log WHERE beneficiary_id = %s",
                (person_id,),
            )
            self.assertEqual(reader.fetchone()[0], 2)
            reader.rollback()

    def _committed_file(self, registry):
        """Return a file and a user that other transactions see; they go at the end."""
        with registry._db.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {"no_followup": True})
            person = env["ess.beneficiary"].create({"last_name": self.canary()})
            user_id = env.ref("base.user_admin").id
            cr.commit()

        def clean():
            with registry._db.cursor() as cr:
                env = api.Environment(cr, api.SUPERUSER_ID, {})
                env["ess.beneficiary"].browse(person.id).unlink()
                cr.commit()

        self.addCleanup(clean)
        return person.id, user_id
