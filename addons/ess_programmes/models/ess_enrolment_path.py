from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .ess_enrolment_stage import ACTIVE_BUCKETS


class EssEnrolment(models.Model):
    """The path of a stay: asked, waiting, in, on hold, ended; one method a step."""

    _inherit = "ess.enrolment"

    # === ACTIONS
    def action_enrol(self):
        """Take these people in, today or on the date already chosen. Where places are
        counted, the free ones go to the oldest requests and the others wait.
        """
        self._check_from(
            ("applied", "waitlisted"),
            self.env._(
                "Only a request or a person on the waiting list can be taken in."
            ),
        )
        limited = self.filtered(lambda enrolment: enrolment._is_limited())
        if limited:
            limited._check_still_open()
            limited.awaits_place = True
            limited.programme_id._allocate_after_commit()
        if others := self - limited:
            others.stage_id = self.env["ess.enrolment.stage"]._get_first("enrolled")

    def action_waitlist(self):
        """Put these requests on the waiting list."""
        self._check_from(
            ("applied",), self.env._("Only a request can be put on the waiting list.")
        )
        self.stage_id = self.env["ess.enrolment.stage"]._get_first("waitlisted")

    def action_pause(self):
        """Put these stays on hold: the person keeps the place."""
        self._check_from(
            ("enrolled",), self.env._("Only a stay in progress can be put on hold.")
        )
        self.stage_id = self.env["ess.enrolment.stage"]._get_first("paused")

    def action_resume(self):
        """Take these stays up again."""
        self._check_from(
            ("paused",), self.env._("Only a stay on hold can be taken up again.")
        )
        self.stage_id = self.env["ess.enrolment.stage"]._get_first("enrolled")

    def action_complete(self):
        """Ask for the reason of the end, then complete these stays."""
        self._check_from(
            ACTIVE_BUCKETS,
            self.env._("Only a stay in progress or on hold can be completed."),
        )
        return self._open_close_wizard("completed")

    def action_leave(self):
        """Ask why the person leaves before the end, then close these stays."""
        self._check_from(
            ACTIVE_BUCKETS,
            self.env._("Only a stay in progress or on hold can be left."),
        )
        return self._open_close_wizard("left")

    def action_refuse(self):
        """Ask why the request is not followed or not accepted, then close it."""
        self._check_from(
            ("applied", "waitlisted"),
            self.env._(
                "Only a request or a person on the waiting list can be closed this way."
            ),
        )
        return self._open_close_wizard("refused")

    # === BUSINESS
    def _end(self, bucket, exit_reason, date_end=None):
        """End these stays.

        :param str bucket: 'completed' or 'left'.
        :param exit_reason: one ess.exit.reason (may be empty when completed).
        :param date date_end: last day, today by default.
        """
        self._check_from(
            ACTIVE_BUCKETS,
            self.env._("Only a stay in progress or on hold can be ended."),
        )
        if bucket == "left" and not exit_reason:
            raise UserError(
                self.env._("Say why the person leaves: choose an exit reason.")
            )
        self.write(
            {
                "stage_id": self.env["ess.enrolment.stage"]._get_first(bucket).id,
                "exit_reason_id": exit_reason.id,
                "date_end": date_end or self.programme_id._today(),
            }
        )

    def _refuse(self, refusal_reason):
        """Close these requests with a reason, the person's own or the association's.

        :param refusal_reason: one ess.refusal.reason.
        """
        self._check_from(
            ("applied", "waitlisted"),
            self.env._(
                "Only a request or a person on the waiting list can be closed this way."
            ),
        )
        if not refusal_reason:
            raise UserError(
                self.env._(
                    "Say why: these reasons are what shows the needs that nobody "
                    "answers."
                )
            )
        stages = self.env["ess.enrolment.stage"].search([("bucket", "=", "refused")])
        code = "not_followed" if refusal_reason.is_by_person else "not_accepted"
        stage = stages.filtered(lambda stage: stage.code == code)[:1] or self.env[
            "ess.enrolment.stage"
        ]._get_first("refused")
        self.write({"stage_id": stage.id, "refusal_reason_id": refusal_reason.id})

    def _check_from(self, buckets, message):
        if self.filtered(lambda enrolment: enrolment.bucket not in buckets):
            raise UserError(message)

    def _check_still_open(self):
        """Say now what the allocation could only leave undone.

        :raises UserError: when the programme is over, or the person is in it already.
        """
        for programme in self.programme_id:
            if programme.date_to and programme.date_to < programme._today():
                raise UserError(
                    self.env._(
                        "“%(name)s” ended on %(day)s. Change its dates before taking "
                        "someone in.",
                        name=programme.name,
                        day=format_date(self.env, programme.date_to),
                    )
                )
        # sudo: only whether a stay exists, of people whose request the user manages.
        stays = self.sudo().search(
            [
                ("beneficiary_id", "in", self.beneficiary_id.ids),
                ("programme_id", "in", self.programme_id.ids),
                ("bucket", "in", ACTIVE_BUCKETS),
            ]
        )
        inside = {(stay.beneficiary_id.id, stay.programme_id.id) for stay in stays}
        if any(
            (stay.beneficiary_id.id, stay.programme_id.id) in inside for stay in self
        ):
            raise UserError(
                self.env._(
                    "This person is already in this programme. Open the stay in "
                    "progress instead of starting another one."
                )
            )

    def _open_close_wizard(self, outcome):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_programmes.ess_enrolment_close_action"
        )
        return dict(
            action,
            context={"default_enrolment_ids": self.ids, "default_outcome": outcome},
        )
