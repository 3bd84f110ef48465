from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class EssHandover(models.Model):
    """The people whom one worker hands over to another, on one day.

    Prepared by coordination, or by the worker who leaves: it shows which people, and
    what happens to activities and steps, before anything changes. Once done it is the
    trace of who gave which access to whom, and can be undone.
    """

    _name = "ess.handover"
    _description = "Handover"
    _order = "date desc, id desc"

    user_from_id = fields.Many2one(
        comodel_name="res.users",
        string="From",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.uid,
        domain=[("share", "=", False)],
        context={"active_test": False},
    )
    user_to_id = fields.Many2one(
        comodel_name="res.users",
        string="To",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("share", "=", False)],
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    date = fields.Date(
        string="On",
        required=True,
        default=fields.Date.today,
        help="Both read the files that day; from the day after only the new one.",
    )
    reason = fields.Selection(
        selection=[
            ("handover", "Handover"),
            ("staff_left", "The professional left"),
            ("person_asked", "The person asked for it"),
        ],
        required=True,
        default="handover",
    )
    followup_ids = fields.Many2many(
        comodel_name="ess.followup",
        relation="ess_handover_followup_rel",
        string="People handed over",
        compute="_compute_followup_ids",
        store=True,
        readonly=False,
        help="Take out the people who go to somebody else.",
    )
    with_activities = fields.Boolean(string="Move open activities too", default=True)
    with_steps = fields.Boolean(string="Move open steps too", default=True)
    preview = fields.Text(string="What will happen", compute="_compute_preview")
    state = fields.Selection(
        selection=[
            ("draft", "To prepare"),
            ("planned", "Planned"),
            ("done", "Done"),
            ("undone", "Undone"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    # what was changed, to be able to undo it
    started_ids = fields.Many2many(
        comodel_name="ess.followup",
        relation="ess_handover_started_rel",
        readonly=True,
        copy=False,
    )
    activity_ids = fields.Many2many(
        comodel_name="mail.activity", readonly=True, copy=False
    )
    step_ids = fields.Many2many(comodel_name="ess.goal.step", readonly=True, copy=False)

    _users = models.Constraint(
        "CHECK (user_from_id <> user_to_id)",
        "Choose somebody else to hand over to.",
    )

    # === COMPUTE

    @api.depends("user_from_id", "user_to_id", "date")
    def _compute_display_name(self):
        for handover in self:
            handover.display_name = (
                f"{handover.user_from_id.name or ''} → {handover.user_to_id.name or ''}"
            )

    @api.depends("user_from_id")
    def _compute_followup_ids(self):
        for handover in self.filtered(lambda handover: handover.state == "draft"):
            handover.followup_ids = handover._get_places()

    @api.depends("followup_ids", "user_to_id", "with_activities", "with_steps", "date")
    @api.depends_context("lang")
    def _compute_preview(self):
        for handover in self:
            handover.preview = "\n".join(handover._get_preview_lines())

    def _get_preview_lines(self):
        """Say in words what applying the handover does.

        :rtype: list of str
        """
        files = self.followup_ids.beneficiary_id
        lines = [
            self.env._(
                "%(count)s people; %(referent)s of them get a new referent.",
                count=len(files),
                referent=len(self.followup_ids.filtered("is_referent")),
            )
        ]
        both = files.filtered(lambda file: self.user_to_id in file.team_user_ids)
        if both:
            lines.append(
                self.env._(
                    "%(count)s are already followed by both: one follow-up ends.",
                    count=len(both),
                )
            )
        if self.with_activities:
            count = len(self._get_activities())
            lines.append(self.env._("%(count)s open activities move.", count=count))
        if self.with_steps:
            count = len(self._get_steps())
            lines.append(self.env._("%(count)s open steps move.", count=count))
        return lines

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """A worker hands over their own people, coordination anybody's."""
        handovers = super().create(vals_list)
        handovers._check_may_hand_over()
        return handovers

    def write(self, vals):
        """What was done is a trace: only undoing changes it."""
        if not self.env.su and any(handover.state != "draft" for handover in self):
            raise UserError(
                self.env._("This handover is planned or done: undo it, make another.")
            )
        result = super().write(vals)
        self._check_may_hand_over()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(handover.state in ("done", "undone") for handover in self):
            raise UserError(self.env._("A handover that took place is kept."))

    # === ACTIONS

    def action_apply(self):
        """Hand over now, or plan it for its day."""
        for handover in self:
            handover.check_access("write")
            if handover.state != "draft":
                raise UserError(self.env._("This handover was applied already."))
            handover._check_ready()
            if handover.date > fields.Date.today():
                handover.sudo().state = "planned"  # sudo: checked above
            else:
                handover._apply()

    def action_undo(self):
        """Give the people back, as far as nobody changed it since."""
        for handover in self:
            handover.check_access("write")
            if handover.state == "planned":
                handover.sudo().state = "draft"  # sudo: checked above
            elif handover.state == "done":
                handover._undo()
            else:
                raise UserError(self.env._("There is nothing to undo."))

    # === BUSINESS

    def _check_may_hand_over(self):
        """Check that the user may dispose of these follow-ups.

        :raises UserError: for somebody else's people without coordination
        """
        is_manager = self.env.user.has_group(
            "ess_beneficiary.group_beneficiary_manager"
        )
        if self.env.su or is_manager:
            return
        for handover in self:
            if handover.user_from_id != self.env.user:
                raise UserError(
                    self.env._("You hand over your own people; ask coordination.")
                )

    def _check_ready(self):
        """Check that the handover makes sense and that the new worker may follow.

        :raises UserError: saying what to change
        """
        self.ensure_one()
        if not self.followup_ids:
            raise UserError(self.env._("Choose the people to hand over."))
        user = self.user_to_id
        if not user.active or not user.has_group(
            "ess_beneficiary.group_beneficiary_officer"
        ):
            raise UserError(
                self.env._(
                    "%(user)s has no profile that follows people: give one first.",
                    user=user.name,
                )
            )
        if self.company_id not in user.company_ids:
            raise UserError(
                self.env._("%(user)s works in another association.", user=user.name)
            )
        # checked as the user, who must be able to fill in each file
        self.followup_ids.beneficiary_id.check_access("write")
        if self.followup_ids.user_id != self.user_from_id:
            raise UserError(
                self.env._(
                    "Some of these follow-ups are not those of %(user)s.",
                    user=self.user_from_id.name,
                )
            )

    def _get_activities(self):
        """Return the open activities of the worker on these files.

        :rtype: recordset of mail.activity
        """
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "ess.beneficiary"),
                ("res_id", "in", self.followup_ids.beneficiary_id.ids),
                ("user_id", "=", self.user_from_id.id),
            ]
        )

    def _get_steps(self):
        """Return the open steps of the worker on these files.

        :rtype: recordset of ess.goal.step
        """
        return self.env["ess.goal.step"].search(
            [
                ("beneficiary_id", "in", self.followup_ids.beneficiary_id.ids),
                ("user_id", "=", self.user_from_id.id),
                ("date_done", "=", False),
            ]
        )

    def _apply(self):
        """End the follow-ups, start the new ones, then move what is open."""
        self.ensure_one()
        # sudo: `action_apply` has checked the rights on each file
        handover = self.sudo()
        old = handover.followup_ids
        started = handover._start_followups(old)
        for date_to, ended in (
            handover._get_ended_here()
            .grouped(lambda followup: max(handover.date, followup.date_from))
            .items()
        ):
            ended.write({"date_to": date_to, "end_reason": handover.reason})
        handover.env.flush_all()
        steps = handover._get_steps() if handover.with_steps else handover.step_ids
        steps.write({"user_id": handover.user_to_id.id})
        # after the steps, which move their own activities
        activities = (
            handover._get_activities()
            if handover.with_activities
            else handover.activity_ids
        )
        activities.write({"user_id": handover.user_to_id.id})
        handover.write(
            {
                "state": "done",
                "started_ids": [fields.Command.set(started.ids)],
                "activity_ids": [fields.Command.set(activities.ids)],
                "step_ids": [fields.Command.set(steps.ids)],
            }
        )

    def _start_followups(self, old):
        """Open the follow-ups of the new worker in the same roles.

        :param old: ess.followup, those that end
        :return: the new follow-ups
        """
        already = (
            self.env["ess.followup"]
            .search(
                [
                    ("beneficiary_id", "in", old.beneficiary_id.ids),
                    ("user_id", "=", self.user_to_id.id),
                    ("date_to", "=", False),
                ]
            )
            .grouped("beneficiary_id")
        )
        for followup in old.filtered("is_referent"):
            if followup.beneficiary_id in already:
                already[followup.beneficiary_id].is_referent = True
        return self.env["ess.followup"].create(
            [
                {
                    "beneficiary_id": followup.beneficiary_id.id,
                    "user_id": self.user_to_id.id,
                    "role": followup.role,
                    "is_referent": followup.is_referent,
                    "date_from": self.date,
                }
                for followup in old
                if followup.beneficiary_id not in already
            ]
        )

    def _undo(self):
        """Put back what was moved and is still where the handover put it."""
        self.ensure_one()
        handover = self.sudo()  # sudo: `action_undo` has checked the rights
        if not handover.user_from_id.active:
            raise UserError(
                self.env._(
                    "%(user)s has left: hand over to somebody else instead.",
                    user=handover.user_from_id.name,
                )
            )
        handover._get_ended_here().write({"date_to": False, "end_reason": False})
        handover.env.flush_all()
        for records in (handover.step_ids, handover.activity_ids):
            moved = records.exists().filtered(
                lambda record: record.user_id == handover.user_to_id
            )
            moved.write({"user_id": handover.user_from_id.id})
        today = fields.Date.today()
        started = handover.started_ids.exists()
        # access goes at once, not at the end of the day
        fresh = started.filtered(lambda followup: followup.date_from >= today)
        (started - fresh).write(
            {"date_to": today - timedelta(days=1), "end_reason": "error"}
        )
        fresh.unlink()
        handover.state = "undone"

    @api.model
    def _cron_apply(self):
        """Apply the planned handovers whose day has come."""
        due = self.search(
            [("state", "=", "planned"), ("date", "<=", fields.Date.today())]
        )
        for handover in due:
            handover._apply()
            if not self.env["ir.cron"]._commit_progress(1):
                break
