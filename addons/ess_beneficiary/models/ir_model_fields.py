from odoo import api, models


class IrModelFields(models.Model):
    """Fields added by hand to our models can show what rules hide: told as well."""

    _inherit = "ir.model.fields"

    @api.model_create_multi
    def create(self, vals_list):
        """Tell about the fields added to models that hold files."""
        added = super().create(vals_list)
        events = self.env["ess.security.event"]
        watched = added.filtered(lambda field: events._is_watched(field.model))
        names = ["model", "name", "ttype", "relation", "related", "compute"]
        events._add_values("field", "create", watched, names)
        return added
