from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

# What a correction keeps when the person could already read the note.
KEPT_FIELDS = ("text", "medium", "date", "minutes")


class EssNote(models.Model):
    """One contact with the person, told by who had it: a meeting, a call, a letter.

    Written by a worker in the file, shared with the person unless the author keeps
    it for the follow-up team. A shared note is *released* when its author says so,
    or by itself after the hours set for the association (72 at first): from then on
    the person may read it and a correction keeps the former text. A note is never
    deleted; written by mistake, it is archived. Drafts that nobody else should read
    are aide-mémoires (`ess.memo`).
    """

    _name = "ess.note"
    _description = "Note"
    _inherit = "ess.beneficiary.fact"
    _order = "date desc, id desc"
    _rec_names_search = ["text"]

    medium = fields.Selection(
        selection=[
            ("appointment", "Appointment"),
            ("walk_in", "Without appointment"),
            ("phone", "Phone"),
            ("home", "At home"),
            ("outside", "Outside"),
            ("letter", "Letter"),
            ("email", "E-mail"),
            ("sms", "Text message"),
            ("video", "Video call"),
            ("third_party", "Through someone else"),
        ],
        required=True,
        default="appointment",
    )
    has_interpreter = fields.Boolean(string="With an interpreter")
    date = fields.Date(required=True, default=fields.Date.context_today)
    minutes = fields.Integer(string="Duration (minutes)", aggregator="sum")
    template_id = fields.Many2one(
        comodel_name="ess.note.template",
        ondelete="set null",
        help="Puts the headings of the template in the text.",
    )
    text = fields.Text(
        required=True,
        index="trigram",
        help="Write what the person could read: facts, what was said and by whom, "
        "what was decided together. Nothing about other people that they did not "
        "agree to.",
    )
    visibility = fields.Selection(
        selection=[
            ("shared", "Shared with the person"),
            ("team", "Follow-up team"),
        ],
        required=True,
        default="shared",
        help="Shared: the person reads it once it is released. Follow-up team: only "
        "the people around this person who have a login read it here; it is still "
        "part of the copy that the person may ask for.",
    )
    goal_ids = fields.Many2many(
        comodel_name="ess.goal",
        string="Goals",
        domain="[('beneficiary_id', '=', beneficiary_id)]",
        help="What the person wants, that this contact served.",
    )
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Written by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    date_release = fields.Datetime(
        string="Readable by the person from",
        readonly=True,
        copy=False,
        help="When its author released the note, or some days after it was written.",
    )
    is_released = fields.Boolean(
        string="Readable by the person",
        compute="_compute_is_released",
        search="_search_is_released",
    )
    version_ids = fields.One2many(
        comodel_name="ess.note.version",
        inverse_name="note_id",
        string="Former texts",
        readonly=True,
    )
    exclusion_ids = fields.One2many(
        comodel_name="ess.copy.exclusion",
        inverse_name="note_id",
        string="Left out of the copy",
    )
    active = fields.Boolean(
        default=True,
        help="Archive a note written by mistake: it is no longer shown, and the copy "
        "of the file says that it exists.",
    )

    _minutes = models.Constraint(
        "CHECK (minutes >= 0 AND minutes <= 1440)",
        "A contact lasts between 0 and 1440 minutes (24 hours).",
    )
    _text_given = models.Constraint(
        "CHECK (btrim(text) <> '')", "Write a few words: the note is empty."
    )
    _person_date_idx = models.Index("(beneficiary_id, date DESC)")

    # === COMPUTE

    @api.depends("medium", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        media = dict(self._fields["medium"]._description_selection(self.env))
        for note in self:
            date = format_date(self.env, note.date) if note.date else ""
            note.display_name = f"{media.get(note.medium, '')} {date}".strip()

    @api.depends("visibility", "date_release")
    def _compute_is_released(self):
        now = fields.Datetime.now()
        for note in self:
            note.is_released = note._is_released(now)

    @api.model
    def _search_is_released(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_released_domain()
        if set(value) == {True}:
            return domain
        return ~domain if set(value) == {False} else Domain(bool(value))

    # === CONSTRAINTS

    @api.constrains("date")
    def _check_date(self):
        # tomorrow, where the day starts earlier than on the server, is still today
        limit = fields.Date.today() + timedelta(days=1)
        if any(note.date > limit for note in self):
            raise ValidationError(
                self.env._("A note tells what has happened: its date is to come.")
            )

    @api.constrains("goal_ids", "beneficiary_id")
    def _check_goals(self):
        for note in self:
            # sudo: only whose goals these are
            if note.sudo().goal_ids.beneficiary_id - note.sudo().beneficiary_id:
                raise ValidationError(
                    self.env._("Link only goals of the same person to the note.")
                )

    @api.onchange("template_id")
    def _onchange_template_id(self):
        template = self.template_id
        if template:
            headings = template.text or ""
            self.text = f"{self.text}\n\n{headings}" if self.text else headings
            self.medium = template.medium or self.medium

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Sign the notes and date their release."""
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if not self.env.su:
                vals["author_id"] = self.env.uid
                vals.pop("date_release", None)
        notes = super().create(vals_list)
        notes.filtered(lambda note: not note.date_release)._date_release()
        return notes

    def write(self, vals):
        """Correct with a trace: a text that was readable stays so, as a version."""
        if not self.env.su:
            vals = {
                name: value
                for name, value in vals.items()
                if name not in ("author_id", "date_release")
            }
        if vals.get("visibility") == "team":
            self._check_not_released()
        versions = self._prepare_versions(vals)
        result = super().write(vals)
        # sudo: a trace that nobody writes by hand
        self.env["ess.note.version"].sudo().create(versions)
        if "visibility" in vals:
            self._date_release()
        return result

    # === ACTIONS

    def action_release(self):
        """Let the person read the notes now."""
        for note in self:
            if note.visibility != "shared":
                raise UserError(
                    self.env._(
                        "This note is for the follow-up team. Share it with the "
                        "person first."
                    )
                )
        now = fields.Datetime.now()
        late = self.filtered(lambda note: not note._is_released(now))
        late.check_access("write")
        # sudo: the date is written by this button only; the right was checked above
        late.sudo().date_release = now
        return True

    # === BUSINESS

    def _is_released(self, at=None):
        """Tell whether the person may read the note.

        :param datetime at: moment, in UTC; now by default
        :rtype: bool
        """
        self.ensure_one()
        return bool(
            self.visibility == "shared"
            and self.date_release
            and self.date_release <= (at or fields.Datetime.now())
        )

    @api.model
    def _get_released_domain(self):
        """Return the domain of the notes that their person may read now.

        :rtype: Domain
        """
        return Domain("visibility", "=", "shared") & Domain(
            "date_release", "<=", fields.Datetime.now()
        )

    def _date_release(self):
        """Say from when the person may read each note; never for the team's."""
        now = fields.Datetime.now()
        for note in self.sudo():  # sudo: see `write`, the date is never typed
            if note.visibility == "team":
                note.date_release = False
            elif not note.date_release:
                hours = max(note.company_id.note_release_hours, 0)
                note.date_release = now + timedelta(hours=hours)

    def _check_not_released(self):
        now = fields.Datetime.now()
        if any(note._is_released(now) for note in self):
            raise UserError(
                self.env._(
                    "The person can already read this note. Leave a passage out of "
                    "the copy with its reason, or archive the note if it was "
                    "written by mistake."
                )
            )

    def _prepare_versions(self, vals):
        """Return the former texts to keep before `vals` are written.

        Kept once the person could read the note, and whenever somebody corrects the
        note of a colleague.

        :rtype: list of dict
        """
        names = [name for name in KEPT_FIELDS if name in vals]
        now = fields.Datetime.now()
        return [
            {
                "note_id": note.id,
                "beneficiary_id": note.beneficiary_id.id,
                "corrector_id": self.env.uid,
                **{name: note[name] for name in KEPT_FIELDS},
            }
            for note in (self if names else ())
            if (note._is_released(now) or note.author_id != self.env.user)
            and any(
                note[name] != note._fields[name].convert_to_cache(vals[name], note)
                for name in names
            )
        ]
