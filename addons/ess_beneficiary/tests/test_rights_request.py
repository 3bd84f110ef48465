from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestRightsRequest(EssBeneficiaryCommon):
    """The clock of the law, and who answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker)

    def _ask(self, kind="access", **vals):
        return (
            self.env["ess.rights.request"]
            .with_user(self.worker)
            .create({"beneficiary_id": self.person.id, "kind": kind, **vals})
        )

    def test_clock(self):
        asked = self._ask(date=date(2026, 1, 31))
        self.assertEqual(asked.date_due, date(2026, 2, 28))
        asked.with_user(self.dpo).extension_reason = "Three thousand pages"
        self.assertEqual(asked.date_due, date(2026, 4, 30))

    def test_late_ones_are_found(self):
        late = self._ask(date=date(2020, 1, 1))
        soon = self._ask()
        requests = self.env["ess.rights.request"].with_user(self.dpo)
        own = [("beneficiary_id", "=", self.person.id)]
        self.assertEqual(requests.search([*own, ("is_late", "=", True)]), late)
        self.assertEqual(requests.search([*own, ("is_late", "=", False)]), soon)

    def test_answer_needs_words_and_identity(self):
        asked = self._ask().with_user(self.dpo)
        with self.assertRaisesRegex(UserError, "Write the answer"):
            asked.action_answer()
        asked.write({"answer": "Here is the copy.", "is_granted": "yes"})
        with self.assertRaisesRegex(UserError, "who they say"):
            asked.action_answer()
        asked.is_identity_checked = True
        asked.action_answer()
        self.assertEqual((asked.state, asked.date_answered), ("answered", date.today()))

    def test_officer_has_something_to_do(self):
        asked = self._ask()
        activity = asked.sudo().activity_ids.filtered(
            lambda todo: todo.user_id == self.dpo
        )
        self.assertEqual(activity.date_deadline, asked.date_due)
        self.assertFalse(
            (self.person.sudo().last_name or "?") in (activity.summary or "")
        )

    def test_nobody_answers_while_creating(self):
        asked = self._ask(state="answered")
        self.assertEqual(asked.state, "open")
