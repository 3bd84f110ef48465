from odoo import fields, models

#: requests shown on the first screen while there is no project
SHOWN = 5


class EssBeneficiary(models.Model):
    """What the person asked for, and what was answered."""

    _inherit = "ess.beneficiary"

    request_ids = fields.One2many(
        "ess.request",
        "beneficiary_id",
        string="Requests",
        groups="ess_beneficiary.group_beneficiary_officer,"
        "ess_beneficiary.group_beneficiary_dpo",
    )
    open_request_count = fields.Integer(
        compute="_compute_open_request_count",
        string="Requests waiting",
        groups="ess_beneficiary.group_beneficiary_officer,"
        "ess_beneficiary.group_beneficiary_dpo",
    )

    def _compute_open_request_count(self):
        groups = self.env["ess.request"]._read_group(
            [("beneficiary_id", "in", self.ids), ("state", "=", "waiting")],
            ["beneficiary_id"],
            ["__count"],
        )
        counts = {person.id: count for person, count in groups}
        for person in self:
            person.open_request_count = counts.get(person._origin.id, 0)

    def action_new_request(self):
        """Note what this person asks, in two more taps."""
        self.ensure_one()
        return self.env["ess.request"]._get_quick_action(
            default_beneficiary_id=self.id,
            default_channel=(
                "file"
                if self.env.user.has_group("ess_beneficiary.group_beneficiary_officer")
                else "reception"
            ),
        )

    def action_open_requests(self):
        """Open what this person asked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_programmes.ess_request_action"
        )
        return dict(
            action,
            domain=[("beneficiary_id", "=", self.id)],
            context={"default_beneficiary_id": self.id, "from_file": True},
        )

    def _get_asked_things(self):
        """Add the last requests of the person, and their answers."""
        things = super()._get_asked_things()
        requests = self.env["ess.request"]
        if not requests.has_access("read"):
            return things
        labels = dict(requests._fields["state"]._description_selection(self.env))
        found = requests.search([("beneficiary_id", "=", self._origin.id)], limit=SHOWN)
        return things + [
            (request.date, f"{request.type_id.name} · {labels[request.state]}")
            for request in found
        ]

    def _get_readable_file(self):
        """Add what was asked and answered to the readable file."""
        content = super()._get_readable_file()
        if self.env["ess.request"].has_access("read"):
            content["requests"] = [
                request._prepare_readable()
                for request in self._search_facts("ess.request")
            ]
        return content
