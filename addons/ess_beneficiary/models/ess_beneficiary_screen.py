from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from .ess_beneficiary import FILE_GROUPS


class EssBeneficiary(models.Model):
    """What the first screen of the file tells at a glance."""

    _inherit = "ess.beneficiary"

    next_things = fields.Html(
        string="What comes next", compute="_compute_next_things", groups=FILE_GROUPS
    )
    asked_things = fields.Html(
        string="What was asked",
        compute="_compute_asked_things",
        groups=FILE_GROUPS,
        help="What brought the person here, while there is no project.",
    )
    people_around = fields.Html(compute="_compute_people_around", groups=FILE_GROUPS)

    @api.depends(
        "activity_ids.date_deadline",
        "life_project_ids.date_review",
        "goal_ids.date_target",
        "goal_ids.state",
        "goal_ids.step_ids.date_due",
        "goal_ids.step_ids.date_done",
    )
    @api.depends_context("uid", "lang")
    def _compute_next_things(self):
        for beneficiary in self:
            beneficiary.next_things = beneficiary._render_lines(
                [
                    (format_date(self.env, date), text)
                    for date, text in sorted(beneficiary._get_next_things())[:6]
                ],
                self.env._("Nothing planned yet."),
            )

    @api.depends("followup_ids.date_to", "followup_ids.role")
    @api.depends_context("lang")
    def _compute_people_around(self):
        today = fields.Date.context_today(self)
        roles = dict(
            self.env["ess.followup"]._fields["role"]._description_selection(self.env)
        )
        for beneficiary in self:
            active = beneficiary.followup_ids.filtered(
                lambda followup: followup._is_active_on(today)
            )
            beneficiary.people_around = beneficiary._render_lines(
                [
                    (
                        followup.user_id.name or followup.partner_id.name or "",
                        roles.get(followup.role, ""),
                    )
                    for followup in active.sorted("is_referent", reverse=True)
                ],
                self.env._("Nobody yet: add someone under “Follow-up”."),
            )

    @api.depends("intake", "create_date")
    @api.depends_context("lang", "uid")
    def _compute_asked_things(self):
        for beneficiary in self:
            beneficiary.asked_things = beneficiary._render_lines(
                [
                    (format_date(self.env, date), text)
                    for date, text in sorted(beneficiary._get_asked_things())
                ],
                self.env._("Nothing noted."),
            )

    def _get_asked_things(self):
        """List what the person asked. Override to add requests, enrolments…

        :return: pairs (date, text), in any order
        :rtype: list of tuple
        """
        self.ensure_one()
        if not self.intake or not self.create_date:
            return []
        labels = dict(self._fields["intake"]._description_selection(self.env))
        day = fields.Datetime.context_timestamp(self, self.create_date).date()
        return [(day, self.env._("Came through: %s", labels[self.intake]))]

    def _get_next_things(self):
        """List what comes next for the person. Override to add meetings, papers…

        :return: pairs (date, text), in any order
        :rtype: list of tuple
        """
        self.ensure_one()
        things = [
            (
                activity.date_deadline,
                activity.summary or activity.activity_type_id.name or "",
            )
            for activity in self.activity_ids
        ]
        review = self.life_project_id.date_review
        if review:
            things.append((review, self.env._("Look at the life project again")))
        things += [
            (goal.date_target, goal.words or "")
            for goal in self.goal_ids
            if goal.date_target and goal._is_alive()
        ]
        # the steps of workers are among the activities
        things += [
            (step.date_due, f"{step.name} ({step._who_text()})")
            for step in self.goal_ids.step_ids
            if step.date_due and not step.date_done and step.who != "worker"
        ]
        return things

    @api.model
    def _render_lines(self, lines, empty):
        """Return a short list as HTML: first part in bold, the rest beside.

        :param list lines: pairs (text, text), escaped here
        :param str empty: sentence shown without lines
        :rtype: Markup
        """
        if not lines:
            return Markup('<p class="text-muted mb-0">%s</p>') % empty
        items = Markup("").join(
            Markup("<li><strong>%s</strong> <span>%s</span></li>") % line
            for line in lines
        )
        return Markup('<ul class="o_ess_list">%s</ul>') % items
