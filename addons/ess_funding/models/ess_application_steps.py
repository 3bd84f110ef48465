from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class EssApplication(models.Model):
    """From preparation to the answer of the funder: what each step asks for."""

    _inherit = "ess.application"

    # === ACTIONS
    def action_send(self):
        """The application leaves: its budget balances, its answers fit.

        :raises UserError: what is missing
        """
        for application in self:
            application._check_ready()
        self.write(
            {
                "stage_id": self._get_stage("sent").id,
                "date_sent": fields.Date.context_today(self),
            }
        )

    def action_win(self):
        """The funder said yes: make the grant, and open it.

        :raises UserError: without the amount, the dates or the funder
        """
        self.ensure_one()
        if self.grant_id:
            return self.action_open_grant()
        grant = self.env["ess.grant"].create(self._prepare_grant())
        grant.action_notify()
        self.write({"grant_id": grant.id, "stage_id": self._get_stage("won").id})
        if self.budget_id and not self.budget_id.grant_id:
            self.budget_id.grant_id = grant
        return self.action_open_grant()

    def action_lose(self):
        """The funder said no, or the association gave up; it says why.

        :raises UserError: without a reason
        """
        for application in self:
            if not (application.lost_reason or "").strip():
                raise UserError(
                    self.env._(
                        "Say why “%(name)s” was not granted: the next application "
                        "learns from it.",
                        name=application.name,
                    )
                )
        self.stage_id = self._get_stage("lost")

    def action_open_grant(self):
        """Open the grant that came of it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ess.grant",
            "res_id": self.grant_id.id,
            "view_mode": "form",
        }

    def action_prepare_answers(self):
        """Fill the copy sheet with the fields of the platform, in their order.

        What is written already stays; texts come from the library.

        :raises UserError: when no platform is chosen
        """
        for application in self:
            if not application.platform_id:
                raise UserError(
                    self.env._("Choose the platform on which you file it first.")
                )
            present = set(application.answer_ids.mapped("name"))
            application.answer_ids = [
                Command.create(field._prepare_answer(application))
                for field in application.platform_id.field_ids
                if field.name not in present
            ]

    # === BUSINESS
    def _check_ready(self):
        """Refuse to send what the funder would refuse.

        :raises UserError: the first thing that is wrong
        """
        self.ensure_one()
        if not self.funder_id or not self.amount_asked:
            raise UserError(
                self.env._("Enter the funder and the amount that you ask for.")
            )
        if self.budget_id and not self.budget_id.is_balanced:
            raise UserError(self.budget_id.balance_message)
        long = self.answer_ids.filtered("is_too_long")
        if long:
            raise UserError(
                self.env._(
                    "These answers are too long for the form: %(names)s.",
                    names=", ".join(long.mapped("name")),
                )
            )

    def _prepare_grant(self):
        """Values of the grant that comes of it.

        :raises UserError: what is missing
        :rtype: dict
        """
        self.ensure_one()
        budget = self.budget_id
        first = self.date_from or budget.date_from
        last = self.date_to or budget.date_to
        if not (self.funder_id and self.amount_granted and first and last):
            raise UserError(
                self.env._(
                    "Enter the funder, the amount granted and the dates of the "
                    "project: the grant is made from them."
                )
            )
        share = {"action_id": self.action_id.id, "amount": self.amount_granted}
        return {
            "name": self.name,
            "funder_id": self.funder_id.id,
            "company_id": self.company_id.id,
            "amount": self.amount_granted,
            "date_from": first,
            "date_to": last,
            "user_id": self.user_id.id,
            "share_ids": [Command.create(share)] if self.action_id else [],
        }
