from odoo import api, fields, models

# What a list of files may show without being a reading of each of them.
LIST_SAFE_FIELDS = {
    "search_reason",  # what agrees with what the user typed
    "id",
    "display_name",
    "ref",
    "last_name",
    "first_name",
    "pseudonym",
    "active",
    "company_id",
    "is_protected",
    "is_demo",
    "is_mine",
    "is_recently_opened",
    "team_user_ids",
    "referent_id",
    "create_date",
    "write_date",
    "create_uid",
    "write_uid",
    "import_id",
    "import_row_id",
}
# What the panel beside the list counts by at each opening: numbers, no person.
COUNT_SAFE_FIELDS = {"intake"}
# what the mail room adds to any record: states of activities and messages, no text
MAIL_SAFE_FIELDS = {
    "activity_ids",
    "activity_state",
    "activity_user_id",
    "activity_type_id",
    "activity_type_icon",
    "activity_date_deadline",
    "my_activity_date_deadline",
    "activity_exception_decoration",
    "activity_exception_icon",
    "activity_summary",
    "message_needaction",
    "message_needaction_counter",
    "message_has_error",
    "message_has_error_counter",
    "message_is_follower",
    "message_attachment_count",
}


class EssBeneficiary(models.Model):
    """Who read the file: what counts as reading it, and the lines that say so."""

    _name = "ess.beneficiary"
    _inherit = ["ess.beneficiary", "ess.access.mixin"]

    access_summary = fields.Html(
        string="Who read this file, in short",
        compute="_compute_access_summary",
        groups="ess_beneficiary.group_beneficiary_officer,"
        "ess_beneficiary.group_beneficiary_dpo",
        help="Readings of the same person within an hour are one line.",
    )

    def action_open_access_log(self):
        """Open the whole list of those who read the file.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who read this file"),
            "res_model": "ess.access.log",
            "view_mode": "list,kanban",
            "domain": [("beneficiary_id", "in", self._with_merged().ids)],
        }

    def _get_files_read(self):
        """Reading a file reads itself."""
        return self

    @api.model
    def _is_content(self, name):
        """Everything but the short list-safe set is content of the file."""
        return name in self._fields and name not in self._get_list_safe_fields()

    @api.model
    def _trace_grouping(self, specs):
        """Leave no line for the counts beside every list."""
        super()._trace_grouping(
            [spec for spec in specs if spec not in COUNT_SAFE_FIELDS]
        )

    @api.model
    def _get_list_safe_fields(self):
        """Return the fields that lists may show. Override to add a room's own.

        :rtype: set of str
        """
        return LIST_SAFE_FIELDS | MAIL_SAFE_FIELDS

    @api.depends_context("lang", "tz")
    def _compute_access_summary(self):
        for beneficiary in self:
            lines = (
                self.env["ess.access.log"].search(
                    [("beneficiary_id", "in", beneficiary._with_merged().ids)],
                    limit=300,
                )
                if beneficiary._origin
                else self.env["ess.access.log"]
            )
            beneficiary.access_summary = lines._render_for_colleagues()
