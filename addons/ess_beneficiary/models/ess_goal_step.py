from odoo import api, fields, models


class EssGoalStep(models.Model):
    """One thing to do for a goal: who does what, by when.

    Agreed between the person and the team when they speak of a goal. A step of a
    worker is also an activity on the file, so that it shows where that worker looks
    every morning; finishing one finishes the other. Steps still to do follow their
    goal into the next version of the life project.
    """

    _name = "ess.goal.step"
    _description = "Step"
    _inherit = "ess.beneficiary.fact"
    _order = "date_done desc nulls first, date_due nulls last, id"

    beneficiary_id = fields.Many2one(
        compute="_compute_beneficiary_id", store=True, readonly=False, precompute=True
    )
    goal_id = fields.Many2one(
        comodel_name="ess.goal", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(
        string="What to do",
        required=True,
        help="One thing that can be done: “call the town hall for the form”.",
    )
    who = fields.Selection(
        selection=[
            ("person", "The person"),
            ("worker", "A worker"),
            ("other", "Someone else"),
        ],
        string="Who does it",
        required=True,
        default="worker",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Worker",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        domain=[("share", "=", False)],
        help="Gets an activity on the file. Only someone who can read the file.",
    )
    who_else = fields.Char(
        string="Who else", help="For example: the mission locale, her sister."
    )
    date_due = fields.Date(string="By")
    date_done = fields.Date(string="Done on", copy=False)
    is_done = fields.Boolean(
        string="Done", compute="_compute_is_done", inverse="_inverse_is_done"
    )
    activity_id = fields.Many2one(
        comodel_name="mail.activity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _worker = models.Constraint(
        "CHECK (user_id IS NULL OR who = 'worker')",
        "Only a step of a worker has a user.",
    )

    # === COMPUTE

    @api.depends("goal_id")
    def _compute_beneficiary_id(self):
        for step in self:
            if step.goal_id:
                step.beneficiary_id = step.goal_id.beneficiary_id

    @api.depends("who")
    def _compute_user_id(self):
        """Propose the user who writes the step; nobody for the steps of others."""
        user = self.env["res.users"]
        if not self.env.user._is_superuser() and self.env.user._is_internal():
            user = self.env.user
        for step in self:
            step.user_id = (step.user_id or user) if step.who == "worker" else False

    @api.depends("date_done")
    def _compute_is_done(self):
        for step in self:
            step.is_done = bool(step.date_done)

    def _inverse_is_done(self):
        for step in self:
            if step.is_done != bool(step.date_done):
                step.date_done = step.is_done and fields.Date.context_today(step)

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Put the steps to do of workers among their activities."""
        steps = super().create(vals_list)
        steps._schedule_activities()
        return steps

    def write(self, vals):
        """Keep the activity in step: done here is done there, and the reverse."""
        result = super().write(vals)
        if "date_done" in vals:
            done = self.filtered("date_done")
            # sudo: whoever may write the step may close the activity made from it
            done.activity_id.sudo().filtered("active")._action_done()
        if {"date_done", "user_id", "who", "date_due", "name"} & vals.keys():
            self._follow_with_activities()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_activities(self):
        # sudo: whoever may delete the step may cancel the activity made from it
        self.activity_id.sudo().filtered("active").unlink()

    # === BUSINESS

    def _follow_with_activities(self):
        """Bring the activities in line with steps that changed."""
        open_steps = self.filtered(lambda step: not step.date_done)
        for step in open_steps:
            # sudo: the activity is the shadow of the step, which the user may write
            activity = step.activity_id.sudo()
            if activity.active and not step.user_id:
                activity.unlink()
            elif activity.active:
                activity.write(step._prepare_activity_values())
        open_steps._schedule_activities()

    def _schedule_activities(self):
        """Create the activities that are missing, in one go."""
        missing = self.filtered(
            lambda step: (
                step.user_id
                and not step.date_done
                # sudo: whether it is there, whoever it was given to
                and not step.activity_id.sudo().active
            )
        )
        model = self.env["ir.model"]._get_id("ess.beneficiary")
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        activities = self.env["mail.activity"].create(
            [
                {
                    **step._prepare_activity_values(),
                    "res_model_id": model,
                    "res_id": step.beneficiary_id.id,
                    "activity_type_id": todo.id if todo else False,
                }
                for step in missing
            ]
        )
        for step, activity in zip(missing, activities, strict=True):
            step.activity_id = activity

    def _who_text(self):
        """Say who does it, in a few words.

        :rtype: str
        """
        if not self:
            return ""
        self.ensure_one()
        if self.who == "worker":
            return self.user_id.name or ""
        if self.who == "other" and self.who_else:
            return self.who_else
        return dict(self._fields["who"]._description_selection(self.env))[self.who]

    def _prepare_activity_values(self):
        """Return what the activity says of the step: the step, not the goal.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "summary": self.name,
            "user_id": self.user_id.id,
            "date_deadline": self.date_due or fields.Date.context_today(self),
        }

    @api.model
    def _mark_done_from(self, activities):
        """Finish the steps whose activity was marked as done.

        :param activities: recordset of mail.activity
        """
        # sudo: the one who was asked to do it says that it is done
        steps = self.sudo().search(
            [("activity_id", "in", activities.ids), ("date_done", "=", False)]
        )
        if steps:
            steps.date_done = fields.Date.context_today(self)
