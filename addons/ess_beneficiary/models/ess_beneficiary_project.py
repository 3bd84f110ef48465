from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .ess_beneficiary import FILE_GROUPS
from .ess_life_project import AGREED


class EssBeneficiary(models.Model):
    """The life project on the first screen of the file."""

    _inherit = "ess.beneficiary"

    life_project_ids = fields.One2many(
        comodel_name="ess.life.project",
        inverse_name="beneficiary_id",
        string="Versions of the life project",
        groups=FILE_GROUPS,
    )
    life_project_id = fields.Many2one(
        comodel_name="ess.life.project",
        string="Current life project",
        compute="_compute_life_project_id",
        groups=FILE_GROUPS,
    )
    life_project_words = fields.Text(
        string="In their own words",
        compute="_compute_life_project_words",
        inverse="_inverse_life_project_words",
        groups=FILE_GROUPS,
        help="What the person says, as they say it: never corrected.",
    )
    is_life_project_agreed = fields.Boolean(
        compute="_compute_life_project_words", groups=FILE_GROUPS
    )
    has_former_versions = fields.Boolean(
        compute="_compute_life_project_id", groups=FILE_GROUPS
    )
    life_project_agreement_text = fields.Char(
        string="Agreement of the person",
        compute="_compute_life_project_agreement_text",
        groups=FILE_GROUPS,
    )
    goal_ids = fields.One2many(
        comodel_name="ess.goal",
        inverse_name="beneficiary_id",
        string="Goals",
        domain=[("is_current", "=", True)],
        groups=FILE_GROUPS,
        help="Goals of the current life project, in the order of the person.",
    )

    @api.depends("life_project_ids.state")
    def _compute_life_project_id(self):
        for beneficiary in self:
            current = beneficiary.life_project_ids.filtered(
                lambda project: project.state == "current"
            )
            beneficiary.life_project_id = current[:1]
            beneficiary.has_former_versions = len(beneficiary.life_project_ids) > 1

    @api.depends(
        "life_project_ids.state",
        "life_project_ids.words",
        "life_project_ids.agreement",
    )
    def _compute_life_project_words(self):
        for beneficiary in self:
            project = beneficiary.life_project_id
            beneficiary.life_project_words = project.words
            beneficiary.is_life_project_agreed = project.agreement in AGREED

    @api.depends(
        "life_project_ids.state",
        "life_project_ids.agreement",
        "life_project_ids.agreement_date",
        "life_project_ids.date_review",
    )
    @api.depends_context("lang")
    def _compute_life_project_agreement_text(self):
        answers = dict(
            self.env["ess.life.project"]
            ._fields["agreement"]
            ._description_selection(self.env)
        )
        for beneficiary in self:
            project = beneficiary.life_project_id
            parts = [
                self.env._("Version %s", project.version),
                answers.get(project.agreement, self.env._("Agreement not asked yet")),
                format_date(self.env, project.agreement_date),
                project.date_review
                and self.env._(
                    "review on %s", format_date(self.env, project.date_review)
                ),
            ]
            beneficiary.life_project_agreement_text = project and " · ".join(
                filter(None, parts)
            )

    def _inverse_life_project_words(self):
        projects = self.filtered("life_project_words")._get_or_create_life_project()
        for beneficiary in self:
            project = projects.get(beneficiary.id) or beneficiary.life_project_id
            if project:
                project.words = beneficiary.life_project_words

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        """The word of the association is written in the form."""
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.company.sudo().life_project_word)  # a mere word

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Call the life project what the association calls it."""
        arch, view = super()._get_view(view_id, view_type, **options)
        word = self.env.company.sudo().life_project_word  # a mere word
        if view_type == "form" and word:
            for page in arch.xpath("//page[@name='project']"):
                page.set("string", word)
        return arch, view

    def action_begin_life_project(self):
        """Open version 1, empty: the person's words go in on the file itself."""
        self.ensure_one()
        self._get_or_create_life_project()

    def action_agree_life_project(self):
        """Ask how the person agrees to the current version.

        :rtype: dict
        """
        self.ensure_one()
        return self._get_current_life_project().action_agree()

    def action_print_life_project(self):
        """Print the current version, to read together and sign.

        :rtype: dict
        """
        self.ensure_one()
        return self._get_current_life_project().action_print()

    def action_new_life_project_version(self):
        """Follow the current life project by a new version, on the file itself."""
        self.ensure_one()
        self._get_current_life_project().action_new_version()

    def action_open_life_project(self):
        """Open the current life project in a window: agreement and next review.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ess.life.project"]._get_word(self.company_id),
            "res_model": "ess.life.project",
            "res_id": self.life_project_id.id,
            "view_mode": "form",
            "target": "new",
            "context": {"from_file": True},
        }

    def _get_current_life_project(self):
        """Return the current version.

        :raises UserError: when there is none yet
        """
        self.ensure_one()
        if not self.life_project_id:
            raise UserError(
                self.env._("Write the person's words or a first goal: version 1 opens.")
            )
        return self.life_project_id

    def _get_or_create_life_project(self):
        """Return the current life project of each file, opening version 1 if none.

        :return: {file id: ess.life.project}
        :rtype: dict
        """
        words = {beneficiary.id: beneficiary.life_project_words for beneficiary in self}
        missing = self.filtered(lambda beneficiary: not beneficiary.life_project_id)
        self.env["ess.life.project"].create(
            [
                {"beneficiary_id": beneficiary.id, "words": words[beneficiary.id]}
                for beneficiary in missing
            ]
        )
        self.invalidate_recordset(["life_project_ids", "life_project_id"])
        return {beneficiary.id: beneficiary.life_project_id for beneficiary in self}
