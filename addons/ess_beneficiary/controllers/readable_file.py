import json

from odoo import http
from odoo.http import content_disposition, request

from ..models.ess_beneficiary import FILE_GROUPS


class ReadableFile(http.Controller):
    """Download of the readable file, with the rights of the logged-in user."""

    @http.route(
        "/ess/file/<int:file_id>/person-file.json",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def person_file(self, file_id):
        """Send the file as JSON, or "not found" when the user may not read it.

        :param int file_id: id of ess.beneficiary
        """
        beneficiary = request.env["ess.beneficiary"].with_context(active_test=False)
        if request.env.user.has_groups(FILE_GROUPS):
            beneficiary = beneficiary.search([("id", "=", file_id)])
        if not beneficiary:
            raise request.not_found()
        return self._send(beneficiary._get_readable_file(), beneficiary.ref)

    @http.route(
        "/ess/guardian/<int:guardian_id>/person-file.json",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def guardian_file(self, guardian_id):
        """Send the copy that a holder of parental authority may read.

        "Not found" when the user may not read the file, or when nothing may be told:
        the form says why, a guessed address says nothing.

        :param int guardian_id: id of ess.guardian
        """
        guardian = request.env["ess.guardian"]
        if request.env.user.has_groups(FILE_GROUPS):
            guardian = guardian.search([("id", "=", guardian_id)])
        if not guardian or guardian.told_now != "file":
            raise request.not_found()
        return self._send(guardian._get_readable_file(), guardian.beneficiary_id.ref)

    def _send(self, data, name):
        return request.make_response(
            json.dumps(data, ensure_ascii=False, indent=2),
            headers=[
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Disposition", content_disposition(f"{name}.json")),
                ("Cache-Control", "no-store"),
            ],
        )
