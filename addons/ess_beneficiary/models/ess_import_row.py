from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.matching_keys import SOURCES

# Values that a row holds until it becomes a file; same names as in the file.
ROW_FIELDS = (
    *SOURCES,
    "commune_code",
    "country_id",
    "languages",
    "interpreter_needed",
    "intake",
)


class EssImportRow(models.Model):
    """One row of an imported list, before and after it becomes a file.

    Written by the check of a list (by COPY, thousands at a time); the importer only
    decides what happens to a row that looks like a file that exists already.
    """

    _name = "ess.import.row"
    _description = "Row of an import"
    _order = "import_id, number"
    _rec_name = "number"
    # Thousands of rows of one author at one second: the batch has both.
    _log_access = False

    import_id = fields.Many2one(
        comodel_name="ess.import",
        string="Batch",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    # Not stored: a hundred thousand rows would each have them checked.
    company_id = fields.Many2one(related="import_id.company_id")
    user_id = fields.Many2one(related="import_id.user_id")
    number = fields.Integer(
        string="Line", readonly=True, aggregator=None, help="Line in the list."
    )
    outcome = fields.Selection(
        selection=[
            ("new", "New"),
            ("match", "Probably known"),
            ("repeat", "Twice in the list"),
            ("error", "Error"),
        ],
        required=True,
        readonly=True,
    )
    has_warning = fields.Boolean(string="Remark", readonly=True)
    message = fields.Text(string="Remarks", readonly=True)
    decision = fields.Selection(
        selection=[
            ("create", "Open a file"),
            ("skip", "Leave out"),
            ("update", "Complete the known file"),
        ],
        required=True,
        default="create",
        help="“Complete” fills in what is empty in the known file and changes nothing "
        "that is written there.",
    )
    is_decided = fields.Boolean(
        string="Decided", help="Somebody said whether it is the same person."
    )
    match_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="Known file",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    match_number = fields.Integer(string="Same as line", readonly=True, aggregator=None)
    match_score = fields.Float(
        string="Probability", digits=(5, 4), readonly=True, aggregator="avg"
    )
    match_codes = fields.Char(readonly=True)
    match_reason = fields.Char(string="Why", compute="_compute_match_reason")
    completed = fields.Json(
        readonly=True, help="Fields that the import filled in in the known file."
    )
    situations = fields.Json(readonly=True)
    beneficiary_ids = fields.One2many(
        comodel_name="ess.beneficiary",
        inverse_name="import_row_id",
        string="Opened file",
        readonly=True,
    )
    # values
    last_name = fields.Char(readonly=True)
    first_name = fields.Char(readonly=True)
    birth_name = fields.Char(readonly=True)
    pseudonym = fields.Char(readonly=True)
    birth_date = fields.Date(readonly=True)
    birth_date_precision = fields.Char(readonly=True)
    birth_date_text = fields.Char(string="Birth date as received", readonly=True)
    sex = fields.Selection(selection="_selection_sex", readonly=True)
    phone = fields.Char(readonly=True)
    phone2 = fields.Char(string="Other phone", readonly=True)
    email = fields.Char(string="E-mail", readonly=True)
    street = fields.Char(readonly=True)
    street2 = fields.Char(string="Address, continued", readonly=True)
    zip = fields.Char(string="Postcode", readonly=True)
    city = fields.Char(readonly=True)
    commune_code = fields.Char(readonly=True)
    country_id = fields.Many2one(comodel_name="res.country", readonly=True)
    languages = fields.Char(string="Languages spoken", readonly=True)
    interpreter_needed = fields.Boolean(readonly=True)
    intake = fields.Char(string="Came through", readonly=True)

    @api.model
    def _selection_sex(self):
        return (
            self.env["ess.beneficiary"]._fields["sex"]._description_selection(self.env)
        )

    @api.depends("match_codes")
    @api.depends_context("lang")
    def _compute_match_reason(self):
        beneficiary = self.env["ess.beneficiary"]
        for row in self:
            reasons = beneficiary._match_reasons(row.match_codes)
            row.match_reason = ", ".join(reasons).capitalize()

    def write(self, vals):
        """Only the decision is the importer's, and only before the import."""
        if not self.env.su:
            own = ("decision", "is_decided")
            vals = {name: vals[name] for name in vals if name in own}
            if self.import_id.filtered(lambda batch: batch.state != "checked"):
                raise UserError(
                    self.env._("This list is imported already: nothing to decide.")
                )
        return super().write(vals)

    @api.constrains("decision")
    def _check_decision(self):
        for row in self:
            if row.outcome == "error" and row.decision != "skip":
                raise UserError(
                    self.env._(
                        "Line %(number)s has an error and cannot be imported. Correct "
                        "it in the list and upload the list again.",
                        number=row.number,
                    )
                )
            if row.decision == "update" and not row.match_id:
                raise UserError(
                    self.env._(
                        "Line %(number)s matches no known file that it could complete.",
                        number=row.number,
                    )
                )

    # === ACTIONS

    def action_create(self):
        """Open a file for these rows all the same."""
        self.write({"decision": "create", "is_decided": True})

    def action_skip(self):
        """Leave these rows out."""
        self.write({"decision": "skip", "is_decided": True})

    def action_update(self):
        """Complete the known files with these rows."""
        self.write({"decision": "update", "is_decided": True})

    # === BUSINESS

    def _empty_field_values(self, beneficiary):
        """Values of this row for what is empty in a known file.

        A birth date is one thing: date, precision and text go together.

        :param beneficiary: the known file
        :return: values to write
        :rtype: dict
        """
        birth = ("birth_date", "birth_date_precision", "birth_date_text")
        vals = {
            name: self[name].id if name == "country_id" else self[name]
            for name in ROW_FIELDS
            if name not in birth and self[name] and not beneficiary[name]
        }
        if not beneficiary.birth_date and self.birth_date:
            vals.update({name: self[name] for name in birth[:2]})
        elif (
            self.birth_date_text
            and not beneficiary.birth_date
            and not beneficiary.birth_date_text
        ):
            vals["birth_date_text"] = self.birth_date_text
        return vals
