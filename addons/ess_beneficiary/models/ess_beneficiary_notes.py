from odoo import api, fields, models

from .ess_beneficiary import FILE_GROUPS


class EssBeneficiary(models.Model):
    """Notes of the file, and aide-mémoires of the reader."""

    _inherit = "ess.beneficiary"

    note_ids = fields.One2many(
        comodel_name="ess.note",
        inverse_name="beneficiary_id",
        string="Notes",
        groups=FILE_GROUPS,
    )
    my_memo_count = fields.Integer(
        string="My aide-mémoires",
        compute="_compute_my_memo_count",
        groups="ess_beneficiary.group_beneficiary_officer",
    )

    @api.depends_context("uid")
    def _compute_my_memo_count(self):
        """Count under the rules: everybody counts their own only."""
        counts = (
            self.env["ess.memo"]
            .sudo(False)
            ._read_group(
                [("beneficiary_id", "in", self.ids)], ["beneficiary_id"], ["__count"]
            )
        )
        by_person = {person.id: count for person, count in counts}
        for beneficiary in self:
            beneficiary.my_memo_count = by_person.get(beneficiary._origin.id, 0)

    # === ACTIONS

    def action_new_note(self):
        """Open a note to fill in: person, medium and date are there already.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New note"),
            "res_model": "ess.note",
            "view_mode": "form",
            "views": [(self.env.ref("ess_beneficiary.ess_note_view_form").id, "form")],
            "target": "new",
            "context": {"default_beneficiary_id": self.id, "from_file": True},
        }

    def action_open_notes(self):
        """Open all notes of the person that the user may read.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_beneficiary.ess_note_action"
        )
        return {
            **action,
            "domain": [("beneficiary_id", "=", self.id)],
            "context": {"default_beneficiary_id": self.id, "from_file": True},
        }

    def action_open_my_memos(self):
        """Open the aide-mémoires of the user on this person.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_beneficiary.ess_memo_action"
        )
        return {
            **action,
            "domain": [("beneficiary_id", "=", self.id)],
            "context": {"default_beneficiary_id": self.id, "from_file": True},
        }
