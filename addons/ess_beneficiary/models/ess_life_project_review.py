from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

BATCH = 200


class EssLifeProject(models.Model):
    """Reviews of the life project, reminded once to the referent."""

    _inherit = "ess.life.project"

    # the review for which a reminder was made: the same date is not reminded again
    date_reminded = fields.Date(readonly=True, copy=False)
    review_activity_id = fields.Many2one(
        comodel_name="mail.activity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _review_idx = models.Index("(date_review) WHERE state = 'current'")

    def write(self, vals):
        """Withdraw the reminder of a review that was moved or has taken place."""
        moved = self.browse()
        if "date_review" in vals or vals.get("state") == "superseded":
            new_date = fields.Date.to_date(vals.get("date_review"))
            moved = self.filtered(
                lambda project: (
                    "date_review" not in vals or project.date_review != new_date
                )
            )
        result = super().write(vals)
        # sudo: the reminder belongs to the review, which the user may move
        moved.review_activity_id.sudo().filtered("active").unlink()
        return result

    def _propose_review(self):
        """Return the date proposed for the next review, if the association has one.

        :rtype: date or False
        """
        # sudo: a setting of the association, no fact of a file
        months = self.company_id.sudo().life_project_review_months
        if months <= 0:
            return False
        return fields.Date.context_today(self) + relativedelta(months=months)

    @api.model
    def _cron_remind_reviews(self):
        """Give the referent one activity for each review that is due.

        A review without a referent waits until there is one; its alert shows in the
        file meanwhile. Idempotent and resumable: what was reminded is dated.
        """
        self.flush_model(["state", "date_review", "date_reminded"])
        self.env["ess.beneficiary"].flush_model(["active", "referent_id"])
        self.env.cr.execute(
            """
            SELECT project.id
              FROM ess_life_project AS project
              JOIN ess_beneficiary AS beneficiary
                ON beneficiary.id = project.beneficiary_id
             WHERE project.state = 'current'
               AND project.date_review <= %s
               AND project.date_reminded IS DISTINCT FROM project.date_review
               AND beneficiary.active
               AND beneficiary.referent_id IS NOT NULL
             ORDER BY project.id
            """,
            [fields.Date.context_today(self)],
        )
        due = self.browse(row[0] for row in self.env.cr.fetchall())
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for start in range(0, len(due), BATCH):
            batch = due[start : start + BATCH]
            batch._remind_review()
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break

    def _remind_review(self):
        """Create the reminders; runs as superuser in the job.

        :return: the activities
        """
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        readable = self.filtered(
            lambda project: project.beneficiary_id._is_readable_by(
                project.beneficiary_id.referent_id
            )
        )
        activities = self.env["mail.activity"].create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id("ess.beneficiary"),
                    "res_id": project.beneficiary_id.id,
                    "activity_type_id": todo.id if todo else False,
                    "user_id": project.beneficiary_id.referent_id.id,
                    "summary": project._review_text(),
                    "date_deadline": project.date_review,
                }
                for project in readable
            ]
        )
        for project, activity in zip(readable, activities, strict=True):
            project.write(
                {
                    "date_reminded": project.date_review,
                    "review_activity_id": activity.id,
                }
            )
        return activities

    def _review_text(self):
        """Return the words of the reminder, in the language of who gets it.

        :rtype: str
        """
        lang = self.beneficiary_id.referent_id.lang
        return self.with_context(lang=lang).env._("Look at the project again together")
