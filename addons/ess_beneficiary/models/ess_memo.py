from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.memo_envelope import is_envelope

# Our choice, not a legal figure: long enough to write the note, too short for a
# second file. The same number is in the messages and in the documentation.
MEMO_DAYS = 30
BATCH = 500


class EssMemo(models.Model):
    """An aide-mémoire: the draft of one author, that no other role of the suite reads.

    Written to remember until the next note, erased after 30 days or when its author
    leaves the person's follow-up. A global rule shows it to its author only, on every
    path. A request for access lists its date and author, so that the data-protection
    officer asks the author for it. When the association locks aide-mémoires, the text
    is encrypted in the browser and this table holds an envelope only (see
    `tools/memo_envelope.py`).
    """

    _name = "ess.memo"
    _description = "Aide-mémoire"
    _inherit = "ess.beneficiary.fact"
    _order = "id desc"
    _rec_names_search = ["text"]

    date = fields.Date(required=True, default=fields.Date.context_today)
    text = fields.Text(
        required=True,
        index="trigram",
        help="For you alone, until it becomes a note. Write here too what the person "
        "could read: they may ask for it as long as it exists.",
    )
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Written by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
    )
    date_erase = fields.Date(
        string="Erased on",
        compute="_compute_date_erase",
        help="30 days after it was written, sooner if you leave the follow-up.",
    )
    is_locked = fields.Boolean(
        string="Locked with a passphrase", compute="_compute_is_locked"
    )
    is_lock_required = fields.Boolean(compute="_compute_is_lock_required")

    _text_given = models.Constraint(
        "CHECK (btrim(text) <> '')", "Write a few words: the aide-mémoire is empty."
    )
    _create_date_idx = models.Index("(create_date)")

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for memo in self:
            date = format_date(self.env, memo.date) if memo.date else ""
            memo.display_name = self.env._("Aide-mémoire of %(date)s", date=date)

    @api.depends("create_date")
    def _compute_date_erase(self):
        for memo in self:
            start = memo.create_date or fields.Datetime.now()
            memo.date_erase = start.date() + timedelta(days=MEMO_DAYS)

    @api.depends("text")
    def _compute_is_locked(self):
        for memo in self:
            memo.is_locked = is_envelope(memo.text)

    @api.depends("company_id", "beneficiary_id")
    def _compute_is_lock_required(self):
        for memo in self:
            company = memo.company_id or self.env.company
            memo.is_lock_required = company.is_memo_locked

    @api.constrains("text")
    def _check_text(self):
        for memo in self:
            if memo.company_id.is_memo_locked and not is_envelope(memo.text):
                raise ValidationError(
                    self.env._(
                        "Your association locks aide-mémoires: give your passphrase "
                        "before you save. The text was not kept."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Sign: nobody writes an aide-mémoire for someone else."""
        if not self.env.su:
            vals_list = [dict(vals, author_id=self.env.uid) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """The author never changes, except by a merge of files."""
        if not self.env.su:
            vals = {name: vals[name] for name in vals if name != "author_id"}
        return super().write(vals)

    def copy_data(self, default=None):
        """A copy would outlive the 30 days: it starts empty of words."""
        return [
            dict(vals, text=self.env._("Copy of an aide-mémoire"))
            for vals in super().copy_data(default)
        ]

    # === BUSINESS

    @api.model
    def _get_overdue_domain(self):
        """Return the domain of the aide-mémoires to erase now.

        :rtype: Domain
        """
        limit = fields.Datetime.now() - timedelta(days=MEMO_DAYS)
        return Domain("create_date", "<=", limit) | Domain(
            "author_id.active", "=", False
        )

    @api.model
    def _get_abandoned(self):
        """Return the aide-mémoires whose author no longer follows the person.

        The author had a place in the team, it has ended and no other is in force.

        :rtype: recordset of ess.memo
        """
        today = fields.Date.today()
        memos = self.search([("beneficiary_id.followup_ids.date_to", "<", today)])
        places = self.env["ess.followup"].search(
            [
                ("user_id", "in", memos.author_id.ids),
                ("beneficiary_id", "in", memos.beneficiary_id.ids),
                ("date_from", "<=", today),
            ]
        )
        in_force, ended = set(), set()
        for place in places:
            key = (place.user_id.id, place.beneficiary_id.id)
            (in_force if place._is_active_on(today) else ended).add(key)
        gone = ended - in_force
        return memos.filtered(
            lambda memo: (memo.author_id.id, memo.beneficiary_id.id) in gone
        )

    @api.model
    def _cron_erase(self):
        """Erase the aide-mémoires that are too old or whose author left.

        By batches; the papers attached to them go too. Only numbers are logged.
        """
        # sudo: the job erases without reading; archived users are looked at as well
        memos = self.sudo().with_context(active_test=False)
        overdue = memos.search(self._get_overdue_domain()) | memos._get_abandoned()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(overdue))
        for start in range(0, len(overdue), BATCH):
            batch = overdue[start : start + BATCH]
            batch.unlink()
            if not cron._commit_progress(len(batch)):
                break
