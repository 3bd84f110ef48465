from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class EssFollowup(models.Model):
    """One place in the team around a person: who, in which role, from when to when.

    A user in force today can read and fill in the file; access ends with the
    follow-up. People without a login (a mentor, a relative, a partner service)
    are contacts. Lines are ended with a reason, never deleted.
    """

    _name = "ess.followup"
    _description = "Follow-up"
    _inherit = "ess.beneficiary.fact"
    # Checked before the line exists: once it does, the rule on files would see the
    # newcomer in the team.
    _file_access = "write"
    _order = "is_referent desc, date_to nulls first, date_from desc, id desc"

    user_id = fields.Many2one(
        comodel_name="res.users",
        ondelete="restrict",
        domain=[("share", "=", False)],
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        ondelete="restrict",
        help="For people around who have no login here.",
    )
    role = fields.Selection(
        selection=[
            ("referent", "Referent"),
            ("co_referent", "Co-referent"),
            ("social_worker", "Social worker"),
            ("job_coach", "Job coach"),
            ("health", "Health professional"),
            ("mentor", "Mentor"),
            ("volunteer", "Volunteer"),
            ("lawyer", "Lawyer"),
            ("school", "School"),
            ("guardian", "Guardian"),
            ("relative", "Relative chosen by the person"),
            ("partner", "Outside partner"),
        ],
        required=True,
        default="social_worker",
    )
    is_referent = fields.Boolean(
        string="Answers for the follow-up",
        help="The last one to be marked so is shown as the referent of the file.",
    )
    date_from = fields.Date(string="Since", required=True, default=fields.Date.today)
    date_to = fields.Date(string="Until", help="Last day, included.")
    end_reason = fields.Selection(
        selection=[
            ("handover", "Handover"),
            ("staff_left", "The professional left"),
            ("programme_left", "Left the programme"),
            ("person_asked", "The person asked for it"),
            ("error", "Entered by mistake"),
        ],
    )

    _who = models.Constraint(
        "CHECK ((user_id IS NULL) <> (partner_id IS NULL))",
        "Choose either a user or a contact.",
    )
    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A follow-up cannot end before it starts."
    )
    # Whose files are mine: asked by every list, answered without reading the lines.
    _user_files_idx = models.Index(
        "(user_id) INCLUDE (beneficiary_id, date_from, date_to)"
        " WHERE user_id IS NOT NULL"
    )
    _user_active_uniq = models.UniqueIndex(
        "(beneficiary_id, user_id) WHERE date_to IS NULL AND user_id IS NOT NULL",
        "This user already follows this person.",
    )
    _partner_active_uniq = models.UniqueIndex(
        "(beneficiary_id, partner_id) WHERE date_to IS NULL AND partner_id IS NOT NULL",
        "This contact already follows this person.",
    )

    @api.depends("user_id", "partner_id", "role")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for followup in self:
            who = followup.user_id.name or followup.partner_id.name or ""
            followup.display_name = f"{who} ({roles.get(followup.role, '')})"

    @api.constrains("date_to", "end_reason")
    def _check_end_reason(self):
        for followup in self:
            if followup.date_to and not followup.end_reason:
                raise ValidationError(
                    self.env._("Say why the follow-up ends before you date its end.")
                )

    @api.onchange("role")
    def _onchange_role(self):
        if self.role == "referent":
            self.is_referent = True

    def _is_active_on(self, date):
        """Tell whether the follow-up is in force on that day.

        :param date date: the day, both ends included
        :rtype: bool
        """
        self.ensure_one()
        return bool(
            (not self.date_from or self.date_from <= date)
            and (not self.date_to or self.date_to >= date)
        )

    @api.model
    def _end_for_lost_users(self, users=None):
        """End the follow-ups of users who left or may not follow anybody any more.

        Their access has ended already; this keeps the team of the file true, so that
        a file without a referent shows as such.

        :param users: res.users to look at, all of them by default
        :return: the follow-ups ended
        """
        today = fields.Date.today()
        domain = [
            ("user_id", "!=", False),
            "|",
            ("date_to", "=", False),
            ("date_to", ">", today),
        ]
        if users is not None:
            domain.append(("user_id", "in", users.ids))
        # sudo: a team follows the rights that an administrator has just taken away
        followups = self.sudo().with_context(active_test=False).search(domain)
        lost = followups.filtered(lambda line: not line.user_id._may_follow_people())
        lost -= self._get_last_named(lost.user_id)
        yesterday = today - timedelta(days=1)
        for date_to, ended in lost.grouped(
            lambda followup: max(yesterday, followup.date_from)
        ).items():
            ended.write({"date_to": date_to, "end_reason": "staff_left"})
        return lost

    def _tell_coordination(self):
        """Tell the coordination that people have lost their referent: how many, whose.

        The people wait under “Without referent”, and a handover takes them all.
        """
        # sudo: numbers of files, for those who may hand them over
        for company, lost in self.sudo().grouped("company_id").items():
            files = lost.filtered("is_referent").beneficiary_id.filtered(
                lambda file: (
                    file.active and not file.referent_id and not file.is_protected
                )
            )
            told = self.env["res.users"]._get_coordinators(company)
            if not files or not told:
                continue
            who = ", ".join(lost.user_id.mapped("name"))
            self.env["mail.thread"].sudo().message_notify(
                partner_ids=told.partner_id.ids,
                subject=self.env._("%s follows nobody any more", who),
                body=self.env._(
                    "%(count)s people have lost their referent. Hand them over "
                    "together: People › Files › Handovers.",
                    count=len(files),
                ),
                email_layout_xmlid="mail.mail_notification_light",
            )
