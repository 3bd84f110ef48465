from odoo import api, fields, models
from odoo.exceptions import UserError

from .ess_life_project import AGREED

PROGRESS = [
    ("1", "1 · It is stuck"),
    ("2", "2 · It is difficult"),
    ("3", "3 · It is moving"),
    ("4", "4 · Rather well"),
    ("5", "5 · Going well"),
]
ENDED = ("reached", "partly", "dropped")


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
    # stored for the goals shown on the file
    is_current = fields.Boolean(
        string="In the current life project",
        compute="_compute_is_current",
        store=True,
    )
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

    @api.depends("life_project_id")
    def _compute_beneficiary_id(self):
        for goal in self:
            if goal.life_project_id:
                goal.beneficiary_id = goal.life_project_id.beneficiary_id

    @api.depends("life_project_id.state")
    def _compute_is_current(self):
        for goal in self:
            goal.is_current = goal.life_project_id.state == "current"

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
        return super().create(vals_list)

    def write(self, vals):
        """Date the goals that are reached."""
        vals = dict(vals)
        self._date_the_end(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        for goal in self:
            if goal.life_project_id.agreement in AGREED and not self.env.su:
                raise UserError(
                    self.env._(
                        "The person agreed to this goal: mark it as set aside or "
                        "dropped instead of deleting it."
                    )
                )

    # === BUSINESS

    @api.model
    def _date_the_end(self, vals):
        """Give a day to a goal that becomes reached, and take it back otherwise."""
        if vals.get("state") in ("reached", "partly"):
            vals.setdefault("date_reached", fields.Date.context_today(self))
        elif vals.get("state"):
            vals["date_reached"] = False

    def _is_alive(self):
        """Tell whether the goal goes on in the next version of the life project."""
        self.ensure_one()
        return self.state not in ENDED
