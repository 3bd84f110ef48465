from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class EssDocumentType(models.Model):
    """A kind of paper that a file may hold: identity card, proof of address, CV…

    Shipped with the rule of its validity, when to remind and who reads it at first;
    coordination adapts the list. Kinds of special data (health, justice) are shipped
    archived: only the data-protection officer opens them, with the legal ground.
    """

    _name = "ess.document.type"
    _description = "Document type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable key, in packs and exchanges.")
    sequence = fields.Integer(default=10)
    validity = fields.Selection(
        selection=[
            ("none", "Does not expire"),
            ("date", "Until the date on it"),
            ("months", "Some months after it was issued"),
        ],
        required=True,
        default="none",
    )
    validity_months = fields.Integer(
        string="Months of validity",
        help="How long a service accepts the paper after the day it was issued.",
    )
    reminder_months = fields.Integer(
        string="Remind, months before",
        default=1,
        help="How long before the end the referent is asked to renew it, once.",
    )
    visibility = fields.Selection(
        selection=[
            ("shared", "The person and the team"),
            ("team", "Follow-up team"),
        ],
        string="Read by",
        required=True,
        default="team",
        help="Who reads a new document of this type; can be changed on each one, "
        "except when it never leaves the file.",
    )
    never_leaves = fields.Boolean(
        string="Never leaves the file",
        help="Papers of child protection: no parent sees them, no packet, portal or "
        "copy carries them. The copy only says that a line is left out.",
    )
    is_special = fields.Boolean(
        string="Special data",
        readonly=True,
        help="Health or justice: stays archived until the data-protection officer "
        "opens it with the legal ground.",
    )
    legal_ground = fields.Text(
        help="Which text lets the association hold these papers, and since when."
    )
    note = fields.Char(string="Advice", translate=True)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code)", "Another document type already has this code."
    )
    _months = models.Constraint(
        "CHECK (validity <> 'months' OR validity_months > 0)",
        "Say how many months the paper is valid.",
    )
    _reminder = models.Constraint(
        "CHECK (reminder_months >= 0)", "A reminder comes before the end."
    )

    @api.constrains("never_leaves", "visibility")
    def _check_never_leaves(self):
        if any(kind.never_leaves and kind.visibility == "shared" for kind in self):
            raise ValidationError(
                self.env._(
                    "A type that never leaves the file is for the follow-up team."
                )
            )

    @api.constrains("is_special", "active", "legal_ground")
    def _check_special(self):
        for kind in self.filtered(lambda kind: kind.is_special and kind.active):
            if not (kind.legal_ground or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(type)s: write first which legal text lets the association "
                        "hold such papers.",
                        type=kind.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Special types come with the suite, or from the data-protection officer."""
        if any(vals.get("is_special") for vals in vals_list):
            self._check_officer()
        return super().create(vals_list)

    def write(self, vals):
        """Only the data-protection officer opens special types; papers that never
        leave a file do not start to.
        """
        special = any(kind.is_special for kind in self)
        if "is_special" in vals or (
            special and {"active", "legal_ground"} & vals.keys()
        ):
            self._check_officer()
        opens = not vals.get("never_leaves", True) and not self.env.su
        if opens and any(kind.never_leaves for kind in self):
            raise UserError(
                self.env._(
                    "What never leaves the file cannot start to leave it: make another "
                    "type for other papers."
                )
            )
        return super().write(vals)

    def _check_officer(self):
        """Refuse to open papers of health or justice to all but the officer.

        :raises UserError: when the user is not a data-protection officer
        """
        officer = "ess_beneficiary.group_beneficiary_dpo"
        if not self.env.su and not self.env.user.has_group(officer):
            raise UserError(
                self.env._(
                    "Only the data-protection officer opens papers of health or "
                    "justice, with the legal ground."
                )
            )

    def _get_expiry(self, issued):
        """Return the last day of validity of a paper issued on that day.

        :param date issued: day on the paper, or False
        :return: False when it does not follow from the day of issue
        :rtype: date | bool
        """
        self.ensure_one()
        if self.validity != "months" or not issued:
            return False
        return issued + relativedelta(months=self.validity_months)
