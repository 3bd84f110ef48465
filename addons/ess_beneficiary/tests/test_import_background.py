from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import ess_import_background
from .import_common import EssImportCommon

LINES = 25


@tagged("post_install", "-at_install", "ess")
class TestImportBackground(EssImportCommon):
    """Long lists are imported part by part, whatever cuts them short."""

    def setUp(self):
        super().setUp()
        self.patch(ess_import_background, "BACKGROUND_ROWS", 10)
        parts = self.env.registry["ess.import"]._get_rows_to_do
        self.patch(
            self.env.registry["ess.import"],
            "_get_rows_to_do",
            lambda batch: parts(batch, limit=10),
        )
        self.cron = self.env.ref("ess_beneficiary.ir_cron_import")
        self.batch = self.check(
            "Nom;Prénom;Situation : logement",
            *(f"Sans{number};Doublon{number};" for number in range(LINES)),
        )

    def _run(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_long_list_waits_for_the_job(self):
        self.batch.action_import()
        self.assertEqual(self.batch.state, "running")
        self.assertFalse(self.files(self.batch))
        self.assertEqual((self.batch.to_do_count, self.batch.progress), (LINES, 0))
        self._run()
        self.assertEqual(self.batch.state, "imported")
        self.assertEqual(len(self.files(self.batch)), LINES)
        self.assertEqual(self.batch.progress, 100)

    def test_importer_is_told(self):
        self.batch.action_import()
        self._run()
        notice = self.env["mail.message"].search(
            [("model", "=", "ess.import"), ("res_id", "=", self.batch.id)], limit=1
        )
        self.assertEqual(notice.notified_partner_ids, self.importer.partner_id)
        self.assertIn(f"{LINES} rows done", notice.body)

    def test_stop_is_safe_and_goes_on(self):
        self.batch.action_import()
        model = self.env.registry["ess.import"]
        apply_part = model._apply_part

        def stop_after_first(batch, row_ids):
            apply_part(batch, row_ids)
            batch.sudo().is_stopping = True

        with patch.object(model, "_apply_part", stop_after_first):
            self._run()
        self.assertEqual(self.batch.state, "stopped")
        self.assertEqual(len(self.files(self.batch)), 10)
        self.batch.action_import()
        self._run()
        names = self.files(self.batch).mapped("last_name")
        self.assertEqual((len(names), len(set(names))), (LINES, LINES))

    def test_error_stops_and_keeps_whole_parts(self):
        self.batch.action_import()
        model = self.env.registry["ess.import"]
        apply_part = model._apply_part

        def fail_later(batch, row_ids):
            if self.files(batch):
                raise UserError("Plus de place")  # pylint: disable=translation-required
            apply_part(batch, row_ids)

        with (
            patch.object(model, "_apply_part", fail_later),
            patch.object(self.env.cr.__class__, "rollback", lambda cr: None),
            mute_logger("odoo.addons.ess_beneficiary.models.ess_import_background"),
        ):
            self._run()
        self.assertEqual(self.batch.state, "stopped")
        self.assertIn("Plus de place", self.batch.notes)
        self.assertEqual(len(self.files(self.batch)), 10)

    def test_repeated_part_writes_nothing_twice(self):
        self.batch.action_import()
        rows = self.batch._get_rows_to_do()
        self.batch._apply_part(rows)
        self.assertFalse(set(rows) & set(self.batch._get_rows_to_do()))
        self._run()
        self.assertEqual(len(self.files(self.batch)), LINES)

    def test_stopped_import_can_be_undone(self):
        self.batch.action_import()
        self.batch._apply_part(self.batch._get_rows_to_do())
        self.batch.sudo().state = "stopped"
        self.batch.action_undo()
        self.assertEqual(self.batch.state, "undone")
        self.assertFalse(self.files(self.batch))

    def test_stop_needs_an_import_under_way(self):
        with self.assertRaises(UserError):
            self.batch.action_stop()
