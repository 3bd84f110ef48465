from odoo import models

PERSONS = "ess.beneficiary"


class IrUiView(models.Model):
    """No field that links to a person offers to create one on the spot."""

    _inherit = "ir.ui.view"

    def _postprocess_access_rights(self, tree):
        """A file is opened after a search, never from a link of another form."""
        links = tree.xpath(f"//field[@model_access_rights='{PERSONS}']")
        result = super()._postprocess_access_rights(tree)
        for node in links:
            node.set("can_create", "False")
        return result
