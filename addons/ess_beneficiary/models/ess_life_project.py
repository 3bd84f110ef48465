from odoo import api, fields, models
from odoo.exceptions import UserError

AGREED = ("signed", "oral", "interpreter")


class EssLifeProject(models.Model):
    """One version of what a person wants for their life, in their own words.

    It is the person's, noted by a worker or by the person. One version is current;
    when life changes a new version takes its place and copies the goals on, and
    the former one stays readable. Once a version is agreed its words no longer
    change. No service waits for an agreement.
    """

    _name = "ess.life.project"
    _description = "Life project"
    _inherit = "ess.beneficiary.fact"
    _order = "beneficiary_id, version desc, id desc"

    version = fields.Integer(default=1, required=True, readonly=True, copy=False)
    previous_id = fields.Many2one(
        comodel_name="ess.life.project",
        string="Previous version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    words = fields.Text(
        string="Own words",
        help="What the person says, as they say it: never corrected.",
    )
    date = fields.Date(
        string="Noted on", required=True, default=fields.Date.context_today
    )
    date_review = fields.Date(
        string="Next review", help="When to look at it again together."
    )
    state = fields.Selection(
        selection=[
            ("draft", "Being written"),
            ("current", "Current"),
            ("superseded", "Former version"),
        ],
        required=True,
        default="current",
        copy=False,
    )
    agreement = fields.Selection(
        selection=[
            ("signed", "Signed"),
            ("oral", "Agreed aloud"),
            ("interpreter", "Agreed aloud with an interpreter"),
            ("not_wanted", "Does not wish to sign"),
            ("not_able", "Cannot sign"),
        ],
        copy=False,
        help="How the person agreed to this version. Empty: not asked yet.",
    )
    agreement_note = fields.Char(
        string="Said to whom, or reason",
        copy=False,
        help="Who noted the spoken agreement, or why the person cannot sign.",
    )
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Noted by",
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    goal_ids = fields.One2many(
        comodel_name="ess.goal", inverse_name="life_project_id", string="Goals"
    )

    _current_uniq = models.UniqueIndex(
        "(beneficiary_id) WHERE state = 'current'",
        "A person has one current life project: make a new version of it.",
    )
    _version_uniq = models.UniqueIndex(
        "(beneficiary_id, version)", "This version of the life project already exists."
    )

    @api.depends("beneficiary_id", "version")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for project in self:
            project.display_name = self.env._(
                "%(project)s of %(person)s, version %(version)s",
                project=self._get_word(project.company_id),
                person=project.beneficiary_id.display_name or "",
                version=project.version,
            )

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Number the versions and retire the current ones that they replace."""
        vals_list = [dict(vals) for vals in vals_list]
        last = dict(
            # sudo: numbers of versions, of files that the rule checks right after
            self.sudo()._read_group(
                [
                    (
                        "beneficiary_id",
                        "in",
                        [v.get("beneficiary_id") for v in vals_list],
                    )
                ],
                ["beneficiary_id"],
                ["version:max"],
            )
        )
        numbers = {person.id: number for person, number in last.items()}
        for vals in vals_list:
            person = vals.get("beneficiary_id")
            numbers[person] = numbers.get(person, 0) + 1
            vals["version"] = numbers[person]
        return super().create(vals_list)

    def write(self, vals):
        """Keep agreed words as they were agreed."""
        if "words" in vals and not self.env.su:
            for project in self:
                if (project.words or "") == (vals["words"] or ""):
                    continue
                if project._is_frozen():
                    raise UserError(
                        self.env._(
                            "The person agreed to these words. Make a new version "
                            "to write other ones."
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        if not self.env.su and any(project._is_frozen() for project in self):
            raise UserError(
                self.env._("A version that was agreed or replaced stays in the file.")
            )

    # === ACTIONS

    def action_new_version(self):
        """Retire the version and open the next one, with the goals still alive.

        :return: action that opens the new version
        :rtype: dict
        """
        self.ensure_one()
        if self.state != "current":
            raise UserError(
                self.env._("Only the current version can be followed by a new one.")
            )
        self.state = "superseded"
        self.flush_recordset(["state"])
        project = self.copy(
            {
                "previous_id": self.id,
                "state": "current",
                "date": fields.Date.context_today(self),
                "date_review": self._propose_review(),
                "author_id": self.env.uid,
            }
        )
        self._carry_on_goals(project)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": project.id,
            "view_mode": "form",
        }

    # === BUSINESS

    def _is_frozen(self):
        """Tell whether words and goals may no longer change: agreed, or replaced.

        :rtype: bool
        """
        self.ensure_one()
        return self.agreement in AGREED or self.state == "superseded"

    def _carry_on_goals(self, project):
        """Copy the goals still alive to the new version, with their steps to do.

        :param project: ess.life.project, the new version
        """
        self.ensure_one()
        alive = self.goal_ids.filtered(lambda goal: goal._is_alive())
        for goal, following in zip(
            alive, alive.copy({"life_project_id": project.id}), strict=True
        ):
            following.previous_id = goal
            goal.step_ids.filtered(lambda step: not step.date_done).write(
                {"goal_id": following.id}
            )

    @api.model
    def _get_word(self, company):
        """Return what the association calls a life project. Override to ask elsewhere.

        :param company: res.company
        :rtype: str
        """
        # sudo: a word of the association, no fact of a file
        return company.sudo().life_project_word or self.env._("Life project")
