"""Used, archived, anonymised: who decides, who waits, and what is left of a person."""

import base64
from datetime import date
from pathlib import Path

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, config

from .common import EssBeneficiaryCommon

OLD = date(2020, 1, 6)


class RetentionCommon(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runs = cls.env["ess.retention.run"].with_user(cls.dpo)

    @classmethod
    def _make_old(cls, **vals):
        """A file opened long ago, with nothing since."""
        person = cls._make_beneficiary(team=cls.worker, **vals)
        cls._age(person)
        return person

    @classmethod
    def _age(cls, person):
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE ess_beneficiary SET create_date = %s WHERE id = %s",
            [OLD, person.id],
        )
        person.invalidate_recordset()

    def _line(self, run, person):
        return run.sudo().line_ids.filtered(
            lambda line: line.beneficiary_id.id == person.id
        )


@tagged("post_install", "-at_install", "ess")
class TestRetention(RetentionCommon):
    """The three steps, and what suspends them."""

    def test_only_the_person_counts_as_contact(self):
        person = self._make_old()
        self.env["ess.note"].with_user(self.worker).create(
            {"beneficiary_id": person.id, "text": "No answer", "medium": "letter"}
        )
        self.assertEqual(self._line(self.runs.create({}), person).step, "archive")
        self.env["ess.note"].with_user(self.worker).create(
            {"beneficiary_id": person.id, "text": "Called", "medium": "phone"}
        )
        self.assertFalse(self._line(self.runs.create({}), person))

    def test_the_list_does_nothing_then_archives_then_anonymises(self):
        person = self._make_old(first_name="Ana")
        run = self.runs.create({})
        line = self._line(run, person)
        self.assertEqual((line.outcome, line.date_last), ("do", OLD))
        self.assertTrue(person.active)
        run.action_apply()
        self.assertFalse(person.active)
        self.assertTrue(person.sudo().date_intermediate)
        # too soon
        self.assertFalse(self._line(self.runs.create({}), person))
        person.sudo().date_intermediate = date.today() - relativedelta(years=2)
        run = self.runs.create({})
        self.assertEqual(self._line(run, person).step, "anonymise")
        run.action_apply()
        person.invalidate_recordset()
        self.assertFalse(person.sudo().first_name)
        self.assertTrue(person.sudo().date_anonymised)
        with self.assertRaisesRegex(UserError, "was applied"):
            run.action_apply()

    def test_archive_is_for_named_readers(self):
        person = self._make_old()
        person.sudo()._put_in_archive()
        files = self.env["ess.beneficiary"].with_context(active_test=False)
        own = [("id", "=", person.id)]
        for user in (self.worker, self.coordinator, self.reception):
            self.assertFalse(files.with_user(user).search(own), user.login)
            with self.assertRaises(AccessError):
                person.with_user(user).read(["last_name"])
        self.assertTrue(files.with_user(self.dpo).search(own))
        self.company.sudo().archive_reader_ids = self.coordinator
        self.assertTrue(files.with_user(self.coordinator).search(own))
        # back in use: as before
        person.with_user(self.coordinator).write({"active": True})
        self.assertFalse(person.sudo().date_intermediate)
        self.assertTrue(files.with_user(self.worker).search(own))

    def test_open_request_suspends(self):
        person = self._make_old()
        self.env["ess.rights.request"].sudo().create(
            {"beneficiary_id": person.id, "kind": "erasure", "date": OLD}
        )
        line = self._line(self.runs.create({}), person)
        self.assertEqual(line.outcome, "wait")
        self.assertIn("request", line.reason)

    def test_what_changed_since_the_list_is_left_out(self):
        person = self._make_old()
        run = self.runs.create({})
        person.sudo().write(
            {
                "keep_until": date.today() + relativedelta(years=1),
                "keep_reason": "Court",
            }
        )
        run.action_apply()
        self.assertTrue(person.active)
        self.assertFalse(self._line(run, person).is_done)

    def test_a_human_takes_a_file_out(self):
        person = self._make_old()
        run = self.runs.create({})
        line = self._line(run, person).with_user(self.dpo)
        with self.assertRaisesRegex(UserError, "why"):
            line.action_wait()
        line.reason = "Her brother looks for her"
        line.action_wait()
        run.action_apply()
        self.assertTrue(person.active)

    def test_evidence_waits_in_the_archive(self):
        person = self._make_old()
        proof = SQL("SELECT %s, %s::date", person.id, date.today())
        self.patch(
            self.registry["ess.beneficiary"],
            "_get_evidence_queries",
            lambda self: [proof],
        )
        self.assertEqual(self._line(self.runs.create({}), person).outcome, "do")
        person.sudo().write({"active": False, "date_intermediate": date(2022, 1, 1)})
        line = self._line(self.runs.create({}), person)
        self.assertEqual((line.step, line.outcome), ("anonymise", "wait"))

    def test_protected_files_are_in_no_list(self):
        person = self._make_old(is_protected=True)
        self.assertFalse(self._line(self.runs.create({}), person))

    def test_who_may(self):
        for user in (self.worker, self.coordinator):
            with self.assertRaises(AccessError):
                self.env["ess.retention.run"].with_user(user).create({})

    def test_job_asks_the_officers_when_there_is_something(self):
        self._make_old()
        self.env["ess.retention.run"]._cron_list()
        run = self.env["ess.retention.run"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.assertIn(self.dpo, run.activity_ids.user_id)


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestAnonymise(RetentionCommon):
    """Words planted everywhere are nowhere after; what figures count is still there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.word = cls.canary("canari")
        cls.person = cls._make_beneficiary(
            team=cls.worker,
            **dict.fromkeys(
                (
                    "first_name",
                    "last_name",
                    "birth_name",
                    "pseudonym",
                    "street",
                    "street2",
                    "city",
                    "languages",
                    "contact_person",
                    "contact_words",
                    "safe_address",
                    "contact_sender",
                ),
                cls.word,
            ),
            email=f"{cls.word}@example.com",
            birth_date=date(1990, 5, 2),
            sex="female",
        )
        cls._plant()

    @classmethod
    def _plant(cls):
        """Write the word in all that a file holds, and in what core keeps of it."""
        word, person = cls.word, cls.person.sudo()
        person.write(
            {
                "life_project_words": word,
                "goal_ids": [Command.create({"words": word})],
                "situation_ids": [
                    Command.create(
                        {
                            "value_id": cls.env.ref(
                                "ess_beneficiary.ess_situation_value_housing_street"
                            ).id,
                            "note": word,
                        }
                    )
                ],
            }
        )
        cls.env["ess.goal.step"].create(
            {"goal_id": person.goal_ids[:1].id, "name": word, "who": "person"}
        )
        cls._plant_papers(word, person)
        cls._plant_messages(word, person)
        cls.other = cls._make_beneficiary(team=cls.worker)
        cls.env["ess.duplicate"].create(
            {
                "beneficiary_id": min(person.id, cls.other.id),
                "duplicate_id": max(person.id, cls.other.id),
                "company_id": cls.company.id,
                "score": 0.9,
            }
        )
        person._open_portal(f"{word}@example.com")
        cls._plant_import(word)
        cls.person.with_user(cls.worker)._record_access("print", f"For {word} herself")
        cls.env.cr.precommit.run()
        cls.env.flush_all()

    @classmethod
    def _plant_papers(cls, word, person):
        own = {"beneficiary_id": person.id}
        note = cls.env["ess.note"].create({**own, "text": word})
        cls.env["ess.note"].browse(note.id).with_user(cls.coordinator).write(
            {"text": f"{word} again"}
        )
        cls.env["ess.memo"].create({**own, "text": word})
        cls.env["ess.document"].create(
            {
                **own,
                "type_id": cls.env.ref("ess_beneficiary.ess_document_type_id_card").id,
                "note": word,
                "file": base64.b64encode(f"scan of {word}".encode()),
                "file_name": f"{word}.txt",
            }
        )
        cls.env["ess.copy.exclusion"].create(
            {**own, "note_id": note.id, "reason": "others", "explanation": word}
        )

    @classmethod
    def _plant_messages(cls, word, person):
        own = {"beneficiary_id": person.id}
        asked = cls.env["ess.rights.request"].create(
            {**own, "kind": "access", "words": word, "answer": word}
        )
        message = asked.message_post(body="Changed")
        field = cls.env["ir.model.fields"]._get(asked._name, "extension_reason")
        cls.env["mail.tracking.value"].create(
            {
                "mail_message_id": message.id,
                "field_id": field.id,
                "old_value_char": word,
            }
        )
        asked.message_post(body=word, attachments=[(word, word.encode())])
        person.message_post(
            body=f"About {word}", attachments=[(word, b"x" + word.encode())]
        )
        person.activity_schedule("mail.mail_activity_data_todo", summary=word)
        person.with_context(tracking_disable=False).write({"keep_reason": word})

    @classmethod
    def _plant_import(cls, word):
        batch = cls.env["ess.import"].create({"company_id": cls.company.id})
        row = cls.env["ess.import.row"].create(
            {
                "import_id": batch.id,
                "company_id": cls.company.id,
                "user_id": cls.importer.id,
                "number": 1,
                "outcome": "new",
                "last_name": word,
                "message": word,
            }
        )
        cls.person.sudo().import_row_id = row

    def _find_word(self):
        """Look for the word in each column of each table, and in the file store.

        :return: where it is
        :rtype: set of str
        """
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL(
                "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p')"
                " AND relnamespace = 'public'::regnamespace AND relpersistence = 'p'"
            )
        )
        found = set()
        for (table,) in tables:
            rows = self.env.execute_query(
                SQL(
                    "SELECT TRUE FROM %s line WHERE line::text ILIKE %s LIMIT 1",
                    SQL.identifier(table),
                    f"%{self.word}%",
                )
            )
            if rows:
                found.add(table)
        store = Path(config.filestore(self.env.cr.dbname))
        stored = self.env.execute_query(
            SQL(
                "SELECT store_fname FROM ir_attachment WHERE store_fname IS NOT NULL"
                " AND create_date >= now() AT TIME ZONE 'UTC' - interval '1 hour'"
            )
        )
        for (name,) in stored:
            path = store / name
            if path.is_file() and self.word.encode() in path.read_bytes():
                found.add(name)
        return found

    def _figures(self):
        """What figures are made of, as the database counts it."""
        return [
            self.env.execute_query(SQL(query, self.person.id))
            for query in (
                "SELECT count(*), min(date_from), min(value_id) FROM ess_situation"
                " WHERE beneficiary_id = %s",
                "SELECT count(*), min(state) FROM ess_goal WHERE beneficiary_id = %s",
                "SELECT count(*), min(kind), min(date) FROM ess_rights_request"
                " WHERE beneficiary_id = %s",
                "SELECT sex, extract(year FROM birth_date) FROM ess_beneficiary"
                " WHERE id = %s",
                "SELECT count(*) FROM ess_access_log WHERE beneficiary_id = %s",
            )
        ]

    def test_no_word_is_left(self):
        planted = self._find_word()
        for table in (
            "ess_beneficiary",
            "ess_note",
            "ess_note_version",
            "ess_goal",
            "mail_message",
            "mail_tracking_value",
            "ess_import_row",
            "res_users",
            "ess_access_reason",
            "ess_life_project",
        ):
            self.assertIn(table, planted, "the test must plant it")
        self.assertTrue(any("/" in name for name in planted), "and in the file store")
        before = self._figures()
        self.person.sudo()._anonymise()
        self.assertEqual(self._find_word(), set())
        self.assertEqual(self._figures(), before)
        # the papers themselves are handed to Odoo's job that empties the store
        papers = {name for name in planted if "/" in name}
        self.assertLessEqual(papers, self._checklist())

    def _checklist(self):
        """Return what Odoo's job takes out of the file store when nothing names it."""
        folder = Path(config.filestore(self.env.cr.dbname)) / "checklist"
        files = [path for path in folder.rglob("*") if path.is_file()]
        return {str(path.relative_to(folder)) for path in files}

    def test_nobody_logs_in_and_the_other_file_is_whole(self):
        user = self.person.sudo()._get_portal_user()
        name = self.other.sudo().last_name
        self.person.sudo()._anonymise()
        user.invalidate_recordset()
        self.assertFalse(user.active)
        self.assertEqual(user.partner_id.name, "—")
        self.other.invalidate_recordset()
        self.assertEqual(self.other.sudo().last_name, name)
        self.assertFalse(self.other.sudo().date_anonymised)
        self.assertEqual(self.person.sudo().birth_date, date(1990, 1, 1))
