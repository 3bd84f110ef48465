from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.nir import contains_nir

TEXT_TYPES = ("char", "text", "html")
STRUCTURED_TYPES = ("json", "properties")
# Core models that hold text about a record of the suite: the field that names the
# model of the record.
TEXTS_ABOUT = {
    "mail.message": "model",
    "mail.activity": "res_model",
    "ir.attachment": "res_model",
}
# What a file contains is its sender's: only what names it is looked at.
LEFT_OUT = {"ir.attachment": {"index_content", "url", "checksum"}}
SHORTEST = 15


class Base(models.AbstractModel):
    """No social security number (NIR) in any text of the suite.

    Every model whose name starts with ``ess.``, of this room or of another, gets the
    check without asking for it, and so do messages, activities and attachments of
    their records. What was written before stays, until somebody writes it again.
    """

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse texts that contain a valid social security number."""
        if self._name.startswith("ess."):
            for vals in vals_list:
                self._refuse_nir(vals)
        elif self._name in TEXTS_ABOUT:
            link = TEXTS_ABOUT[self._name]
            for vals in vals_list:
                model = vals.get(link) or self._nir_model_of(vals)
                if (model or "").startswith("ess."):
                    self._refuse_nir(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse texts that contain a valid social security number."""
        if self._name.startswith("ess."):
            self._refuse_nir(vals)
        elif self._name in TEXTS_ABOUT and self._has_long_text(vals):
            link = TEXTS_ABOUT[self._name]
            # sudo: only whether the text is about a record of the suite
            models_ = {vals.get(link), *self.sudo().mapped(link)}
            if any((model or "").startswith("ess.") for model in models_):
                self._refuse_nir(vals)
        return super().write(vals)

    @api.model
    def _nir_model_of(self, vals):
        """Name of the model an activity is about, when given by its id."""
        # sudo: the name of a model is no secret
        found = vals.get("res_model_id") if self._name == "mail.activity" else None
        return found and self.env["ir.model"].sudo().browse(found).model

    @api.model
    def _has_long_text(self, vals):
        return any(
            isinstance(value, str) and len(value) >= SHORTEST for value in vals.values()
        )

    @api.model
    def _refuse_nir(self, vals):
        """Raise when a text of `vals` contains a valid number; never repeat it.

        :param dict vals: values for create or write
        :raises ValidationError: naming the field, why, and what to do
        """
        for name, value in vals.items():
            # Nearly all values stop here: no text, or one that is too short.
            if not value or isinstance(value, (bool, int, float)):
                continue
            if isinstance(value, str) and len(value) < SHORTEST:
                continue
            field = self._fields.get(name)
            if field is None or name in LEFT_OUT.get(self._name, ()):
                continue
            if field.type in STRUCTURED_TYPES:
                value = str(value)
            elif field.type not in TEXT_TYPES:
                continue
            if contains_nir(str(value), is_html=field.type == "html"):
                raise ValidationError(
                    self.env._(
                        "“%(field)s” contains a social security number (NIR). The law "
                        "does not allow the association to keep it (decree 2019-341). "
                        "Take the number out and save again; if somebody needs it, "
                        "write where it can be found, for example “on the person's "
                        "health card”.",
                        field=field._description_string(self.env),
                    )
                )
