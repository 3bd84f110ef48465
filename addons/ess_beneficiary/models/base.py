from odoo import models


class Base(models.AbstractModel):
    """An export that goes through a link to a file exports that file."""

    _inherit = "base"

    def export_data(self, fields_to_export):
        """Leave a line in the access log for each file that the export reads."""
        result = super().export_data(fields_to_export)
        if not self.env.su:
            mixin = self.env.registry["ess.access.mixin"]
            if isinstance(self, mixin):
                self._record_access("export")
            for path in fields_to_export:
                self._trace_export(path.replace(".id", "id").split("/"), mixin)
        return result

    def _trace_export(self, names, mixin):
        """Follow one exported path and tell the log where it reads content of files.

        :param list names: field names, one for each step
        :param type mixin: class of what is told
        """
        records = self
        for position, name in enumerate(names):
            field = records._fields.get(name)
            if position and isinstance(records, mixin) and records._is_content(name):
                records._record_access("export")
            if not field or not field.relational:
                return
            # sudo: the export has checked the rights on the way
            records = records.sudo()[name].sudo(False)
