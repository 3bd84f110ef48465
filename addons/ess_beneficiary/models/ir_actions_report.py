from odoo import models


class IrActionsReport(models.Model):
    """A printed file is a file read: the access log says so."""

    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        """Leave a line for each file printed, whatever the report shows of it."""
        context = super()._get_rendering_context(report, docids, data)
        model = self.env.get(report.model)
        if docids and isinstance(model, self.env.registry["ess.access.mixin"]):
            model.browse(docids).exists()._record_access("print")
        return context
