import hashlib
import json
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from .ess_life_project import AGREED

# Letters and digits that nobody takes for another one, read aloud or by hand.
CODE_LETTERS = "ABCDEFGHJKLMNPQRTUVWXY346789"
CODE_LENGTH = 10
PROOF_FIELDS = {
    "agreement",
    "agreement_date",
    "agreement_language",
    "agreement_note",
    "signed_on",
    "signature",
    "signed_scan",
}


class EssLifeProject(models.Model):
    """How the person agreed to a version, and the proof: a signature or a scan."""

    _inherit = "ess.life.project"

    agreement_date = fields.Date(string="Agreed on", copy=False)
    agreement_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Agreement noted by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    agreement_language = fields.Char(
        string="Language of the agreement",
        copy=False,
        help="In which language it was read out and agreed.",
    )
    signed_on = fields.Selection(
        selection=[("screen", "On screen"), ("paper", "On paper")],
        copy=False,
    )
    signature = fields.Binary(string="Signature of the person", copy=False)
    worker_signature = fields.Binary(string="Signature of the worker", copy=False)
    signed_scan = fields.Binary(string="Signed sheet", copy=False)
    signed_scan_name = fields.Char(string="Name of the scan", copy=False)
    print_code = fields.Char(
        string="Code of the printed sheet",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Random code printed on the sheet to sign, so that its scan finds its "
        "way back. It says nothing by itself.",
    )
    print_digest = fields.Char(readonly=True, copy=False)

    _print_code_uniq = models.UniqueIndex(
        "(print_code)", "Another sheet already has this code: print it again."
    )

    # === CRUD

    def write(self, vals):
        """Keep the proof of an agreement as it was given."""
        if PROOF_FIELDS & vals.keys() and not self.env.su:
            for project in self:
                project._check_proof(vals)
        return super().write(vals)

    # === ACTIONS

    def action_agree(self):
        """Ask how the person agrees to this version.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agreement of the person"),
            "res_model": "ess.life.project.agree",
            "view_mode": "form",
            "target": "new",
            "context": {"default_life_project_id": self.id},
        }

    def action_print(self):
        """Print the version to read together and sign, with the code of its scan.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the code and what was printed under it, for whoever may read the file
        project = self.sudo()
        if not project.print_code:
            project.print_code = project._new_print_code()
        project.print_digest = project._digest()
        return self.env.ref("ess_beneficiary.ess_life_project_report").report_action(
            self
        )

    # === BUSINESS

    def _check_proof(self, vals):
        """Refuse to change an agreement that was given; completing it is fine.

        :param dict vals: values for write
        :raises UserError: when something that is there would change
        """
        self.ensure_one()
        if self.agreement not in AGREED:
            return
        stronger = vals.get("agreement") == "signed" and self.agreement != "signed"
        for name in PROOF_FIELDS & vals.keys():
            as_held = self._fields[name].convert_to_cache
            same = as_held(vals[name], self) == as_held(self[name], self)
            if self[name] and not same and not stronger:
                raise UserError(
                    self.env._(
                        "The agreement to this version was noted and stays as it is. "
                        "Make a new version to agree on something else."
                    )
                )

    def _agree(self, agreement, **proof):
        """Note how the person answers to this version.

        :param str agreement: key of the field
        :param dict proof: other values (signature, language, reason…)
        """
        self.ensure_one()
        # the proof is kept as it was given, never resized
        self.with_context(image_no_postprocess=True).write(
            {
                "agreement": agreement,
                "agreement_date": fields.Date.context_today(self),
                "agreement_user_id": self.env.uid,
                **proof,
            }
        )

    def _new_print_code(self):
        """Draw a code: 28^10 possibilities, so that guessing gets nowhere.

        :rtype: str
        """
        return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))

    def _digest(self):
        """Return the fingerprint of what the sheet says: the words and the goals.

        :rtype: str
        """
        self.ensure_one()
        goals = self.goal_ids.sorted(lambda goal: (goal.rank, goal.id))
        content = [self.version, self.words or "", goals.mapped("words")]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    @api.model
    def _normalise_code(self, text):
        """Return a code as it was printed, however it was typed or scanned.

        :rtype: str
        """
        return "".join(char for char in (text or "").upper() if char.isalnum())

    def _get_print_code_text(self):
        """Return the code in two groups, easier to read aloud.

        :rtype: str
        """
        code = self.print_code or ""
        return f"{code[:5]} {code[5:]}".strip()
