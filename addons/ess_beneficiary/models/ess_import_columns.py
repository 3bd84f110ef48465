from odoo import fields, models
from odoo.exceptions import UserError


class EssImport(models.Model):
    """Columns saved for a source, proposed again, chosen by hand."""

    _inherit = "ess.import"

    template_id = fields.Many2one(
        comodel_name="ess.import.template",
        string="Saved columns",
        domain="[('company_id', '=', company_id)]",
        ondelete="set null",
        help="Proposed when a list has the same titles as those that were saved.",
    )

    def write(self, vals):
        """Take the columns of the source that is chosen."""
        result = super().write(vals)
        if vals.get("template_id") and "data" not in vals:
            for batch in self.filtered(lambda batch: batch.state == "draft"):
                batch._use_template()
        return result

    def _guess_targets(self, table):
        """Columns saved for the same titles go before what the titles say."""
        targets = super()._guess_targets(table)
        template = self.env["ess.import.template"]._find(table.headers, self.company_id)
        if not template:
            return targets
        # the columns are about to be written from what is returned here
        super().write({"template_id": template.id})
        columns = template.columns or {}
        return [
            columns.get(header, target)
            for header, target in zip(table.headers, targets)
        ]

    def _use_template(self):
        """Write the targets of the saved columns on the columns of this list."""
        columns = self.template_id.columns or {}
        for line in self.mapping_ids:
            if line.header in columns:
                line.target = columns[line.header]

    def action_save_columns(self):
        """Keep the columns under the name of the source, for its next lists."""
        self.ensure_one()
        name = (self.source or "").strip()
        if not name:
            raise UserError(
                self.env._("Write who sends the list first: the columns take its name.")
            )
        problems = self.mapping_ids._problems()
        if problems:
            raise UserError("\n".join(problems))
        columns = {line.header: line.target or False for line in self.mapping_ids}
        templates = self.env["ess.import.template"]
        template = templates.search(
            [("name", "=ilike", name), ("company_id", "=", self.company_id.id)], limit=1
        )
        if template:
            template.columns = columns
        else:
            template = templates.create(
                {"name": name, "columns": columns, "company_id": self.company_id.id}
            )
        self.template_id = template
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Columns saved under “%(name)s”: they will be proposed for lists "
                    "with the same titles.",
                    name=template.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
