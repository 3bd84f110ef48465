"""Nobody changes a line unseen; lines through the server, beside other writers."""

import json
from datetime import date, datetime, timedelta

import psycopg2
from freezegun import freeze_time

from odoo import api
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .test_access_log import AccessLogCommon


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

    def test_list_of_what_is_in_files_runs_once(self):
        self.authenticate("ess_ledger_http", "ess_ledger_http")
        with self.assertNoLogs("odoo.http", "WARNING"):
            self._call(
                "ess.goal",
                "web_search_read",
                [("beneficiary_id", "=", self.person.id)],
                {"words": {}},
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
            # another transaction has to see them: that is what is tested
            cr.commit()  # pylint: disable=invalid-commit

        def clean():
            with registry._db.cursor() as cr:
                env = api.Environment(cr, api.SUPERUSER_ID, {})
                env["ess.beneficiary"].browse(person.id).unlink()
                # committed above, so no rollback of the test removes them
                cr.commit()  # pylint: disable=invalid-commit

        self.addCleanup(clean)
        return person.id, user_id
