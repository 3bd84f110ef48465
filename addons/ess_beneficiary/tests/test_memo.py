import base64
import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.memo_envelope import FORMAT
from .common import EssBeneficiaryCommon


def envelope(**changes):
    """Make what a browser sends for a locked text."""
    size = {"salt": 16, "iv": 12, "data": 48}
    data = {key: base64.b64encode(bytes(count)).decode() for key, count in size.items()}
    return json.dumps({"format": FORMAT, "iterations": 600_000, **data, **changes})


class MemoCommon(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.is_memo_locked = False
        cls.person = cls._make_beneficiary(team=cls.worker | cls.worker2)
        cls.words = cls.canary("memo")
        cls.memo = cls._make_memo(text=cls.words)

    @classmethod
    def _make_memo(cls, user=None, **vals):
        vals = {"beneficiary_id": cls.person.id, "text": "Call back", **vals}
        return cls.env["ess.memo"].with_user(user or cls.worker).create(vals)

    @classmethod
    def _others(cls):
        """Everybody but the author, the strongest rights included."""
        strong = cls.env.ref("base.user_admin")
        strong.group_ids |= cls.env.ref("ess_beneficiary.group_beneficiary_dpo")
        return (
            cls.worker2
            | cls.coordinator
            | cls.dpo
            | cls.importer
            | cls.reception
            | cls.internal_user
            | cls.portal_user
            | strong
        )


@tagged("post_install", "-at_install", "ess", "security")
class TestMemo(MemoCommon):
    def _ago(self, memo, days):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ess_memo SET create_date = create_date - %s WHERE id = %s",
            [timedelta(days=days), memo.id],
        )
        memo.invalidate_recordset()

    def _erase(self):
        with self.enter_registry_test_mode():
            self.env.ref("ess_beneficiary.ir_cron_erase_memos").method_direct_trigger()
        self.env.invalidate_all()

    # === AUTHOR ONLY

    def test_author_reads_and_erases(self):
        memo = self.memo.with_user(self.worker)
        self.assertEqual(memo.text, self.words)
        self.assertEqual(self.person.with_user(self.worker).my_memo_count, 1)
        memo.unlink()

    def test_no_path_leads_others_to_it(self):
        alone = [("id", "=", self.memo.id)]
        self.memo.sudo().read()  # in cache as superuser
        for user in self._others():
            memos = self.env["ess.memo"].with_user(user)
            memo = self.memo.with_user(user)
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(memo.has_access(operation), f"{user.login}")
            for ask in (
                lambda memos=memos: memos.search(alone),
                lambda memos=memos: memos.search_count([("text", "=", self.words)]),
                lambda memos=memos: memos._read_group(alone, [], ["__count"])[0][0],
                lambda memos=memos: memos.name_search(self.words),
                lambda memos=memos: memos.web_search_read(alone, {})["length"],
                lambda memos=memos: memos.search_read(alone, ["text"]),
                lambda memo=memo: memo.export_data(["text"]) and True,
                lambda memo=memo: memo.read(["text", "display_name"]),
                lambda memo=memo: memo.web_read({"author_id": {}}),
                lambda memo=memo: memo.copy_data(),
            ):
                with mute_logger("odoo.addons.base.models"):
                    try:
                        answer = ask()
                    except UserError:  # AccessError included
                        continue
                self.assertFalse(answer, user.login)

    def test_others_count_their_own(self):
        self.assertEqual(self.person.with_user(self.worker).my_memo_count, 1)
        self.assertEqual(self.person.with_user(self.worker2).my_memo_count, 0)
        self.assertEqual(self.person.with_user(self.coordinator).my_memo_count, 0)

    def test_domain_through_the_file_does_not_tell(self):
        people = self.env["ess.beneficiary"].with_user(self.coordinator)
        self.assertFalse(
            [
                name
                for name, field in people._fields.items()
                if field.relational and field.comodel_name == "ess.memo"
            ],
            "no field of the file leads to aide-mémoires",
        )

    def test_nobody_writes_for_another(self):
        memo = self._make_memo(author_id=self.worker2.id)
        self.assertEqual(memo.author_id, self.worker)
        memo.write({"author_id": self.worker2.id})
        self.assertEqual(memo.author_id, self.worker)

    def test_author_without_the_file_reads_nothing(self):
        self.person.sudo().followup_ids.filtered(
            lambda followup: followup.user_id == self.worker
        ).write(
            {"date_from": "2020-01-01", "date_to": "2020-02-01", "end_reason": "error"}
        )
        self.assertFalse(self.memo.with_user(self.worker).has_access("read"))

    def test_attachment_follows(self):
        paper = (
            self.env["ir.attachment"]
            .with_user(self.worker)
            .create(
                {
                    "name": "x",
                    "raw": b"x",
                    "res_model": "ess.memo",
                    "res_id": self.memo.id,
                }
            )
        )
        for user in self._others():
            self.assertFalse(paper.with_user(user).has_access("read"), user.login)
            self.assertFalse(
                self.env["ir.attachment"]
                .with_user(user)
                .search([("id", "=", paper.id)]),
                user.login,
            )

    # === ERASED

    def test_erased_after_30_days_with_its_papers(self):
        paper = self.env["ir.attachment"].create(
            {"name": "x", "raw": b"x", "res_model": "ess.memo", "res_id": self.memo.id}
        )
        self._ago(self.memo, 29)
        self._erase()
        self.assertTrue(self.memo.sudo().exists())
        self._ago(self.memo, 1)
        self._erase()
        self.assertFalse(self.memo.sudo().exists())
        self.assertFalse(paper.exists())

    def test_editing_does_not_give_more_time(self):
        self._ago(self.memo, 30)
        self.memo.with_user(self.worker).write(
            {"text": "Again", "date": fields.Date.today()}
        )
        self._erase()
        self.assertFalse(self.memo.sudo().exists())

    def test_erased_when_the_author_leaves(self):
        self.worker.sudo().active = False
        self._erase()
        self.assertFalse(self.memo.sudo().exists())

    def test_erased_when_the_follow_up_ends(self):
        mine = self.person.sudo().followup_ids.filtered(
            lambda followup: followup.user_id == self.worker
        )
        kept = self._make_memo(self.worker2)
        mine.write(
            {"date_from": "2020-01-01", "date_to": "2020-02-01", "end_reason": "error"}
        )
        self._erase()
        self.assertFalse(self.memo.sudo().exists())
        self.assertTrue(kept.sudo().exists())

    def test_kept_while_another_place_is_in_force(self):
        mine = self.person.sudo().followup_ids.filtered(
            lambda followup: followup.user_id == self.worker
        )
        mine.copy(
            {
                "date_from": "2020-01-01",
                "date_to": "2020-02-01",
                "end_reason": "handover",
            }
        )
        self._erase()
        self.assertTrue(self.memo.sudo().exists())

    # === REQUEST FOR ACCESS

    def test_only_the_officer_learns_that_it_exists(self):
        data = self.person.with_user(self.dpo)._get_readable_file()
        self.assertEqual(
            data["memos"],
            [
                {
                    "date": fields.Date.to_string(self.memo.date),
                    "author": self.worker.name,
                }
            ],
        )
        self.assertNotIn(self.words, json.dumps(data))
        for user in (self.worker2, self.coordinator):
            data = self.person.with_user(user)._get_readable_file()
            self.assertNotIn("memos", data)

    # === LOCKED

    def test_clear_text_is_refused_when_locked(self):
        self.company.is_memo_locked = True
        with self.assertRaises(ValidationError):
            self._make_memo(text="In clear")
        with self.assertRaises(ValidationError):
            self.memo.with_user(self.worker).text = "Still in clear"
        with self.assertRaises(ValidationError):
            self._make_memo(text=envelope(iterations=1000))
        with self.assertRaises(ValidationError):
            self._make_memo(text=envelope(note="in clear"))

    def test_envelope_is_kept_as_it_is(self):
        self.company.is_memo_locked = True
        memo = self._make_memo(text=envelope())
        self.assertTrue(memo.is_locked)
        self.assertEqual(memo.text, envelope())

    def test_papers_are_refused_when_locked(self):
        self.company.is_memo_locked = True
        memo = self._make_memo(text=envelope())
        with self.assertRaises(ValidationError):
            self.env["ir.attachment"].with_user(self.worker).create(
                {"name": "x", "raw": b"x", "res_model": "ess.memo", "res_id": memo.id}
            )


@tagged("post_install", "-at_install", "ess", "security")
class TestMemoHttp(HttpCase, MemoCommon):
    def _json_2(self, user, method, **params):
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        later = fields.Datetime.now() + timedelta(hours=1)
        key = keys._generate("rpc", "test", later)
        return self.url_open(
            f"/json/2/ess.memo/{method}",
            data=json.dumps(params),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"bearer {key}",
            },
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_external_api(self):
        mine = self._json_2(self.worker, "read", ids=self.memo.ids, fields=["text"])
        self.assertIn(self.words, mine.text)
        for user in (self.worker2, self.coordinator, self.dpo):
            for answer in (
                self._json_2(user, "read", ids=self.memo.ids, fields=["text"]),
                self._json_2(user, "search_read", domain=[], fields=["text"]),
                self._json_2(
                    user,
                    "web_read",
                    ids=self.memo.ids,
                    specification={"text": {}},
                ),
            ):
                self.assertNotIn(self.words, answer.text, user.login)
                self.assertNotIn(f'"id": {self.memo.id}', answer.text, user.login)
