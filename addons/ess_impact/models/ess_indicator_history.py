from odoo import models

from .ess_indicator import MEANING_FIELDS


class EssIndicator(models.Model):
    """Keeping what a figure meant: a version for each meaning."""

    _inherit = "ess.indicator"

    def _raise_version(self):
        """Open a new version of these figures and of the formulas that use them."""
        if not self:
            return
        # sudo: a formula of another association that uses a shared figure follows it.
        for indicator in self.sudo():
            indicator.write({"version": indicator.version + 1})
        self._record_version()
        (self._get_dependents() - self)._raise_version()

    def _record_version(self):
        """Keep the present meaning under the present version number."""
        # sudo: history is written by nobody's hand, only here.
        self.env["ess.indicator.version"].sudo().create(
            [one._prepare_version_values() for one in self]
        )

    def _prepare_version_values(self):
        values = {name: self[name] for name in MEANING_FIELDS}
        return dict(
            values,
            indicator_id=self.id,
            version=self.version,
            definition=self.definition,
            population=self.population,
            operand_versions={one.code: one.version for one in self._get_operands()},
        )

    def _update_version_words(self):
        """Follow a better wording that does not change the meaning."""
        # sudo: see `_record_version`
        for indicator in self.sudo():
            current = indicator.version_ids.filtered(
                lambda one, indicator=indicator: one.version == indicator.version
            )
            current.write(
                {"definition": indicator.definition, "population": indicator.population}
            )
