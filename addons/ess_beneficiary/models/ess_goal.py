from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

PROGRESS = [
    ("1", "1 · It is stuck"),
    ("2", "2 · It is difficult"),
    ("3", "3 · It is moving"),
    ("4", "4 · Rather well"),
    ("5", "5 · Going well"),
]
ENDED = ("reached", "partly", "dropped")
# What the person agrees to; marks, dates and states live on.
AGREED_FIELDS = {"words", "rank", "life_project_id"}


class EssGoal(models.Model):
    """Something that a person wants to reach, in their words and their order.

    A goal belongs to a version of the life project; the person ranks it and marks
    its progress, the worker adds a mark beside. A goal reached is an outcome by
    itself: nothing is entered twice.
    """

    _name = "ess.goal"
    _description = "Goal"
    _inherit = "ess.beneficiary.fact"
    _order = "rank, id"
    _rec_name = "words"

    beneficiary_id = fields.Many2one(
        compute="_compute_beneficiary_id", store=True, readonly=False, precompute=True
    )
    life_project_id = fields.Many2one(
        comodel_name="ess.life.project",
        required=True,
        index=True,
        ondelete="cascade",
    )
    previous_id = fields.Many2one(
        comodel_name="ess.goal",
        string="In the previous version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The goal of the version before that this one continues.",
    )
    # stored for the goals shown on the file
    is_current = fields.Boolean(
        string="In the current life project",
        compute="_compute_is_current",
        store=True,
    )
    is_agreed = fields.Boolean(compute="_compute_is_agreed")
    theme_id = fields.Many2one(
        comodel_name="ess.goal.theme", ondelete="restrict", index="btree_not_null"
    )
    words = fields.Char(
        string="Goal",
        required=True,
        help="In the person's words: “a room of my own”, not “access to housing”.",
    )
    rank = fields.Integer(
        default=10, help="Order given by the person: the first matters most."
    )
    date_target = fields.Date(string="Hoped for by")
    date_reached = fields.Date(string="Reached on", copy=False)
    state = fields.Selection(
        selection=[
            ("idea", "Idea"),
            ("chosen", "Chosen"),
            ("in_progress", "Under way"),
            ("reached", "Reached"),
            ("partly", "Partly reached"),
            ("set_aside", "Set aside"),
            ("dropped", "Dropped"),
        ],
        required=True,
        default="chosen",
        copy=True,  # the next version of the life project goes on where it stood
        index=True,
    )
    progress_person = fields.Selection(
        selection=PROGRESS,
        string="Mark of the person",
        help="Where the person places the goal, from 1 to 5.",
    )
    progress_worker = fields.Selection(
        selection=PROGRESS,
        string="Mark of the worker",
        help="Where the worker places the goal; shown beside the person's mark.",
    )

    step_ids = fields.One2many(
        comodel_name="ess.goal.step", inverse_name="goal_id", string="Steps"
    )
    next_step = fields.Char(
        compute="_compute_next_step",
        help="The first step still to do, who does it and by when.",
    )

    @api.depends("life_project_id")
    def _compute_beneficiary_id(self):
        for goal in self:
            if goal.life_project_id:
                goal.beneficiary_id = goal.life_project_id.beneficiary_id

    @api.depends("life_project_id.state")
    def _compute_is_current(self):
        for goal in self:
            goal.is_current = goal.life_project_id.state == "current"

    @api.depends("life_project_id.agreement", "life_project_id.state")
    def _compute_is_agreed(self):
        for goal in self:
            project = goal.life_project_id
            goal.is_agreed = bool(project) and project._is_frozen()

    @api.depends(
        "step_ids.name", "step_ids.date_due", "step_ids.date_done", "step_ids.user_id"
    )
    @api.depends_context("lang")
    def _compute_next_step(self):
        for goal in self:
            steps = goal.step_ids.filtered(lambda step: not step.date_done)
            step = steps.sorted(lambda step: (not step.date_due, step.date_due))[:1]
            due = step.date_due and format_date(self.env, step.date_due)
            parts = [step.name, step._who_text(), due]
            goal.next_step = " · ".join(filter(None, parts))

    @api.onchange("state")
    def _onchange_state(self):
        if self.state in ("reached", "partly"):
            self.date_reached = self.date_reached or fields.Date.context_today(self)

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Open a life project for the people who have none yet."""
        vals_list = [dict(vals) for vals in vals_list]
        missing = {
            vals["beneficiary_id"]
            for vals in vals_list
            if vals.get("beneficiary_id") and not vals.get("life_project_id")
        }
        beneficiaries = self.env["ess.beneficiary"].browse(missing)
        projects = beneficiaries._get_or_create_life_project()
        for vals in vals_list:
            if vals.get("beneficiary_id") and not vals.get("life_project_id"):
                vals["life_project_id"] = projects[vals["beneficiary_id"]].id
            self._date_the_end(vals)
        goals = super().create(vals_list)
        goals._check_not_agreed()
        return goals

    def write(self, vals):
        """Date the goals that are reached; keep what was agreed as it was."""
        vals = dict(vals)
        if AGREED_FIELDS & vals.keys():
            self.filtered(lambda goal: goal._would_change(vals))._check_not_agreed()
        self._date_the_end(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_not_agreed()

    # === BUSINESS

    @api.model
    def _date_the_end(self, vals):
        """Give a day to a goal that becomes reached, and take it back otherwise."""
        if vals.get("state") in ("reached", "partly"):
            vals.setdefault("date_reached", fields.Date.context_today(self))
        elif vals.get("state"):
            vals["date_reached"] = False

    def _would_change(self, vals):
        """Tell whether the values change the words or the rank of the goal."""
        self.ensure_one()
        return any(
            self[name] != vals[name] for name in ("words", "rank") if name in vals
        ) or ("life_project_id" in vals)

    def _check_not_agreed(self):
        """Refuse to touch the goals of an agreed or former version.

        :raises UserError: when one of them belongs to such a version
        """
        if not self.env.su and any(goal.life_project_id._is_frozen() for goal in self):
            raise UserError(
                self.env._(
                    "The person agreed to these goals in this order. Make a new "
                    "version of the project to add, remove, reword or rank them; "
                    "marks, dates and states can change here."
                )
            )

    def _is_alive(self):
        """Tell whether the goal goes on in the next version of the life project."""
        self.ensure_one()
        return self.state not in ENDED
