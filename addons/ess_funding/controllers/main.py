from werkzeug.wsgi import wrap_file

from odoo import fields, http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FunderReportController(http.Controller):
    """Downloads of funder reports, with the reader's own rights."""

    @http.route(
        "/ess_funding/paid/<int:grant_id>/<string:day>/xlsx",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def paid_statement_xlsx(self, grant_id, day):
        """The paid expenses of a grant as a workbook.

        :param int grant_id: id of an ess.grant that the user may read
        :param str day: last day, as 2026-12-31
        """
        try:
            day = fields.Date.to_date(day)
        except ValueError:
            day = None
        grant = request.env["ess.grant"].search([("id", "=", grant_id)])
        if not grant or not day:
            raise request.not_found()
        statements = request.env["ess.paid.statement"]
        statement = statements.create({"grant_id": grant.id, "date": day})
        name = f"{statement.display_name.replace('/', '-')}.xlsx"
        return self._make_xlsx(statement._get_xlsx(), name)

    @http.route(
        "/ess_funding/exchange/<int:export_id>/<string:kind>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def grant_export(self, export_id, kind):
        """Grants received, in the French or in the 360Giving standard.

        :param int export_id: id of an ess.grant.export of the user
        :param str kind: csv or json
        """
        export = request.env["ess.grant.export"].search([("id", "=", export_id)])
        if not export or kind not in ("csv", "json"):
            raise request.not_found()
        name, mimetype, content = {
            "csv": ("subventions.csv", "text/csv", export._get_csv),
            "json": ("grants-360giving.json", "application/json", export._get_json),
        }[kind]
        headers = [
            ("Content-Type", f"{mimetype}; charset=utf-8"),
            ("Content-Disposition", content_disposition(name)),
        ]
        return request.make_response(content(), headers=headers)

    @http.route(
        "/ess_funding/audit/<int:audit_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def audit_file(self, audit_id):
        """The audit file of a grant, sent from the disk as it is read.

        :param int audit_id: id of an ess.audit.file of the user
        """
        audit = request.env["ess.audit.file"].search([("id", "=", audit_id)])
        if not audit:
            raise request.not_found()
        file = audit._open_zip()
        name = f"audit-{audit._safe_name(audit.grant_id.name)}.zip"
        return http.Response(
            wrap_file(request.httprequest.environ, file),
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Disposition", content_disposition(name)),
            ],
            direct_passthrough=True,
        )

    @http.route(
        "/ess_funding/accounts/<int:statement_id>/xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def annual_accounts_xlsx(self, statement_id):
        """The annual accounts of a year as a workbook.

        :param int statement_id: id of an ess.accounts.statement of the user
        """
        statements = request.env["ess.accounts.statement"]
        statement = statements.search([("id", "=", statement_id)])
        if not statement:
            raise request.not_found()
        return self._make_xlsx(statement._get_xlsx(), statement._get_file_name())

    def _make_xlsx(self, content, name):
        """Answer with a workbook."""
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    @http.route(
        "/ess_funding/report/<int:report_id>/xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def funder_report_xlsx(self, report_id):
        """The report as a workbook.

        :param int report_id: id of an ess.funder.report that the user may read
        """
        report = request.env["ess.funder.report"].search([("id", "=", report_id)])
        if not report:
            raise request.not_found()
        return self._make_xlsx(report._get_xlsx(), report._get_file_name())
