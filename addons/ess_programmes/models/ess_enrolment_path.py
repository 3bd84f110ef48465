from odoo import fields, models
from odoo.exceptions import UserError

from .ess_enrolment_stage import ACTIVE_BUCKETS


class EssEnrolment(models.Model):
    """The path of a stay: asked, waiting, in, on hold, ended; one method a step."""

    _inherit = "ess.enrolment"

    # === ACTIONS
    def action_enrol(self):
        """Take these people in, today or on the date already chosen."""
        self._check_from(
            ("applied", "waitlisted"),
            self.env._(
                "Only a request or a person on the waiting list can be taken in."
            ),
        )
        self._check_places()
        self.stage_id = self.env["ess.enrolment.stage"]._get_first("enrolled")

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
                "date_end": date_end or fields.Date.context_today(self),
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

    def _check_places(self):
        """Refuse politely when the programme or the group is full.

        :raises UserError: with the number of places and what to do.
        """
        for field_name, records in (
            ("programme_id", self.programme_id),
            ("cohort_id", self.cohort_id),
        ):
            # sudo: only counts, so that a place taken by a person whom the user may not
            # see is not sold twice.
            groups = self.sudo()._read_group(
                [(field_name, "in", records.ids), ("bucket", "in", ACTIVE_BUCKETS)],
                [field_name],
                ["__count"],
            )
            taken = {holder.id: count for holder, count in groups}
            for holder in records:
                asked = len(
                    self.filtered(
                        lambda enrolment, holder=holder, name=field_name: enrolment[
                            name
                        ]
                        == holder
                    )
                )
                if (
                    holder.capacity
                    and taken.get(holder.id, 0) + asked > holder.capacity
                ):
                    raise UserError(
                        self.env._(
                            "“%(name)s” is full: %(taken)s of %(capacity)s places are "
                            "taken. Put the person on the waiting list, or add places.",
                            name=holder.name,
                            taken=taken.get(holder.id, 0),
                            capacity=holder.capacity,
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
