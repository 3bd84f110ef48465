from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class EssEmergencyRequest(models.TransientModel):
    """A worker asks for a file that is not theirs, because the person needs help now.

    The person is named exactly: a file number, or a name and a birth date. What does
    not exist, what is protected and what is ambiguous get the same answer.
    """

    _name = "ess.emergency.request"
    _description = "Ask for emergency access"

    ref = fields.Char(string="File no.")
    last_name = fields.Char()
    first_name = fields.Char()
    birth_date = fields.Date()
    reason = fields.Char(
        required=True,
        help="Read by the data-protection officer at once. The person may read it too.",
    )
    hours = fields.Integer(
        default=lambda self: self.env["ess.emergency.access"]._get_hours(),
        readonly=True,
    )

    def action_ask(self):
        """Open the file for some hours, or say that it is not found.

        :rtype: dict
        """
        self.ensure_one()
        reason = self.env["ess.access.reason"]._check_words(self.reason)
        beneficiary = self._find()
        if beneficiary.has_access("read"):
            return beneficiary.action_open_file()
        self.env["ess.emergency.access"]._open(beneficiary, reason)
        return beneficiary.action_open_file()

    def _find(self):
        """Return the one file that was named.

        :raises UserError: with the same words whatever the reason
        :rtype: recordset of ess.beneficiary
        """
        # sudo: the user may not read these files yet; exactly one comes back, or the
        # same words for none, for several and for a protected one
        found = self.env["ess.beneficiary"].sudo().search(self._get_domain(), limit=2)
        found = found.filtered(
            lambda file: not file.is_protected or self.env.user in file.team_user_ids
        )
        if len(found) != 1:
            raise UserError(
                self.env._(
                    "No file found. Give the file number, or the full name with the "
                    "birth date. If the person is with you and no file is found, open "
                    "a new one."
                )
            )
        return found.sudo(False)

    def _get_domain(self):
        """Return what the file must match exactly.

        :rtype: Domain
        """
        self.ensure_one()
        company = Domain("company_id", "=", self.env.company.id)
        if (self.ref or "").strip():
            return company & Domain("ref", "=ilike", self._escape(self.ref))
        if not (self.last_name and self.first_name and self.birth_date):
            return Domain.FALSE
        return (
            company
            & Domain("last_name", "=ilike", self._escape(self.last_name))
            & Domain("first_name", "=ilike", self._escape(self.first_name))
            & Domain("birth_date", "=", self.birth_date)
        )

    def _escape(self, text):
        """Take the wildcards out of what was typed."""
        return text.strip().replace("\\", "").replace("%", "").replace("_", "")
