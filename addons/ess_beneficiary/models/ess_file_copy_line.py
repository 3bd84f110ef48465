import hashlib
import os
import shutil
import tempfile

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class EssFileCopyLine(models.Model):
    """The copy of one file in an order: a zip, once it is made.

    Made with the rights of whoever ordered it, never more; a file that they may not
    read any more when its turn comes gives no copy.
    """

    _name = "ess.file.copy.line"
    _description = "Copy of a file"
    _inherit = "ess.beneficiary.fact"
    _order = "id"
    _rec_name = "file_name"

    order_id = fields.Many2one(
        comodel_name="ess.file.copy", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("done", "Ready"),
            ("failed", "Could not be made"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    file = fields.Binary(string="Copy", attachment=True, readonly=True)
    file_name = fields.Char(readonly=True)

    def action_download(self):
        """Download the zip.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "done":
            raise UserError(self.env._("This copy is not ready."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/ess.file.copy.line/{self.id}/file?download=1",
            "target": "download",
        }

    def _make(self):
        """Write the zip on disk and keep it; called as superuser, on one line."""
        self.ensure_one()
        user = self.order_id.user_id
        file = self.beneficiary_id.with_user(user).with_context(
            active_test=False,
            lang=user.lang,
            allowed_company_ids=user.company_ids.ids,
        )
        with tempfile.NamedTemporaryFile(delete=False) as target:
            try:
                file._write_copy(target, self.order_id.reason)
                target.flush()
                self._keep(target.name)
            finally:
                os.unlink(target.name)
        self.write({"state": "done", "file_name": f"{self.beneficiary_id.ref}.zip"})

    def _keep(self, path):
        """Attach a file of the disk without reading it into memory.

        Odoo attaches bytes only. So the attachment is made empty, and its row then
        names the file, put where Odoo keeps files, under the digest of what it holds.
        """
        digest = hashlib.sha1(usedforsecurity=False)
        with open(path, "rb") as source:
            while part := source.read(1 << 20):
                digest.update(part)
        attachment = self.env["ir.attachment"].create(
            {
                "name": "file",
                "res_model": self._name,
                "res_field": "file",
                "res_id": self.id,
                "type": "binary",
                "mimetype": "application/zip",
            }
        )
        checksum = digest.hexdigest()
        name = f"{checksum[:2]}/{checksum}"
        kept = attachment._full_path(name)
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        shutil.copyfile(path, kept)
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET store_fname = %s, checksum = %s,"
                " file_size = %s, db_datas = NULL WHERE id = %s",
                name,
                checksum,
                os.path.getsize(path),
                attachment.id,
            )
        )
        attachment.invalidate_recordset()
        self.invalidate_recordset(["file"])
