from odoo import SUPERUSER_ID, fields, models


class EssComplaintNote(models.TransientModel):
    """A worker notes what somebody complains about, from words or a letter.

    The window is erased at once: for an anonymous complaint, nothing may tell who
    noted it. The worker does not read the complaint afterwards.
    """

    _name = "ess.complaint.note"
    _description = "Note a complaint"

    def _get_choices(self, name):
        field = self.env["ess.complaint"]._fields[name]
        return field._description_selection(self.env)

    is_anonymous = fields.Boolean(
        string="Anonymous",
        help="The person does not want to say who they are: no name, no link, and no "
        "trace of who noted it.",
    )
    beneficiary_id = fields.Many2one(comodel_name="ess.beneficiary", string="Person")
    kind = fields.Selection(
        selection=lambda self: self._get_choices("kind"),
        required=True,
        default="complaint",
    )
    decision = fields.Selection(
        selection=lambda self: self._get_choices("decision"),
        string="Which decision",
    )
    words = fields.Text(string="In their words", required=True)
    source = fields.Selection(
        selection=[("spoken", "Said"), ("paper", "Letter or form")],
        string="Came by",
        required=True,
        default="spoken",
    )

    def action_send(self):
        """Hand the complaint over, and forget the window.

        :rtype: dict
        """
        self.ensure_one()
        person = self.beneficiary_id
        person.check_access("read")
        self.env["ess.complaint"]._receive(
            person,
            self.is_anonymous,
            kind=self.kind,
            decision=self.kind == "appeal" and self.decision,
            words=self.words,
            source=self.source,
        )
        # superuser: the server's log says who deletes, and must not name the worker
        self.with_user(SUPERUSER_ID).unlink()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The complaint is handed over to somebody outside the team."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
