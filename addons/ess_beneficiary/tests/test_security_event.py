from psycopg2.errors import InsufficientPrivilege

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess", "security")
class TestSecurityEvent(EssBeneficiaryCommon):
    """What weakens the protection of files leaves a trace and is told at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")
        cls.env = cls.env(user=cls.admin)
        cls.company.is_memo_locked = False
        cls.last = cls.env["ess.security.event"].sudo().search([], limit=1).id or 0

    def _new(self):
        events = self.env["ess.security.event"].sudo()
        return events.search([("id", ">", self.last)], order="id")

    def _messages(self, user):
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("partner_ids", "in", user.partner_id.ids),
                    ("message_type", "=", "user_notification"),
                    ("subject", "like", "Protection"),
                ]
            )
        )

    def test_weakened_rule(self):
        rule = self.env.ref("ess_beneficiary.ess_memo_rule_author")
        told = self._messages(self.dpo)
        rule.domain_force = "[(1, '=', 1)]"
        event = self._new()
        self.assertRecordValues(
            event,
            [{"kind": "rule", "operation": "write", "user_id": self.admin.id}],
        )
        self.assertIn("author_id", event.details)
        message = self._messages(self.dpo) - told
        self.assertEqual(len(message), 1)
        self.assertIn(event.subject, message.body)

    def test_same_value_is_no_event(self):
        rule = self.env.ref("ess_beneficiary.ess_memo_rule_author")
        rule.domain_force = rule.domain_force
        self.assertFalse(self._new())

    def test_rule_added_and_removed(self):
        rule = self.env["ir.rule"].create(
            {
                "name": "Open",
                "model_id": self.env["ir.model"]._get_id("ess.note"),
                "domain_force": "[]",
            }
        )
        rule.unlink()
        self.assertEqual(self._new().mapped("operation"), ["create", "unlink"])

    def test_rule_on_another_model_is_no_event(self):
        self.env["ir.rule"].create(
            {
                "name": "Currencies",
                "model_id": self.env["ir.model"]._get_id("res.currency"),
                "domain_force": "[]",
            }
        )
        self.assertFalse(self._new())

    def test_access_right(self):
        right = self.env["ir.model.access"].create(
            {
                "name": "Everybody",
                "model_id": self.env["ir.model"]._get_id("ess.memo"),
                "group_id": self.env.ref("base.group_user").id,
                "perm_read": False,
            }
        )
        right.perm_read = True
        self.assertEqual(
            [(event.kind, event.operation) for event in self._new()],
            [("right", "create"), ("right", "write")],
        )

    def test_strong_right_given_and_taken(self):
        manager = self.env.ref("ess_beneficiary.group_beneficiary_manager")
        self.internal_user.sudo().group_ids |= manager
        events = self._new()
        self.assertIn("ess_internal_user", " ".join(events.mapped("subject")))
        self.assertEqual(set(events.mapped("operation")), {"create"})
        self.internal_user.sudo().group_ids -= manager
        self.assertIn("unlink", self._new().mapped("operation"))

    def test_strong_right_through_a_profile_or_another_group(self):
        profile = self.env.ref("ess_beneficiary.profile_coordinator")
        self.internal_user.sudo().ess_profile_id = profile
        self.assertTrue(self._new())
        plain = self.env["res.groups"].create({"name": "Plain"})
        self.portal_user.sudo()
        self.worker.sudo().group_ids |= plain
        before = len(self._new())
        plain.implied_ids = [
            Command.link(self.env.ref("ess_beneficiary.group_beneficiary_dpo").id)
        ]
        self.assertGreater(len(self._new()), before)

    def test_weak_right_is_no_event(self):
        viewer = self.env.ref("ess_beneficiary.group_beneficiary_viewer")
        self.internal_user.sudo().group_ids |= viewer
        self.assertFalse(self._new())

    def test_officer_who_loses_the_right_is_told(self):
        officer = self.env.ref("ess_beneficiary.group_beneficiary_dpo")
        self.dpo.sudo().group_ids -= officer
        self.assertTrue(self._messages(self.dpo))

    def test_lock_switched_off(self):
        self.company.is_memo_locked = True
        self.company.is_memo_locked = False
        self.assertEqual(self._new().mapped("kind"), ["setting", "setting"])

    def test_code_and_fields_added_by_hand(self):
        self.env["ir.actions.server"].create(
            {
                "name": "Read all",
                "model_id": self.env["ir.model"]._get_id("ess.memo"),
                "state": "code",
                "code": "action = {}",
            }
        )
        self.assertEqual(self._new().kind, "code")

    def test_trace_is_append_only(self):
        self.env.company.is_memo_locked = True
        event = self._new()
        for change in (
            lambda: event.write({"subject": "Nothing"}),
            lambda: event.unlink(),
        ):
            with self.assertRaises(UserError):
                change()
        for query in (
            "UPDATE ess_security_event SET subject = 'x'",
            "DELETE FROM ess_security_event",
            "TRUNCATE ess_security_event",
        ):
            with (
                self.assertRaises(InsufficientPrivilege),
                self.env.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self.env.cr.execute(query)

    def test_told_in_words(self):
        self.env.company.is_memo_locked = True
        event = self._new().with_user(self.dpo)
        self.assertIn("yes", event.details_words)
        for sign in '{}"':
            self.assertNotIn(sign, event.details_words)
        self.env.company.is_memo_locked = False
        change = self.env["ess.security.event"]._say_detail(
            "domain_force", {"before": "[]", "after": [3, 4]}
        )
        self.assertEqual(change, "domain_force: [], then 3, 4")

    def test_read_by_the_officer_only(self):
        self.env.company.is_memo_locked = True
        event = self._new()
        self.assertTrue(event.with_user(self.dpo).has_access("read"))
        for user in (self.worker, self.coordinator, self.internal_user):
            self.assertFalse(event.with_user(user).has_access("read"))
        for operation in ("create", "write", "unlink"):
            self.assertFalse(event.with_user(self.dpo).has_access(operation))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            event.with_user(self.coordinator).read(["subject"])
