from odoo import api, fields, models
from odoo.exceptions import UserError


class EssLifeProjectAgree(models.TransientModel):
    """How the person answers to a version of the project, asked at the meeting.

    Filled in by the worker with the person beside; writes the answer and its proof
    on the version. Nothing waits for it: closing the window changes nothing.
    """

    _name = "ess.life.project.agree"
    _description = "Agreement to a life project"

    life_project_id = fields.Many2one(
        comodel_name="ess.life.project", required=True, ondelete="cascade"
    )
    words = fields.Text(related="life_project_id.words")
    goal_ids = fields.One2many(related="life_project_id.goal_ids")
    agreement = fields.Selection(
        selection=lambda self: self._get_agreements(),
        string="What does the person say?",
        required=True,
        default="signed",
    )
    # in the row of the window, which goes away: the proof is kept on the version
    signature = fields.Binary(string="Signature of the person", attachment=False)
    worker_signature = fields.Binary(string="Signature of the worker", attachment=False)
    language = fields.Char(help="In which language it was read out.")
    note = fields.Char(
        string="Said to whom, or reason",
        help="Who heard the agreement, the name of the interpreter, or why the "
        "person cannot sign. Not asked of a person who does not wish to sign.",
    )

    @api.model
    def _get_agreements(self):
        """Return the same answers as on the version.

        :rtype: list of tuple
        """
        field = self.env["ess.life.project"]._fields["agreement"]
        return field._description_selection(self.env)

    def action_confirm(self):
        """Write the answer on the version.

        :rtype: dict
        """
        self.ensure_one()
        self._check_proof()
        signed = self.agreement == "signed"
        spoken = self.agreement in ("oral", "interpreter")
        self.life_project_id._agree(
            self.agreement,
            agreement_note=self.note,
            agreement_language=self.language if spoken else False,
            signed_on="screen" if signed else False,
            signature=self.signature if signed else False,
            worker_signature=self.worker_signature if signed else False,
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_proof(self):
        """Refuse an answer without what makes it worth something.

        :raises UserError: naming what is missing
        """
        if self.agreement == "signed" and not self.signature:
            raise UserError(
                self.env._(
                    "The person has not signed yet. Print the sheet to sign on paper, "
                    "or choose what the person says."
                )
            )
        if self.agreement == "interpreter" and not self.language:
            raise UserError(self.env._("Say in which language it was read out."))
        if self.agreement == "not_able" and not self.note:
            raise UserError(self.env._("Say why the person cannot sign."))
