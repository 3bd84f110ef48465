from odoo import api, fields, models
from odoo.exceptions import ValidationError

MASK = "[…]"


class EssCopyExclusion(models.Model):
    """One passage, note or document left out of the copy of a file, with its reason.

    GDPR art. 15(4): the right to a copy shall not harm the rights and freedoms of
    others. What is left out is always one line, never a whole class of papers. Made
    by a worker of the file or the data-protection officer who prepares the copy;
    taken back by deleting it. The person reads that a line is missing, and why.
    """

    _name = "ess.copy.exclusion"
    _description = "Line left out of a copy"
    _inherit = "ess.beneficiary.fact"
    _order = "id desc"

    note_id = fields.Many2one(
        comodel_name="ess.note",
        index="btree_not_null",
        ondelete="cascade",
    )
    document_id = fields.Many2one(
        comodel_name="ess.document",
        index="btree_not_null",
        ondelete="cascade",
    )
    passage = fields.Text(
        help="Copy here the words to leave out, as they are in the note. Empty: the "
        "whole note. If the note is corrected and the words are no longer found in "
        "it, the whole note is left out.",
    )
    reason = fields.Selection(
        selection=[
            ("others", "It is about someone else (GDPR art. 15(4))"),
            ("danger", "It would put someone in danger (GDPR art. 15(4))"),
            ("law", "Another law protects it"),
        ],
        required=True,
        default="others",
    )
    explanation = fields.Char(
        help="Read by the person, beside the line that is left out: name no one.",
    )
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )

    _one_line = models.Constraint(
        "CHECK ((note_id IS NULL) <> (document_id IS NULL))",
        "Choose either a note or a document.",
    )

    @api.constrains("note_id", "document_id", "beneficiary_id", "passage")
    def _check_passage(self):
        for exclusion in self:
            line = exclusion.note_id or exclusion.document_id
            if line.beneficiary_id != exclusion.beneficiary_id:
                raise ValidationError(
                    self.env._("The line left out belongs to the file of someone else.")
                )
            if exclusion.passage and not exclusion._hide(line["text"] or ""):
                raise ValidationError(
                    self.env._(
                        "These words are not in the note. Copy the passage exactly as "
                        "it is written."
                    )
                )

    @api.constrains("reason", "explanation")
    def _check_explanation(self):
        for exclusion in self:
            if exclusion.reason == "law" and not exclusion.explanation:
                raise ValidationError(
                    self.env._("Say which law protects what is left out.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Sign the decision and put it in the file of the note or document."""
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if not self.env.su:
                vals["author_id"] = self.env.uid
            if not vals.get("beneficiary_id"):
                vals["beneficiary_id"] = self._get_line(vals).beneficiary_id.id
        return super().create(vals_list)

    @api.model
    def _get_line(self, vals):
        """Return the note or document that the values name, if the user reads it."""
        model = "ess.note" if vals.get("note_id") else "ess.document"
        line = self.env[model].browse(vals.get("note_id") or vals.get("document_id"))
        line.check_access("read")
        return line

    def _hide(self, text):
        """Return the text without the passage.

        :param str text: what a note says, or said
        :return: None when there is no passage or it is not in the text: then nothing
            of the text may be shown
        :rtype: str | None
        """
        self.ensure_one()
        passage = (self.passage or "").strip()
        if not passage or passage not in text:
            return None
        return text.replace(passage, MASK)

    def _get_reason(self):
        """Return the reason in the words that the person reads.

        :rtype: str
        """
        self.ensure_one()
        label = dict(self._fields["reason"]._description_selection(self.env))
        reason = label[self.reason]
        return f"{reason}: {self.explanation}" if self.explanation else reason
