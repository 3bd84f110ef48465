from odoo import fields, models


class EssEnrolmentSnapshotLine(models.Model):
    """One situation as it was known when a snapshot was frozen."""

    _name = "ess.enrolment.snapshot.line"
    _description = "Situation of a snapshot"
    _inherit = "ess.beneficiary.fact"
    _order = "domain_id, id"

    snapshot_id = fields.Many2one(
        "ess.enrolment.snapshot",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    domain_id = fields.Many2one(
        "ess.situation.domain", required=True, readonly=True, ondelete="restrict"
    )
    answer = fields.Selection(
        [
            ("known", "Known"),
            ("declined", "Does not wish to answer"),
            ("unknown", "Does not know"),
        ],
        required=True,
        readonly=True,
    )
    value_id = fields.Many2one(
        "ess.situation.value", string="Situation", readonly=True, ondelete="restrict"
    )

    _domain_uniq = models.Constraint(
        "UNIQUE(snapshot_id, domain_id)", "A snapshot holds one situation per domain."
    )
