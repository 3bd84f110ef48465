from odoo import fields, models
from odoo.exceptions import UserError


class EssShare(models.Model):
    """What the legal frame of a share asks, and the parts that leave."""

    _inherit = "ess.share"

    # === THE FRAME

    def _check_recipient_of_frame(self):
        frame = self.frame_id
        outside = self.recipient_kind not in ("bound", "authority")
        if frame.is_secrecy_needed and outside:
            raise UserError(
                self.env._(
                    "Under “%(frame)s”, only people bound by professional secrecy "
                    "receive. Volunteers and others receive with the agreement of the "
                    "person.",
                    frame=frame.name,
                )
            )
        upper = "ess_beneficiary.group_beneficiary_manager"
        if frame.is_upper_only:
            if not self.env.user.has_group(upper):
                raise UserError(
                    self.env._(
                        "Give the requisition to the direction and to the "
                        "data-protection officer: they answer it."
                    )
                )
            if not (self.legal_text or "").strip():
                raise UserError(self.env._("Name the text or the order."))

    def _check_told(self):
        if self.told == "before":
            if not (self.date_told and self.told_by_id and self.told_how):
                raise UserError(
                    self.env._("Say when the person was told, by whom and how.")
                )
        elif self.frame_id.told == "before":
            raise UserError(
                self.env._(
                    "Under “%(frame)s”, the person is told before. Tell them first.",
                    frame=self.frame_id.name,
                )
            )
        elif not (self.not_told_reason or "").strip():
            raise UserError(self.env._("Say why the person was not told."))

    def _check_agreement(self):
        frame = self.frame_id
        # sudo: whether the person agreed to this recipient, for who writes the share
        answers = self.env["ess.consent"].sudo()
        domain = [
            ("beneficiary_id", "=", self.beneficiary_id.id),
            ("recipient_id", "=", self.recipient_id.id),
        ]
        last = answers.search(domain, limit=1)
        refused = last and last.state != "given"
        needed = frame.is_agreement_needed
        if refused and (needed or frame.is_objection_possible):
            raise UserError(
                self.env._("The person does not want this share. It is not made.")
            )
        if not needed:
            return answers.browse()
        holding = answers.search([*domain, ("is_in_force", "=", True)], limit=1)
        if not holding:
            raise UserError(
                self.env._(
                    "The person has not agreed to share with this recipient. Ask them, "
                    "then note the agreement in the tab “Agreements and rights”."
                )
            )
        return holding

    # === THE PARTS

    def _prepare_packet(self):
        """Read the chosen parts with the rights of the user who shares.

        :rtype: dict
        """
        file = self.beneficiary_id
        person = file._get_readable_person()
        identity = ("first_name", "last_name", "pseudonym", "birth_date_text")
        contacts = ("phones", "email", "street", "street2", "zip", "city")
        packet = {}
        if self.has_identity:
            packet["identity"] = [person[name] for name in identity if person[name]]
        if self.has_contacts:
            packet["contacts"] = [
                line
                for name in contacts
                for line in (
                    person[name] if name == "phones" else [person[name] or None]
                )
                if line
            ]
        if self.has_project:
            packet["project"] = self._prepare_project()
        if self.has_situations:
            packet["situations"] = self._prepare_situations()
        return packet

    def _prepare_project(self):
        current = self.beneficiary_id._search_facts("ess.life.project").filtered(
            lambda project: project.state == "current"
        )
        goals = current[:1].goal_ids.filtered(lambda goal: goal.state != "dropped")
        return [line for line in [current[:1].words, *goals.mapped("words")] if line]

    def _prepare_situations(self):
        """Situations of today, without the domains that only the team reads."""
        today = fields.Date.context_today(self)
        situations = self.beneficiary_id._search_facts("ess.situation").filtered(
            lambda line: (
                not line.domain_id.is_team_only
                and line.date_from <= today
                and (not line.date_to or line.date_to >= today)
            )
        )
        return situations.mapped("display_name")
