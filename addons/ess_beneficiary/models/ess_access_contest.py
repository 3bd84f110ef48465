from odoo import api, fields, models
from odoo.exceptions import UserError


class EssAccessContest(models.Model):
    """A reading of a file that somebody finds wrong, and what was answered.

    Written from a line of the access log by whoever follows the person, in the
    person's words, later by the person on the portal. The data-protection officers
    get an activity; they answer, and decide whether the name of the reader is given.
    """

    _name = "ess.access.contest"
    _description = "Contested reading"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "log_date"

    log_id = fields.Many2one(
        comodel_name="ess.access.log",
        string="Reading",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    # copied: they stay readable for whoever may not read the line any more
    log_date = fields.Datetime(string="Read on", related="log_id.date", store=True)
    beneficiary_id = fields.Many2one(
        related="log_id.beneficiary_id", store=True, index=True
    )
    company_id = fields.Many2one(related="log_id.company_id", store=True, index=True)
    reason = fields.Text(
        string="What seems wrong",
        required=True,
        help="In the words of the person. For example: this worker is a neighbour.",
    )
    state = fields.Selection(
        selection=[("open", "To answer"), ("answered", "Answered")],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
    )
    answer = fields.Text(help="What the person will be told.")
    is_name_given = fields.Boolean(
        string="Tell the name of the reader",
        tracking=True,
        help="The person then sees who it was. To be weighed against the protection "
        "of the employee (CJEU C-579/21).",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give each data-protection officer something to do."""
        contests = super(
            EssAccessContest, self.with_context(mail_create_nosubscribe=True)
        ).create([dict(vals, state="open") for vals in vals_list])
        for contest in contests:
            contest._ask_officers()
        return contests.with_env(self.env)

    def action_save(self):
        """Close the window: the line is saved, the officers are told."""
        return {"type": "ir.actions.act_window_close"}

    def action_answer(self):
        """Close the contest once the answer is written."""
        for contest in self:
            if not (contest.answer or "").strip():
                raise UserError(
                    self.env._("Write the answer that the person will read first.")
                )
            contest.state = "answered"
            # sudo: the other officers' activities on this contest are done too
            contest.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def _ask_officers(self):
        """Plan an activity for the officers of the association, within a month."""
        self.ensure_one()
        officers = self.env["ess.access.seal"]._get_officers(self.company_id)
        for officer in officers:
            # sudo: the user writes no activity for others elsewhere; no word of the
            # file is in it
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("A reading of a file is contested"),
                user_id=officer.id,
            )
