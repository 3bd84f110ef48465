from odoo import api, fields, models

# What a list of files may show without being a reading of each of them.
LIST_SAFE_FIELDS = {
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

    access_log_ids = fields.One2many(
        comodel_name="ess.access.log",
        inverse_name="beneficiary_id",
        string="Who read this file",
        readonly=True,
        copy=False,
        groups="ess_beneficiary.group_beneficiary_officer,"
        "ess_beneficiary.group_beneficiary_dpo",
    )
    access_summary = fields.Html(
        string="Who read this file, in short",
        compute="_compute_access_summary",
        groups="ess_beneficiary.group_beneficiary_officer,"
        "ess_beneficiary.group_beneficiary_dpo",
        help="Readings of the same person within an hour are one line.",
    )

    def _get_files_read(self):
        """Reading a file reads itself."""
        return self

    @api.model
    def _is_content(self, name):
        """Everything but the short list-safe set is content of the file."""
        return name in self._fields and name not in self._get_list_safe_fields()

    @api.model
    def _get_list_safe_fields(self):
        """Return the fields that lists may show. Override to add a room's own.

        :rtype: set of str
        """
        return LIST_SAFE_FIELDS | MAIL_SAFE_FIELDS

    def _get_access_lines_for_person(self, limit=200):
        """Tell the person who read the file, in words: for the portal and for paper.

        The name is given for people who were in the team of the person, for others
        only when the data-protection officer decided so on a contested line (CJEU,
        22 June 2023, C-579/21, Pankki S: the identity of employees is owed only when
        the person needs it to use their rights, weighed against those of the
        employee). Readings of the same user within an hour are one.

        :param int limit: newest lines to start from
        :return: ``{date: datetime, kind, kind_label, role, role_label, service,
            reason, name (or None), count, line_ids}``, newest first
        :rtype: list of dict
        """
        self.ensure_one()
        # sudo: the ledger is hidden from the person and from colleagues; what leaves
        # here is words, and the file is the caller's to read.
        lines = (
            self.env["ess.access.log"]
            .sudo()
            .search([("beneficiary_id", "=", self.id)], limit=limit)
        )
        return [group._describe_for_person() for group in lines._group_by_hour()]

    @api.depends_context("lang", "tz")
    def _compute_access_summary(self):
        for beneficiary in self:
            lines = (
                self.env["ess.access.log"].search(
                    [("beneficiary_id", "=", beneficiary._origin.id)], limit=300
                )
                if beneficiary._origin
                else self.env["ess.access.log"]
            )
            beneficiary.access_summary = lines._render_for_colleagues()
