from odoo import api, fields, models
from odoo.exceptions import UserError


class EssDuplicate(models.Model):
    """From a probable duplicate to the merge of its files, and back."""

    _inherit = "ess.duplicate"

    merge_id = fields.Many2one(comodel_name="ess.merge", compute="_compute_merge_id")

    @api.depends("state")
    def _compute_merge_id(self):
        """Find the merge in force between both files, by one query."""
        merges = self.env["ess.merge"].search(
            [
                ("merged_id", "in", (self.beneficiary_id | self.duplicate_id).ids),
                ("state", "=", "done"),
            ]
        )
        by_pair = {
            frozenset((merge.beneficiary_id.id, merge.merged_id.id)): merge
            for merge in merges
        }
        for duplicate in self:
            pair = frozenset((duplicate.beneficiary_id.id, duplicate.duplicate_id.id))
            duplicate.merge_id = by_pair.get(pair, False)

    def action_compare(self):
        """Show both files side by side, to merge them."""
        self.ensure_one()
        return self.env["ess.beneficiary.merge"]._open(
            self.beneficiary_id, self.duplicate_id
        )

    def action_merge_all(self):
        """Merge the selected pairs at once: the older file and its values are kept.

        What the older file does not have is taken from the other one.
        """
        if self.filtered(lambda duplicate: duplicate.state != "to_review"):
            raise UserError(
                self.env._("Some of these pairs are decided already: filter them out.")
            )
        pairs = [
            (duplicate.beneficiary_id, duplicate.duplicate_id, {})
            for duplicate in self.sorted("id")
        ]
        merges = self.env["ess.merge"]._merge_files(pairs)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s files merged. Each merge can be undone.",
                    count=len(merges),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_undo_merge(self):
        """Take the merge of these files back."""
        self.ensure_one()
        if not self.merge_id:
            raise UserError(self.env._("No merge of these two files is in force."))
        return self.merge_id.action_undo()

    def _comparison_differs(self, field, texts):
        """Tell whether two values are different ones: phones are compared as numbers.

        :param field: field of the file
        :param list texts: both values as a screen shows them
        """
        if not all(texts) or field.name in ("ref", "create_date"):
            return False
        return self.env["ess.beneficiary.merge"]._differs(field, texts)
