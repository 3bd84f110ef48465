from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FunderReportController(http.Controller):
    """Downloads of funder reports, with the reader's own rights."""

    @http.route(
        "/ess_funding/report/<int:report_id>/xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def funder_report_xlsx(self, report_id):
        """The report as a workbook.

        :param int report_id: id of an ess.funder.report that the user may read
        """
        report = request.env["ess.funder.report"].search([("id", "=", report_id)])
        if not report:
            raise request.not_found()
        return request.make_response(
            report._get_xlsx(),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(report._get_file_name())),
            ],
        )
