from odoo import api, fields, models

# When no law gives a date: our own choice.
ANSWER_DAYS = 7


class EssAnswerMixin(models.AbstractModel):
    """Something that a person asks and that somebody outside their team answers.

    Made by the person or in their name; those who answer (the data-protection
    officers, unless a model says otherwise) get an activity, which is done for all of
    them once one has answered in words that the person reads.
    """

    _name = "ess.answer.mixin"
    _description = "Question with an answer"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    state = fields.Selection(
        selection=[("open", "To answer"), ("answered", "Answered")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    answer = fields.Text(help="What the person will be told.")

    @api.model_create_multi
    def create(self, vals_list):
        """Open the questions and give those who answer something to do."""
        questions = super(
            EssAnswerMixin, self.with_context(mail_create_nosubscribe=True)
        ).create([dict(vals, state="open") for vals in vals_list])
        for question in questions:
            question._ask_for_answer()
        return questions.with_env(self.env)

    def action_answer(self):
        """Close the questions once there is an answer that the person can read."""
        for question in self:
            question._check_answer()
            question.write(question._prepare_answered())
            # sudo: the activities of the others who could have answered are done too
            question.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def _check_answer(self):
        """Refuse an answer that is not ready. Override.

        :raises UserError: what is missing
        """
        raise NotImplementedError

    def _prepare_answered(self):
        """Return what is written when the question is answered.

        :rtype: dict
        """
        return {"state": "answered"}

    def _get_summary(self):
        """Return what there is to do, without a word of the file. Override.

        :rtype: str
        """
        raise NotImplementedError

    def _get_answer_users(self):
        """Return who is asked for an answer: the officers of the association.

        :rtype: recordset of res.users
        """
        self.ensure_one()
        return self.env["ess.access.seal"]._get_officers(self.company_id)

    def _get_answer_deadline(self):
        """Return the day by which to answer; in a week unless a law says otherwise.

        :rtype: date
        """
        return fields.Date.add(fields.Date.context_today(self), days=ANSWER_DAYS)

    def _ask_for_answer(self):
        """Plan an activity for each of those who may answer."""
        self.ensure_one()
        deadline = self._get_answer_deadline()
        for user in self._get_answer_users():
            # sudo: the person and workers plan nothing for others elsewhere; no word
            # of the file is in it
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=deadline,
                summary=self._get_summary(),
                user_id=user.id,
            )
