from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.nir import hide_nirs
from ..tools.values import phone_key


class EssBeneficiaryMerge(models.TransientModel):
    """Two files side by side, before they become one.

    Opened from a probable duplicate or from two selected files; whoever decides picks
    the value to keep where the files differ. It lives as long as the decision takes.
    """

    _name = "ess.beneficiary.merge"
    _description = "Comparison of two files"

    kept_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="File to keep",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    merged_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="File to merge",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    line_ids = fields.One2many(
        comodel_name="ess.beneficiary.merge.line",
        inverse_name="wizard_id",
        string="What differs",
    )
    same_values = fields.Text(string="What is the same", compute="_compute_files")
    kept_facts = fields.Text(string="In the file to keep", compute="_compute_files")
    merged_facts = fields.Text(string="In the file to merge", compute="_compute_files")
    refusal = fields.Text(compute="_compute_files")

    @api.depends("kept_id", "merged_id")
    @api.depends_context("uid", "lang")
    def _compute_files(self):
        for wizard in self:
            files = (wizard.kept_id | wizard.merged_id).sudo(False)
            if len(files._filtered_access("read")) < 2:
                wizard.update(
                    {
                        "same_values": False,
                        "kept_facts": False,
                        "merged_facts": False,
                        "refusal": self.env._("You may not read both files."),
                    }
                )
                continue
            wizard.same_values = wizard._get_same_values()
            wizard.kept_facts = wizard._get_facts(wizard.kept_id)
            wizard.merged_facts = wizard._get_facts(wizard.merged_id)
            # sudo: readable by this user, as checked just above
            wizard.refusal = self.env["ess.merge"]._refusal(
                wizard.kept_id.sudo(), wizard.merged_id.sudo()
            )

    # === ACTIONS

    @api.model
    def _open(self, kept, merged):
        """Open the comparison of two files that the user may read.

        :param kept: the file proposed to be kept
        :param merged: the other one
        :return: action
        :rtype: dict
        """
        (kept | merged).check_access("read")
        if merged.active and not kept.active:
            kept, merged = merged, kept
        wizard = self.create({"kept_id": kept.id, "merged_id": merged.id})
        wizard._make_lines()
        return wizard._get_action()

    def action_swap(self):
        """Keep the other file; the values chosen stay."""
        self.ensure_one()
        self.write({"kept_id": self.merged_id.id, "merged_id": self.kept_id.id})
        for line in self.line_ids:
            line.write(
                {
                    "kept_value": line.merged_value,
                    "merged_value": line.kept_value,
                    "choice": "kept" if line.choice == "merged" else "merged",
                }
            )
        return self._get_action()

    def action_merge(self):
        """Merge as chosen, then open the kept file."""
        self.ensure_one()
        if self.create_uid != self.env.user:
            raise UserError(self.env._("Open the comparison yourself first."))
        choices = {line.field_name: line.choice for line in self.line_ids}
        self.env["ess.merge"]._merge_files([(self.kept_id, self.merged_id, choices)])
        return self.kept_id.action_open_file()

    def action_distinct(self):
        """Say that these are two persons: no search asks again."""
        self.ensure_one()
        self._get_pair().action_distinct()
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS

    def _get_pair(self):
        """Return the probable duplicate that these files are, written if need be."""
        one, two = (self.kept_id | self.merged_id).sorted("id")
        (one | two).check_access("read")
        domain = [("beneficiary_id", "=", one.id), ("duplicate_id", "=", two.id)]
        pair = self.env["ess.duplicate"].search(domain, limit=1)
        # sudo: pairs are otherwise written by the search; both files were checked
        return pair or self.env["ess.duplicate"].sudo().create(
            {
                "beneficiary_id": one.id,
                "duplicate_id": two.id,
                "company_id": one.company_id.id,
            }
        ).sudo(False)

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Are they the same person?"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_compared_fields(self):
        """Fields that this user may read, whose values are compared."""
        files = self.env["ess.beneficiary"]
        return [
            field
            for field in self.env["ess.merge"]._get_value_fields()
            if files._has_field_access(field, "read") and field.type != "properties"
        ]

    def _make_lines(self):
        """Write one line for each field that differs."""
        kept, merged = self.kept_id, self.merged_id
        lines = []
        for field in self._get_compared_fields():
            texts = [self._get_text(field, file) for file in (kept, merged)]
            if not self._differs(field, texts):
                continue
            lines.append(
                {
                    "wizard_id": self.id,
                    "field_name": field.name,
                    "label": field._description_string(self.env),
                    "kept_value": texts[0],
                    "merged_value": texts[1],
                    "choice": "kept"
                    if texts[0] or field.type == "boolean"
                    else "merged",
                }
            )
        for vals in lines:
            field = kept._fields[vals["field_name"]]
            if field.type == "boolean":
                vals["choice"] = "kept" if kept[field.name] else "merged"
        self.env["ess.beneficiary.merge.line"].create(lines)

    def _differs(self, field, texts):
        """Tell whether two texts are two values: phones are compared as numbers."""
        if field.name in ("phone", "phone2"):
            return phone_key(texts[0]) != phone_key(texts[1])
        return texts[0].strip().casefold() != texts[1].strip().casefold()

    def _get_same_values(self):
        """Say what both files have in common."""
        lines = []
        for field in self._get_compared_fields():
            texts = [self._get_text(field, file) for file in self._get_files()]
            if texts[0] and field.type != "boolean" and not self._differs(field, texts):
                lines.append(f"{field._description_string(self.env)}: {texts[0]}")
        return "\n".join(lines)

    def _get_files(self):
        return (self.kept_id, self.merged_id)

    def _get_text(self, field, file):
        """Return one value as a screen shows it, the birth date with its precision."""
        value = file[field.name]
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.name == "birth_date" and not value:
            return file.birth_date_text or ""
        if not value:
            return ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.name == "birth_date":
            return self._get_birth_text(file)
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "many2one":
            return value.display_name or ""
        # what was written before the check existed is not written a second time
        return hide_nirs(str(value))

    def _get_birth_text(self, file):
        text = format_date(self.env, file.birth_date)
        if (file.birth_date_precision or "day") == "day":
            return text
        precision = file._fields["birth_date_precision"]
        words = dict(precision._description_selection(self.env))
        return f"{text} ({words[file.birth_date_precision]})"

    def _get_facts(self, file):
        """Count what hangs on a file, as far as this user may read it."""
        lines = []
        for model_name, field_name in self._get_fact_links():
            model = self.env[model_name]
            if not model.has_access("read"):
                continue
            count = model.search_count([(field_name, "=", file.id)])
            if count:
                # sudo: the name of a model is no secret
                name = self.env["ir.model"].sudo()._get(model_name).name
                lines.append(f"{name}: {count}")
        return "\n".join(sorted(lines)) or self.env._("Nothing yet.")

    @api.model
    def _get_fact_links(self):
        """Models of facts and their link to the file, of every room."""
        return [
            (model._name, field.name)
            for model in self.env.registry.values()
            if not (model._abstract or model._transient)
            and model._name not in ("ess.duplicate", "ess.merge", "ess.import.row")
            for field in model._fields.values()
            if field.type == "many2one"
            and field.comodel_name == "ess.beneficiary"
            and field.store
            and model._name != "ess.beneficiary"
        ]
