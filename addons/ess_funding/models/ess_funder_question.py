from odoo import api, fields, models
from odoo.tools import plaintext2html


class EssFunderQuestion(models.Model):
    """A question that a funder or an observer asks on line, and the answer.

    Written by their contact in the space; the officer answers, and both stay.
    """

    _name = "ess.funder.question"
    _description = "Question of a funder"
    _order = "id desc"
    _check_company_auto = True

    funder_id = fields.Many2one(
        comodel_name="res.partner",
        string="Asked by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    grant_id = fields.Many2one(
        comodel_name="ess.grant",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    observer_id = fields.Many2one(
        comodel_name="ess.observer",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    words = fields.Text(string="Question", required=True, readonly=True)
    answer = fields.Text(help="The funder reads it in its space.")
    answered_at = fields.Datetime(string="Answered on", readonly=True, copy=False)

    @api.depends("funder_id", "words")
    def _compute_display_name(self):
        for question in self:
            question.display_name = (question.words or "")[:60]

    def write(self, vals):
        """Keep since when there is an answer."""
        if "answer" in vals:
            vals = vals | {
                "answered_at": fields.Datetime.now() if vals["answer"] else False
            }
        return super().write(vals)

    def _tell_officer(self):
        """Whoever follows the grant finds the question in their activities."""
        for question in self.filtered("grant_id"):
            grant = question.grant_id
            user = grant.user_id
            if user.active and not user.share:
                grant.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Question of the funder"),
                    note=plaintext2html(question.words),
                    user_id=user.id,
                )
