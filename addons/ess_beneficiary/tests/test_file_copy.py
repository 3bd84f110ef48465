"""The copy of a file to take away: what is in the zip, who may make it, in numbers."""

import base64
import io
import json
import re
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon
from .test_portal import PortalCommon
from .test_readable_file import schema_errors

PARTS = {"person-file.pdf", "person-file.json", "person-file.schema.json"}


class CopyCommon(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paper_type = cls.env.ref("ess_beneficiary.ess_document_type_id_card")

    @classmethod
    def _paper(cls, person, content, **vals):
        return (
            cls.env["ess.document"]
            .sudo()
            .create(
                {
                    "beneficiary_id": person.id,
                    "type_id": cls.paper_type.id,
                    "visibility": "shared",
                    "file": base64.b64encode(content),
                    "file_name": "../../étrange nom.txt",
                    **vals,
                }
            )
        )

    def _copy(self, person, user):
        target = io.BytesIO()
        person.with_user(user)._write_copy(target)
        return zipfile.ZipFile(target)


@tagged("post_install", "-at_install", "ess")
class TestFileCopy(CopyCommon):
    """What is in the zip, for those who follow the person."""

    def test_everything_is_in_the_zip(self):
        person = self._make_beneficiary(team=self.worker, first_name="Ana")
        paper = self._paper(person, b"a paper")
        archive = self._copy(person, self.worker)
        [path] = set(archive.namelist()) - PARTS
        self.assertRegex(path, rf"^papers/{paper.id}-[\w.-]+txt$")
        self.assertNotIn("..", path)
        self.assertEqual(archive.read(path), b"a paper")
        data = json.loads(archive.read("person-file.json"))
        schema = json.loads(archive.read("person-file.schema.json"))
        self.assertEqual(schema_errors(data, schema), [])
        self.assertEqual(data["documents"][0]["file"], path)
        self.assertTrue(archive.read("person-file.pdf").startswith(b"%PDF"))

    def test_print_is_large(self):
        page = self.env["ir.ui.view"]._get_template_view("ess_beneficiary.print_frame")
        size = float(re.search(r"body { font: (\d+)pt", page.arch)[1])
        self.assertGreaterEqual(size * 0.782, 14)

    def test_what_is_left_out_is_in_no_part(self):
        person = self._make_beneficiary(team=self.worker)
        word = self.canary()
        paper = self._paper(person, word.encode())
        self.env["ess.copy.exclusion"].sudo().create(
            {"document_id": paper.id, "reason": "others"}
        )
        note = (
            self.env["ess.note"]
            .with_user(self.worker)
            .create({"beneficiary_id": person.id, "text": f"He saw {word}"})
        )
        note.action_release()
        self.env["ess.copy.exclusion"].sudo().create(
            {"note_id": note.id, "passage": word, "reason": "others"}
        )
        archive = self._copy(person, self.worker)
        self.assertEqual(set(archive.namelist()), PARTS)
        self.assertNotIn(word, archive.read("person-file.json").decode())
        data = json.loads(archive.read("person-file.json"))
        page = self.env["ir.qweb"]._render(
            "ess_beneficiary.person_file_print", person._prepare_print(data)
        )
        self.assertNotIn(word, str(page))
        self.assertIn("about someone else", str(page))

    def test_reason_is_in_the_log(self):
        person = self._make_beneficiary(team=self.worker)
        order = (
            self.env["ess.file.copy"]
            .with_user(self.worker)
            ._order_copies(person.with_user(self.worker), "Moves to Tulle")
        )
        self.env.cr.precommit.run()
        line = self.env["ess.access.log"].search(
            [("beneficiary_id", "=", person.id), ("kind", "=", "export")]
        )
        self.assertEqual(line.reason_id.name, "Moves to Tulle")
        self.assertEqual(line.user_id, self.worker)
        self.assertEqual(order.line_ids.state, "done")
        content = base64.b64decode(order.line_ids.with_user(self.worker).file)
        self.assertIn(
            "person-file.pdf", zipfile.ZipFile(io.BytesIO(content)).namelist()
        )

    def test_refused(self):
        person = self._make_beneficiary(team=self.worker)
        orders = self.env["ess.file.copy"]
        with self.assertRaises(AccessError):
            orders.with_user(self.worker2)._order_copies(
                person.with_user(self.worker2), "Out of curiosity"
            )
        with self.assertRaisesRegex(UserError, "Say why"):
            orders.with_user(self.worker)._order_copies(
                person.with_user(self.worker), "  "
            )

    def test_copies_are_for_their_maker_and_for_a_week(self):
        person = self._make_beneficiary(team=self.worker | self.worker2)
        order = (
            self.env["ess.file.copy"]
            .with_user(self.worker)
            ._order_copies(person.with_user(self.worker), "Asked for by letter")
        )
        lines = self.env["ess.file.copy.line"].with_user(self.worker2)
        self.assertFalse(lines.search([("order_id", "=", order.id)]))
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "ess.file.copy.line"),
                ("res_field", "=", "file"),
                ("res_id", "=", order.line_ids.id),
            ]
        )
        with self.assertRaises(AccessError):
            attachment.with_user(self.worker2).read(["raw"])
        order.sudo().date_erase = "2020-01-01"
        self.env["ess.file.copy"]._gc_copies()
        self.assertFalse(attachment.exists())

    def test_many_go_to_the_background(self):
        people = self._make_beneficiary(team=self.worker) | self._make_beneficiary(
            team=self.worker
        )
        order = (
            self.env["ess.file.copy"]
            .with_user(self.worker)
            ._order_copies(people.with_user(self.worker), "The service closes")
        )
        self.assertEqual((order.state, order.progress), ("running", 0))
        # a file lost on the way gives no copy, and stops no other
        people[0].sudo().followup_ids.write({"user_id": self.worker2.id})
        self.env.flush_all()
        cron = self.env.ref("ess_beneficiary.ir_cron_file_copies")
        logger = "odoo.addons.ess_beneficiary.models.ess_file_copy"
        with mute_logger(logger), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        order.invalidate_recordset()
        self.assertEqual((order.done_count, order.failed_count), (1, 1))
        self.assertEqual(order.state, "done")


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestOwnCopy(PortalCommon, CopyCommon):
    """The person takes their own file: what they may read, and nothing for the team."""

    def test_own_copy(self):
        note = self._note(self.person, "Read by us both", visibility="shared")
        note.action_release()
        word = self.canary()
        self._note(self.person, word, visibility="team")
        self._paper(self.person, b"mine")
        self._paper(self.person, word.encode(), visibility="team", name=word)
        archive = self._copy(self.person, self.user)
        self.assertEqual(len(archive.namelist()), 4)
        text = archive.read("person-file.json").decode()
        self.assertNotIn(word, text)
        data = json.loads(text)
        self.assertEqual(data["person"]["first_name"], "Aminata")
        self.assertEqual([note["text"] for note in data["notes"]], ["Read by us both"])
        sections = [line["section"] for line in data["left_out"]]
        self.assertEqual(sorted(sections), ["documents", "notes"])
        schema = json.loads(archive.read("person-file.schema.json"))
        self.assertEqual(schema_errors(data, schema), [])

    def test_no_copy_of_someone_else(self):
        with self.assertRaises(AccessError):
            self._copy(self.other, self.user)
