from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

# Written by the suite, never typed.
KEPT_BY_THE_JOB = ("author_id", "date_reminded", "reminder_number")


class EssDocument(models.Model):
    """One paper of the person: what it is, its file, until when it is valid.

    Added by a worker, often a photo taken with the phone. Before it expires the
    referent is asked once to renew it; the renewed paper replaces the former one,
    which is archived. A copy that is no longer needed is deleted: keep no paper for
    the sake of it. Its file is an attachment that follows the rights of this line.
    """

    _name = "ess.document"
    _description = "Document"
    _inherit = "ess.beneficiary.fact"
    _order = "date_expiry, id desc"
    _rec_names_search = ["name"]

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index="trigram",
    )
    type_id = fields.Many2one(
        comodel_name="ess.document.type",
        required=True,
        index=True,
        ondelete="restrict",
    )
    advice = fields.Char(related="type_id.note")
    file = fields.Binary(
        string="Photo or file", attachment=True, help="A photo or a scan."
    )
    file_name = fields.Char()
    date_issued = fields.Date(string="Issued on")
    date_expiry = fields.Date(
        string="Valid until",
        compute="_compute_date_expiry",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Last day. Filled in from the day of issue when the type says so.",
    )
    # stored for the job that reminds
    date_reminder = fields.Date(
        string="Reminder on",
        compute="_compute_date_reminder",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    date_reminded = fields.Date(string="Reminded on", readonly=True, copy=False)
    # not a link: its name, which Odoo reads as superuser, is not for all readers
    reminder_number = fields.Integer(readonly=True, copy=False)
    validity_state = fields.Selection(
        selection=[
            ("valid", "Valid"),
            ("soon", "Expires soon"),
            ("expired", "Expired"),
        ],
        string="Validity",
        compute="_compute_validity_state",
        search="_search_validity_state",
    )
    visibility = fields.Selection(
        selection=[
            ("shared", "The person and the team"),
            ("team", "Follow-up team"),
        ],
        string="Read by",
        compute="_compute_visibility",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    # stored for record rules
    never_leaves = fields.Boolean(related="type_id.never_leaves", store=True)
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Added by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    replaces_id = fields.Many2one(
        comodel_name="ess.document",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    exclusion_ids = fields.One2many(
        comodel_name="ess.copy.exclusion",
        inverse_name="document_id",
        string="Left out of the copy",
    )
    note = fields.Char(help="For example: the original is in the locker.")
    active = fields.Boolean(default=True)

    _dates = models.Constraint(
        "CHECK (date_expiry >= date_issued)",
        "A document cannot expire before it was issued.",
    )

    # === COMPUTE

    @api.depends("type_id")
    def _compute_name(self):
        for document in self:
            document.name = document.name or document.type_id.name

    @api.depends("type_id", "date_issued")
    def _compute_date_expiry(self):
        for document in self:
            expiry = document.type_id and document.type_id._get_expiry(
                document.date_issued
            )
            document.date_expiry = expiry or document.date_expiry

    @api.depends("date_expiry", "type_id.reminder_months")
    def _compute_date_reminder(self):
        for document in self:
            document.date_reminder = document.date_expiry and (
                document.date_expiry
                - relativedelta(months=document.type_id.reminder_months)
            )

    @api.depends("date_expiry", "date_reminder")
    def _compute_validity_state(self):
        today = fields.Date.context_today(self)
        for document in self:
            if not document.date_expiry:
                document.validity_state = False
            elif document.date_expiry < today:
                document.validity_state = "expired"
            else:
                late = document.date_reminder <= today
                document.validity_state = "soon" if late else "valid"

    @api.model
    def _search_validity_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        ended = Domain("date_expiry", "<", today)
        reminded = Domain("date_reminder", "<=", today)
        dated = Domain("date_expiry", "!=", False)
        domains = {
            "expired": ended,
            "soon": dated & ~ended & reminded,
            "valid": dated & ~ended & ~reminded,
            False: ~dated,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("type_id")
    def _compute_visibility(self):
        for document in self:
            document.visibility = document.type_id.visibility or "team"

    # === CONSTRAINTS

    @api.constrains("type_id", "visibility")
    def _check_never_leaves(self):
        for document in self:
            if document.type_id.never_leaves and document.visibility != "team":
                raise ValidationError(
                    self.env._(
                        "This type of document never leaves the file: only the "
                        "follow-up team reads it."
                    )
                )

    @api.constrains("replaces_id")
    def _check_replaces(self):
        for document in self:
            former = document.sudo().replaces_id  # sudo: only whose paper it is
            if former and former.beneficiary_id != document.sudo().beneficiary_id:
                raise ValidationError(
                    self.env._("A document replaces one of the same person.")
                )

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Sign the documents and archive those that they replace."""
        if not self.env.su:
            vals_list = [
                {
                    **{
                        name: vals[name] for name in vals if name not in KEPT_BY_THE_JOB
                    },
                    "author_id": self.env.uid,
                }
                for vals in vals_list
            ]
        documents = super().create(vals_list)
        documents.replaces_id._close_reminders()
        documents.replaces_id.active = False
        return documents

    def write(self, vals):
        """A new end of validity gets a reminder of its own."""
        if not self.env.su:
            vals = {name: vals[name] for name in vals if name not in KEPT_BY_THE_JOB}
        result = super().write(vals)
        if {"date_expiry", "date_issued", "type_id"} & vals.keys():
            later = self.filtered(
                lambda document: document.date_reminded
                and (document.date_reminder or document.date_expiry or fields.Date.max)
                > document.date_reminded
            )
            later._close_reminders()
            # sudo: kept by the job, not typed
            later.sudo().date_reminded = False
        if vals.get("active") is False:
            self._close_reminders()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never_leaves(self):
        if any(document.never_leaves for document in self) and not self.env.su:
            raise UserError(
                self.env._(
                    "Papers of child protection are not deleted here: archive them. "
                    "The data-protection officer decides how long they are kept."
                )
            )

    # === ACTIONS

    def action_renew(self):
        """Open the form of the paper that replaces this one.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Renewed document"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_beneficiary_id": self.beneficiary_id.id,
                "default_type_id": self.type_id.id,
                "default_name": self.name,
                "default_visibility": self.visibility,
                "default_replaces_id": self.id,
            },
        }

    # === BUSINESS

    def _close_reminders(self):
        """Take back the reminders still open: the paper is renewed or set aside."""
        # sudo: the reminder belongs to the referent, whoever brings the new paper
        numbers = [document.reminder_number for document in self.sudo()]
        reminders = self.env["mail.activity"].sudo().browse(filter(None, numbers))
        reminders.exists().unlink()

    def _get_alert_text(self):
        """Say in one sentence that the paper expires, or has expired.

        :rtype: str
        """
        self.ensure_one()
        date = format_date(self.env, self.date_expiry)
        if self.validity_state == "expired":
            return self.env._(
                "%(document)s: expired on %(date)s.", document=self.name, date=date
            )
        return self.env._(
            "%(document)s: expires on %(date)s.", document=self.name, date=date
        )

    @api.model
    def _cron_remind(self):
        """Ask the referents, once a paper, to renew what expires soon.

        A paper whose file has nobody to ask, or nobody who may read it, is looked at
        again the next day.
        """
        # sudo: the job reads dates and referents of all files, and writes to people
        # who can read the paper only
        today = fields.Date.context_today(self)
        due = self.sudo().search(
            [
                ("date_reminder", "<=", today),
                ("date_reminded", "=", False),
                ("beneficiary_id.active", "=", True),
            ]
        )
        due = due.filtered(lambda document: document._get_reminded_user())
        by_user = due.grouped(lambda document: document._get_reminded_user())
        told, values = [], []
        for user, documents in by_user.items():
            readable = (
                documents.with_user(user)
                .with_context(allowed_company_ids=user.company_ids.ids)
                ._filtered_access("read")
            )
            for document in readable.sudo().with_context(lang=user.lang):
                told.append(document)
                values.append(document._prepare_reminder_values(user))
        # without mail: the reminder is in the list of things to do
        activities = self.env["mail.activity"].sudo()
        reminders = activities.with_context(mail_activity_quick_update=True).create(
            values
        )
        for document, reminder in zip(told, reminders, strict=True):
            document.write({"reminder_number": reminder.id, "date_reminded": today})

    def _get_reminded_user(self):
        """Return who is asked to renew the paper: the referent, else the team.

        :rtype: recordset of res.users, one or none
        """
        self.ensure_one()
        person = self.beneficiary_id
        return (person.referent_id or person.team_user_ids).filtered("active")[:1]

    def _prepare_reminder_values(self, user):
        """Return the values of the reminder, a thing to do on the file.

        It names neither the person nor the paper: more people read the file than the
        papers of its team.

        :param user: res.users who is asked
        :rtype: dict
        """
        self.ensure_one()
        return {
            "res_model_id": self.env["ir.model"]._get_id("ess.beneficiary"),
            "res_id": self.beneficiary_id.id,
            "user_id": user.id,
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "automated": True,
            "date_deadline": self.date_expiry,
            "summary": self.env._("A document expires: see the page Documents"),
        }
