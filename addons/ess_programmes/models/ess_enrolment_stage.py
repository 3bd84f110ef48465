from odoo import api, fields, models
from odoo.exceptions import UserError

BUCKETS = [
    ("applied", "Requested"),
    ("waitlisted", "Waiting"),
    ("enrolled", "In progress"),
    ("paused", "On hold"),
    ("completed", "Completed"),
    ("left", "Left before the end"),
    ("refused", "Not pursued or not accepted"),
]
#: Buckets of a stay that is open, whether or not support has begun.
OPEN_BUCKETS = ("applied", "waitlisted", "enrolled", "paused")
#: Buckets of which one person may hold only one per programme.
ACTIVE_BUCKETS = ("enrolled", "paused")
#: Buckets that close a stay that had begun.
ENDED_BUCKETS = ("completed", "left")


class EssEnrolmentStage(models.Model):
    """A step of the path of a person in a programme, in the association's own words.

    Each stage belongs to one fixed category (bucket), which is what figures read: a
    stage can be renamed at any time without changing a figure. Its category is fixed as
    soon as one enrolment has used it.
    """

    _name = "ess.enrolment.stage"
    _description = "Stage of an enrolment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    bucket = fields.Selection(
        BUCKETS,
        string="Category",
        required=True,
        help="What this stage means in the figures. It cannot change once an enrolment "
        "has used the stage.",
    )
    is_used = fields.Boolean(
        compute="_compute_is_used", help="At least one enrolment is at this stage."
    )
    fold = fields.Boolean(string="Folded", help="Show this stage folded on the board.")
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "Another stage has this code. Choose another code."
    )

    # === COMPUTE
    def _compute_is_used(self):
        used = self._get_used()
        for stage in self:
            stage.is_used = stage in used

    # === CRUD
    def write(self, vals):
        if "bucket" in vals:
            changed = self.filtered(lambda stage: stage.bucket != vals["bucket"])
            if used := changed._get_used():
                raise UserError(
                    self.env._(
                        "The stage “%(name)s” is used by enrolments, so its category "
                        "cannot change: past figures would change with it. "
                        "Archive this stage and create another one.",
                        name=used[0].name,
                    )
                )
        return super().write(vals)

    # === BUSINESS
    def _get_used(self):
        """Return those of these stages that enrolments use."""
        # sudo: only tells whether a stage is in use, in any company, never by whom.
        groups = (
            self.env["ess.enrolment"]
            .sudo()
            ._read_group([("stage_id", "in", self.ids)], ["stage_id"])
        )
        return self.browse([stage.id for [stage] in groups])

    @api.model
    def _get_first(self, *buckets):
        """Return the first active stage of the first of these buckets that has one.

        :param str buckets: keys of :data:`BUCKETS`, by preference.
        :rtype: recordset of one ess.enrolment.stage
        :raises UserError: when an administrator has archived all stages of these
            categories.
        """
        stages = self.search([("bucket", "in", buckets)])
        for bucket in buckets:
            if found := stages.filtered(
                lambda stage, bucket=bucket: stage.bucket == bucket
            )[:1]:
                return found
        raise UserError(
            self.env._(
                "No stage is left for the category “%(bucket)s”. An administrator can "
                "add one in Configuration.",
                bucket=dict(self._fields["bucket"]._description_selection(self.env))[
                    buckets[0]
                ],
            )
        )
