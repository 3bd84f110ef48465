from odoo import api, fields, models
from odoo.exceptions import UserError

from .ess_enrolment_stage import ACTIVE_BUCKETS


class EssEnrolment(models.Model):
    """Conditions of access at the door: what is not met is said in plain sentences, and
    a person decides.

    Asking is never refused. Nobody is turned away by the computer either: whoever takes
    a person in all the same writes why, and this stays with the stay.
    """

    _inherit = "ess.enrolment"

    unmet_text = fields.Text(
        string="Conditions not met",
        compute="_compute_unmet_text",
        compute_sudo=False,
    )
    batch_id = fields.Many2one(
        "ess.enrolment.batch",
        string="Enrolled together",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    exception_reason = fields.Char(
        string="Taken in all the same because",
        help="Why the person is taken in although a condition is not met.",
    )

    # === COMPUTE
    @api.depends("beneficiary_id", "programme_id")
    def _compute_unmet_text(self):
        for enrolment, criteria in self._get_unmet().items():
            enrolment.unmet_text = "\n".join(criteria.mapped("sentence")) or False

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Create stays; one that begins at once is checked as one that is taken in."""
        enrolments = super().create(vals_list)
        enrolments._check_eligibility()
        return enrolments

    def write(self, vals):
        """Change stays; those that begin are checked."""
        before = self.filtered(lambda stay: stay.bucket in ACTIVE_BUCKETS)
        result = super().write(vals)
        if vals.keys() & {"stage_id", "programme_id", "beneficiary_id"}:
            (self if "programme_id" in vals else self - before)._check_eligibility()
        return result

    # === ACTIONS
    def action_enrol(self):
        """Take these people in, once somebody has said why when a condition is not
        met.
        """
        if self._get_refused():
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "ess_programmes.ess_enrolment_exception_action"
            )
            return dict(action, context={"default_enrolment_ids": self.ids})
        return super().action_enrol()

    # === BUSINESS
    def _get_unmet(self):
        """Return the conditions that the people of these stays do not meet.

        :return: {ess.enrolment: ess.programme.criterion recordset}
        :rtype: dict
        """
        none = self.env["ess.programme.criterion"]
        unmet = dict.fromkeys(self, none)
        for programme, stays in self.grouped("programme_id").items():
            if not programme or not programme.sudo().criterion_ids:
                continue
            # sudo: sentences of a programme that this stay names already
            found = programme.sudo()._get_unmet(stays.beneficiary_id._origin)
            for stay in stays:
                unmet[stay] = found.get(stay.beneficiary_id._origin.id, none)
        return unmet

    def _get_refused(self):
        """Return those of these stays that nobody has said why to begin."""
        return self.browse(
            [
                stay.id
                for stay, criteria in self._get_unmet().items()
                if criteria and not (stay.exception_reason or "").strip()
            ]
        )

    def _check_eligibility(self):
        """Ask why, when a stay begins although a condition is not met.

        :raises UserError: with one sentence for each condition, and what to do.
        """
        if self.env.su:
            return
        begun = self.filtered(lambda stay: stay.bucket in ACTIVE_BUCKETS)
        if refused := begun._get_refused():
            raise UserError(
                self.env._(
                    "%(person)s does not meet the conditions of “%(programme)s”:\n"
                    "%(sentences)s\n\nTo take the person in all the same, open the "
                    "request and choose “Take in”: you will be asked why.",
                    person=refused[0].beneficiary_id.display_name,
                    programme=refused[0].programme_id.name,
                    sentences=refused[0].unmet_text,
                )
            )
