from odoo import api, models
from odoo.exceptions import ValidationError


class IrAttachment(models.Model):
    """Papers of a file follow the rights of what they are attached to, nothing else."""

    _inherit = "ir.attachment"

    @api.constrains("public", "res_model")
    def _check_not_public(self):
        for attachment in self.filtered("public"):
            if self._is_of_a_file(attachment.res_model):
                raise ValidationError(
                    self.env._(
                        "A paper of a person's file is never public: share it with "
                        "the person or with a partner from the file."
                    )
                )

    @api.constrains("res_model", "res_id")
    def _check_locked_memo(self):
        ids = [
            attachment.res_id
            for attachment in self
            if attachment.res_model == "ess.memo" and attachment.res_id
        ]
        # sudo: only whether the association locks aide-mémoires
        memos = self.env["ess.memo"].sudo().browse(ids).exists()
        if any(memo.company_id.is_memo_locked for memo in memos):
            raise ValidationError(
                self.env._(
                    "Your association locks aide-mémoires: a paper cannot be attached "
                    "to one, because it would not be locked."
                )
            )

    @api.model
    def _is_of_a_file(self, model):
        """Tell whether records of this model belong to the file of one person.

        :param str model: technical name, or False
        :rtype: bool
        """
        if model == "ess.beneficiary":
            return True
        fact = self.env.registry["ess.beneficiary.fact"]
        return model in self.env and issubclass(self.env.registry[model], fact)
