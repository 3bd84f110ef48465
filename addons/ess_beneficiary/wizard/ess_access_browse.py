from odoo import fields, models


class EssAccessBrowse(models.TransientModel):
    """Why somebody looks through files that are not theirs: asked once a day."""

    _name = "ess.access.browse"
    _description = "Look through all files"

    reason = fields.Char(
        required=True,
        help="Kept in the access log, which the data-protection officer reads.",
    )
    then = fields.Selection(
        selection=[("all", "All files"), ("no_referent", "Files without referent")],
        string="What opens then",
        required=True,
        default="all",
    )

    def action_browse(self):
        """Keep the reason for the day, then open the files.

        :rtype: dict
        """
        self.ensure_one()
        files = self.env["ess.beneficiary"]
        files._record_access("search", self.reason)
        if self.then == "no_referent":
            return files._open_files_without_referent()
        return files._open_all_files()
