from odoo import models
from odoo.exceptions import MissingError


class EssBeneficiaryFact(models.AbstractModel):
    """What is written in a hidden file does not exist either."""

    _inherit = "ess.beneficiary.fact"

    def read(self, fields=None, load="_classic_read"):
        """Answer for what a hidden file holds as for what never was: nothing."""
        try:
            return super().read(fields, load)
        except MissingError:
            known = self.browse(
                fact.id
                for fact in self
                if not self.env["ess.beneficiary"]._get_files_of(fact)._get_hidden()
            )
            if known == self:
                raise
            return super(EssBeneficiaryFact, known).read(fields, load)

    read._readonly = False  # as the override that writes the access log
