import base64
import io

import openpyxl

from .common import EssBeneficiaryCommon


class EssImportCommon(EssBeneficiaryCommon):
    """Makers of lists, as real bytes, and of imports as the importer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ess.beneficiary"].search([]).active = False

    @classmethod
    def csv(cls, *lines, encoding="utf-8", end="\n"):
        return (end.join(lines) + end).encode(encoding)

    @classmethod
    def xlsx(cls, *rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    @classmethod
    def upload(cls, data, filename="list.csv", user=None, **vals):
        """Upload a list as the importer."""
        return (
            cls.env["ess.import"]
            .with_user(user or cls.importer)
            .create({"data": base64.b64encode(data), "filename": filename, **vals})
        )

    @classmethod
    def check(cls, *lines, **vals):
        """Upload a CSV list and check it."""
        batch = cls.upload(cls.csv(*lines), **vals)
        batch.action_check()
        return batch

    def files(self, batch):
        """Files opened by a batch, in the order of the list."""
        return self.env["ess.beneficiary"].search(
            [("import_id", "=", batch.id)], order="id"
        )
