from datetime import date, timedelta

from odoo.tests import tagged

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestAlert(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker).with_user(cls.worker)

    def _open_since(self, days):
        opened = date.today() - timedelta(days=days)
        self.env.cr.execute(
            "UPDATE ess_beneficiary SET create_date = %s WHERE id = %s",
            [opened, self.person.id],
        )
        self.person.invalidate_recordset()

    def _texts(self):
        self.person.invalidate_recordset(["alerts"])
        return [alert["text"] for alert in self.person.alerts or []]

    def test_new_file_has_no_alert(self):
        self.assertFalse(self.person.alerts)
        self.assertFalse(self.person.new({}).alerts)

    def test_silence(self):
        self._open_since(100)
        self.assertIn("No contact noted", self._texts()[0])
        self.company.silence_days = 0
        self.assertFalse(self._texts())

    def test_archived_file_is_silent_by_right(self):
        self._open_since(100)
        self.person.sudo().active = False
        self.assertFalse(self._texts())

    def test_review_due(self):
        self.person.life_project_words = "Words"
        self.person.life_project_id.date_review = date.today()
        self.assertEqual(self.person.alerts[0]["page"], "project")
        self.person.life_project_id.date_review = date.today() + timedelta(days=1)
        self.assertFalse(self._texts())

    def test_what_was_asked(self):
        self.person.intake = "115"
        self.assertIn("115", self.person.asked_things)

    def test_begin_the_project(self):
        self.person.action_begin_life_project()
        self.assertEqual(self.person.life_project_id.version, 1)
        self.person.action_begin_life_project()
        self.assertEqual(len(self.person.life_project_ids), 1)
