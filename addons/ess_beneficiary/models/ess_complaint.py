from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

# Our own choice: no law gives one term for all; GDPR art. 12(3) gives a month too.
ANSWER_MONTHS = 1


class EssComplaint(models.Model):
    """Something that somebody finds wrong, or a decision that they contest.

    Sent by the person on line, on paper, or told to a worker who notes it; a name is
    never needed. It is read and answered outside the team of the person: whoever is
    in that team does not see it. An anonymous one holds no link to a file and no
    trace of who sent or noted it. While it is open, the file waits.
    """

    _name = "ess.complaint"
    _description = "Complaint"
    _inherit = "ess.answer.mixin"
    _order = "state desc, date_due, id desc"
    _rec_name = "kind"

    kind = fields.Selection(
        selection=[("complaint", "Complaint"), ("appeal", "Contested decision")],
        required=True,
        default="complaint",
        index=True,
    )
    decision = fields.Selection(
        selection=[
            ("refusal", "A refusal"),
            ("exclusion", "An exclusion"),
            ("end", "The end of the support"),
            ("other", "Another decision"),
        ],
        string="Which decision",
    )
    beneficiary_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="Person",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: anonymous, or a protected file, which exists for its team only.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    is_anonymous = fields.Boolean(string="Anonymous", readonly=True)
    words = fields.Text(
        string="In their words",
        required=True,
        readonly=True,
        help="What was written or said, not corrected.",
    )
    source = fields.Selection(
        selection=[
            ("portal", "On line"),
            ("spoken", "Said"),
            ("paper", "Letter or form"),
        ],
        string="Came by",
        required=True,
        readonly=True,
        default="spoken",
    )
    date = fields.Date(
        string="Received on",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
    )
    # stored for the list of what is late
    date_due = fields.Date(
        string="Answer before",
        compute="_compute_date_due",
        store=True,
        index=True,
        help="One month after it was received: a choice of the suite.",
    )
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )
    handler_id = fields.Many2one(
        comodel_name="res.users",
        string="Handled by",
        tracking=True,
        domain=[("share", "=", False)],
        ondelete="restrict",
        help="Somebody outside the team of the person.",
    )
    outcome = fields.Selection(
        selection=[
            ("yes", "Well founded"),
            ("partly", "Well founded in part"),
            ("no", "Not well founded"),
        ],
        tracking=True,
    )
    date_answered = fields.Date(string="Answered on", readonly=True, copy=False)

    # === COMPUTE

    @api.depends("date")
    def _compute_date_due(self):
        for complaint in self:
            complaint.date_due = complaint.date and (
                complaint.date + relativedelta(months=ANSWER_MONTHS)
            )

    @api.depends("date_due", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for complaint in self:
            complaint.is_late = bool(
                complaint.state == "open"
                and complaint.date_due
                and complaint.date_due < today
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = [("state", "=", "open"), ("date_due", "<", today)]
        return late if True in value else ["!", "&", *late]

    # === CONSTRAINTS

    @api.constrains("handler_id", "beneficiary_id")
    def _check_handler(self):
        for complaint in self:
            if complaint._is_of_team(complaint.handler_id):
                raise ValidationError(
                    self.env._(
                        "Choose somebody outside the team of the person: a complaint "
                        "is not answered by those whom it may be about."
                    )
                )

    # === ACTIONS

    def action_take(self):
        """Handle the complaint oneself."""
        self.write({"handler_id": self.env.uid})

    def action_reopen(self):
        """Open the complaint again: the answer was not the last word."""
        self.write({"state": "open", "date_answered": False})

    # === BUSINESS

    @api.model
    def _receive(self, person, is_anonymous, **vals):
        """Write a complaint down, so that an anonymous one leads to nobody.

        An anonymous one is written by the system itself, with a day and no hour kept
        in sight, no link to the file and no author.

        :param person: ess.beneficiary of who complains, empty when not known
        :param bool is_anonymous: the person does not want to say who they are
        :param vals: kind, decision, words, source
        :return: the complaint, as superuser
        :rtype: recordset of ess.complaint
        """
        # sudo: whether the file is protected, and its association
        file = person.sudo()
        company = file.company_id or self.env.company
        maker = self.with_user(SUPERUSER_ID) if is_anonymous else self.sudo()
        # a protected file exists for its team only: its complaint carries no link
        hidden = is_anonymous or file.is_protected
        complaint = maker.with_company(company).create(
            {
                **vals,
                "beneficiary_id": False if hidden else file.id,
                "company_id": company.id,
                "is_anonymous": is_anonymous,
            }
        )
        if is_anonymous:
            complaint._forget_authors()
        return complaint

    def _forget_authors(self):
        """Write the system as the author of all rows of anonymous complaints.

        In SQL: what is computed later in the call is signed by its user.
        """
        self.env.flush_all()
        for records in (self, self.message_ids, self.activity_ids):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_uid = %s, write_uid = %s WHERE id = ANY(%s)",
                    SQL.identifier(records._table),
                    SUPERUSER_ID,
                    SUPERUSER_ID,
                    records.ids,
                )
            )
            records.invalidate_recordset(["create_uid", "write_uid"])

    def _is_of_team(self, user):
        """Tell whether a user is in the team of the person who complains.

        :rtype: bool
        """
        # sudo: the team of a file, of which one yes or no comes back
        return bool(user) and user in self.sudo().beneficiary_id.team_user_ids

    def _get_answer_users(self):
        """Ask the officers, or coordination without any, outside the team."""
        users = super()._get_answer_users()
        users = users.filtered(lambda user: not self._is_of_team(user))
        if users:
            return users
        coordination = self.env["res.users"]._get_coordinators(self.company_id)
        return coordination.filtered(lambda user: not self._is_of_team(user))

    def _get_answer_deadline(self):
        return self.date_due

    def _get_summary(self):
        return self.env._("A complaint waits for an answer")

    def _check_answer(self):
        if self._is_of_team(self.env.user):
            raise UserError(
                self.env._("You are in the team of this person: somebody else answers.")
            )
        if not self.outcome or not (self.answer or "").strip():
            raise UserError(
                self.env._(
                    "Write the answer that the person will read, and choose the "
                    "outcome."
                )
            )

    def _prepare_answered(self):
        return super()._prepare_answered() | {
            "date_answered": fields.Date.context_today(self),
            "handler_id": self.handler_id.id or self.env.uid,
        }
