from odoo import models


class EssBeneficiary(models.Model):
    """Documents in the copy."""

    _inherit = "ess.beneficiary"

    def _get_readable_file(self):
        """Add the list of documents; their files go beside the data."""
        data = super()._get_readable_file()
        data["documents"] = [
            self._get_readable_document(document)
            for document in self._search_facts("ess.document")
            if document._is_in_copy()
        ]
        return data

    def _get_readable_document(self, document):
        return {
            "type": document.type_id.name,
            "name": document.name,
            "file_name": document.file_name or None,
            "issued_on": self._readable_date(document.date_issued),
            "valid_until": self._readable_date(document.date_expiry),
            "visibility": self._readable_choice(document, "visibility"),
            "note": document.note or None,
        }

    def _get_readable_left_out(self):
        """Add one line for each document that is left out, with its reason."""
        # sudo: that papers exist, never which; see `_get_left_out_reason`
        files = self.sudo().with_context(active_test=False)
        mine = self._search_facts("ess.document")
        lines = []
        for document in files._search_facts("ess.document"):
            reason = document._get_left_out_reason(document.sudo(False) in mine)
            if reason:
                lines.append({"section": "documents", "count": 1, "reason": reason})
        return super()._get_readable_left_out() + lines
