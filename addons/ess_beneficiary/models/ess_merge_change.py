from odoo import fields, models


class EssMergeChange(models.Model):
    """One row that a merge changed: what it was before, what it was after.

    Written by the merge itself, read by its undoing, and by nobody: it may hold what
    somebody could not read. Removed once the merge is undone.
    """

    _name = "ess.merge.change"
    _description = "Change made by a merge"
    _order = "id"
    _rec_name = "table_name"
    # Thousands of rows of one author at one moment: the merge has both.
    _log_access = False

    merge_id = fields.Many2one(
        comodel_name="ess.merge", required=True, index=True, ondelete="cascade"
    )
    table_name = fields.Char(required=True)
    row_key = fields.Char(
        required=True, help="Its id; for a table of links, the whole row."
    )
    before = fields.Json(help="Columns that changed; empty for a row that was added.")
    after = fields.Json(help="The same columns; empty for a row that was removed.")
