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
        data = beneficiary._get_readable_file()
        return request.make_response(
            json.dumps(data, ensure_ascii=False, indent=2),
            headers=[
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Disposition", content_disposition(f"{beneficiary.ref}.json")),
                ("Cache-Control", "no-store"),
            ],
        )
