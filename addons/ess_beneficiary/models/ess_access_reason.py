from odoo import api, fields, models
from odoo.exceptions import UserError

# Shorter than that, a reason says nothing.
REASON_LENGTH = 8


class EssAccessReason(models.Model):
    """Why a user reads beyond their own files, in their own words, for one day.

    Written by the user when the tool asks; lines of the access log point to it. The
    words are kept apart from the sealed line, so that they can be shortened should
    they name somebody.
    """

    _name = "ess.access.reason"
    _description = "Reason for reading"
    _order = "id desc"

    name = fields.Char(string="Reason", required=True, readonly=True)
    kind = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.uid,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    date = fields.Date(
        required=True, readonly=True, default=lambda self: fields.Date.today()
    )

    @api.model
    def _keep(self, kind, words):
        """Write down why, when the user was asked.

        :param str kind: kind of `ess.access.log`
        :param str words: the reason, empty when none was asked
        :return: ess.access.reason, empty without words
        """
        if words is None:
            return self
        # sudo: users cannot write here by themselves; it is their own reason
        return self.sudo().create(
            {
                "name": self._check_words(words),
                "kind": kind,
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
            }
        )

    @api.model
    def _check_words(self, words):
        """Return the reason on one line, or refuse one that says nothing.

        :raises UserError: when it is too short to mean something
        :rtype: str
        """
        words = " ".join((words or "").split())
        if len(words) < REASON_LENGTH:
            raise UserError(
                self.env._(
                    "Say why in a few words: the data-protection officer and the "
                    "person may ask."
                )
            )
        return words[:500]

    @api.model
    def _is_in_force(self, kind):
        """Tell whether the user gave a reason of this kind today.

        :rtype: bool
        """
        # sudo: users do not read this model; only their own reasons are looked for
        return bool(
            self.sudo().search_count(
                [
                    ("kind", "=", kind),
                    ("user_id", "=", self.env.uid),
                    ("company_id", "=", self.env.company.id),
                    ("date", "=", fields.Date.today()),
                ],
                limit=1,
            )
        )
