from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.ess_import_row import ROW_FIELDS


class EssImportReview(models.TransientModel):
    """The rows of a list that look known, one after the other, beside the known file.

    Opened by the importer after the check; each answer shows the next row. Rows stay
    undecided (left out) until somebody answers.
    """

    _name = "ess.import.review"
    _description = "Review of the matches of a list"

    import_id = fields.Many2one(
        comodel_name="ess.import", required=True, readonly=True, ondelete="cascade"
    )
    row_id = fields.Many2one(
        comodel_name="ess.import.row", readonly=True, ondelete="cascade"
    )
    previous_id = fields.Many2one(
        comodel_name="ess.import.row", readonly=True, ondelete="set null"
    )
    number = fields.Integer(string="Line", related="row_id.number")
    match_id = fields.Many2one(related="row_id.match_id", string="Known file")
    match_score = fields.Float(related="row_id.match_score")
    match_reason = fields.Char(related="row_id.match_reason")
    outcome = fields.Selection(related="row_id.outcome")
    left_count = fields.Integer(string="Left to decide", compute="_compute_left_count")
    comparison = fields.Html(compute="_compute_comparison", sanitize=False)

    @api.depends("row_id")
    def _compute_left_count(self):
        for review in self:
            review.left_count = self.env["ess.import.row"].search_count(
                review._get_domain()
            )

    @api.depends("row_id")
    @api.depends_context("uid", "lang")
    def _compute_comparison(self):
        """Show the row beside the file, and what "same person" would add."""
        for review in self:
            review.comparison = review.row_id and review._get_table()

    # === ACTIONS

    def action_same(self):
        """Same person: complete the known file with this row, or leave a repeat out."""
        known = self.row_id.outcome == "match" and self.row_id.match_id
        return self._decide("update" if known else "skip")

    def action_other(self):
        """Another person: open a file."""
        return self._decide("create")

    def action_leave(self):
        """Leave the row out of the import."""
        return self._decide("skip")

    def action_back(self):
        """Show the last row again."""
        self.ensure_one()
        if not self.previous_id:
            raise UserError(self.env._("This is the first row that you decide about."))
        self.previous_id.is_decided = False
        self.write({"row_id": self.previous_id.id, "previous_id": False})
        return self._get_action()

    # === BUSINESS

    def _get_domain(self):
        return [
            ("import_id", "=", self.import_id.id),
            ("outcome", "in", ("match", "repeat")),
            ("is_decided", "=", False),
        ]

    def _decide(self, decision):
        """Write the answer and go on with the next row."""
        self.ensure_one()
        row = self.row_id
        if not row:
            raise UserError(self.env._("All rows are decided."))
        row.write({"decision": decision, "is_decided": True})
        self._show_next(row)
        return self._get_action()

    def _show_next(self, previous=None):
        """Show the next row to decide, the nearest to certain first."""
        row = self.env["ess.import.row"].search(
            self._get_domain(), order="match_score desc, number", limit=1
        )
        self.write({"row_id": row.id, "previous_id": previous and previous.id})

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Same person?"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_other(self):
        """The known file, or the other row of the list, if this user may read it."""
        row = self.row_id
        if row.outcome == "repeat":
            return row.search(
                [
                    ("import_id", "=", row.import_id.id),
                    ("number", "=", row.match_number),
                ],
                limit=1,
            )
        return row.match_id.sudo(False)._filtered_access("read")

    def _get_table(self):
        """Table of the row and of what it looks like, value by value."""
        row, other = self.row_id, self._get_other()
        lines = []
        for name in ROW_FIELDS:
            field = self.env["ess.beneficiary"]._fields[name]
            mine = self._get_text(row, name)
            its = self._get_text(other, name) if other else ""
            if mine or its:
                label = field._description_string(self.env)
                lines.append(self._get_line(label, mine, its, bool(other)))
        if not other:
            lines.append(
                Markup('<tr><td colspan="4" class="text-muted">%s</td></tr>')
                % self.env._("You may not read the known file: ask its team.")
            )
        return Markup(
            '<table class="table table-sm"><thead><tr><th></th><th>%s</th><th>%s</th>'
            "<th>%s</th></tr></thead><tbody>%s</tbody></table>"
        ) % (
            self.env._("In the list"),
            other.display_name if row.outcome == "match" else self.env._("Other line"),
            self.env._("If the same person"),
            Markup().join(lines),
        )

    def _get_line(self, label, mine, its, is_known):
        """One line of the table; what differs or is added stands out."""
        same = mine.strip().casefold() == its.strip().casefold()
        if not is_known or same or not mine:
            style, effect = "", ""
        elif its:
            style = "table-warning"
            effect = self.env._("stays as in the file")
        else:
            style, effect = "table-success", self.env._("will be added")
        return Markup(
            '<tr class="%s"><th>%s</th><td>%s</td><td>%s</td><td>%s</td></tr>'
        ) % (style, label, mine, its, effect)

    def _get_text(self, record, name):
        """A value of a row or of a file as a screen shows it."""
        value = record[name]
        if not value:
            return ""
        field = self.env["ess.beneficiary"]._fields[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, str(value))
        if field.type == "many2one":
            return value.display_name or ""
        if field.type == "boolean":
            return self.env._("Yes")
        if field.type == "date":
            return self.env["ir.qweb.field.date"].value_to_html(value, {})
        return str(value)
