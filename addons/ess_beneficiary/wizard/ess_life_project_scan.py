import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

SCAN_KINDS = ("application/pdf", "image/jpeg", "image/png", "image/webp")


class EssLifeProjectScan(models.TransientModel):
    """A signed sheet that comes back: its code, read or scanned, finds the project.

    Used by a worker in front of a pile of signed sheets: one code, one file, next.
    """

    _name = "ess.life.project.scan"
    _description = "Signed sheet of a life project"

    code = fields.Char(
        string="Code of the sheet",
        required=True,
        help="Under the square at the bottom of the sheet: ten letters and digits. A "
        "hand scanner can read the square.",
    )
    scan = fields.Binary(string="Scan or photo", required=True, attachment=False)
    scan_name = fields.Char()

    def action_attach(self):
        """Attach the scan to the version that was printed, and open that version.

        :rtype: dict
        """
        self.ensure_one()
        self._check_scan()
        project = self._find_project()
        project._agree(
            "signed",
            signed_on="paper",
            signed_scan=self.scan,
            signed_scan_name=self.scan_name,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "ess.life.project",
            "res_id": project.id,
            "view_mode": "form",
        }

    def _check_scan(self):
        """Refuse what is neither a picture nor a PDF, whatever its name says.

        :raises UserError: naming what is accepted
        """
        kind = guess_mimetype(base64.b64decode(self.scan))
        if kind not in SCAN_KINDS:
            raise UserError(
                self.env._("Choose a scan as PDF, or a photo as JPEG, PNG or WebP.")
            )

    def _find_project(self):
        """Return the version with this code, among the files that the user may read.

        :raises UserError: the same words for a wrong code and for another's file
        """
        projects = self.env["ess.life.project"]
        code = projects._normalise_code(self.code)
        project = projects.search([("print_code", "=", code)]) if code else projects
        if not project:
            raise UserError(
                self.env._(
                    "None of the files that you may read has a sheet with the code "
                    "“%s”. Check it letter by letter.",
                    self.code,
                )
            )
        if project.signed_scan:
            raise UserError(self.env._("This sheet was already brought back."))
        # sudo: what was printed, of a version that the search has just found
        if project.sudo().print_digest != project._digest():
            raise UserError(
                self.env._(
                    "The words or the goals have changed since this sheet was "
                    "printed: the person signed something else. Print the present "
                    "version and have it signed."
                )
            )
        return project
