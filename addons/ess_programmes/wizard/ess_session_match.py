from odoo import api, fields, models
from odoo.exceptions import UserError


class EssSessionMatch(models.TransientModel):
    """The volunteers who could come to a session, with the reasons: the volunteer
    manager ticks some, then puts them on the sheet or asks them.
    """

    _name = "ess.session.match"
    _description = "Who could come"

    session_id = fields.Many2one("ess.session", required=True, readonly=True)
    line_ids = fields.One2many(
        "ess.session.match.line", "match_id", string="Volunteers"
    )

    @api.model
    def _suggest(self, session):
        """Open suggestions for the places left of a session.

        :raises UserError: nothing is needed, or nobody fits
        """
        needs = session.need_ids.filtered("missing")
        if not needs:
            raise UserError(
                self.env._(
                    "Everyone needed is coming. Add a line under “Volunteers needed” "
                    "if you need more people."
                )
            )
        lines = [
            fields.Command.create(
                {
                    "need_id": need_id,
                    "volunteer_id": volunteer_id,
                    "score": score,
                    "reasons": ", ".join(reasons),
                }
            )
            for need_id, found in self.env["ess.volunteer"]._match(needs).items()
            for volunteer_id, score, reasons in found
        ]
        if not lines:
            raise UserError(
                self.env._(
                    "Nobody fits: the volunteers are away, expected elsewhere, or "
                    "their papers are not in order for this session."
                )
            )
        return self.create({"session_id": session.id, "line_ids": lines})

    def action_assign(self):
        """Put those who are ticked on the sheet: they have said yes."""
        chosen = self._get_chosen()
        self.env["ess.presence"].create(
            [
                {
                    "session_id": self.session_id.id,
                    "volunteer_id": line.volunteer_id.id,
                    "need_id": line.need_id.id,
                    "mission_type_id": line.need_id.mission_type_id.id,
                    "state": "expected",
                }
                for line in chosen
            ]
        )

    def action_call(self):
        """Ask those who are ticked, by e-mail: the first to sign up has the place."""
        chosen = self._get_chosen()
        without = chosen.volunteer_id.filtered(lambda one: not one.email)
        if without:
            raise UserError(
                self.env._(
                    "No e-mail address: %(names)s. Call them, then put them on the "
                    "sheet.",
                    names=", ".join(without.mapped("display_name")),
                )
            )
        chosen.volunteer_id._tell_each(
            "call", {line.volunteer_id: line.need_id for line in chosen}
        )

    def _get_chosen(self):
        self.ensure_one()
        chosen = self.line_ids.filtered("is_chosen")
        if not chosen:
            raise UserError(self.env._("Tick at least one volunteer."))
        return chosen
