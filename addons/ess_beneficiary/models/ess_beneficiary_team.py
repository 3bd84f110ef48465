from odoo import api, fields, models

from .ess_beneficiary import FILE_GROUPS


class EssBeneficiary(models.Model):
    """The people around the person, and the rights that this gives them."""

    _inherit = "ess.beneficiary"

    followup_ids = fields.One2many(
        comodel_name="ess.followup",
        inverse_name="beneficiary_id",
        string="People around",
        groups=FILE_GROUPS,
    )
    # stored for record rules
    team_user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="ess_beneficiary_team_user_rel",
        column1="beneficiary_id",
        column2="user_id",
        string="Follow-up team",
        compute="_compute_team",
        store=True,
        help="Users with a follow-up in force today: they can read the file.",
    )
    # stored for search and group by
    referent_id = fields.Many2one(
        comodel_name="res.users",
        compute="_compute_team",
        store=True,
        index="btree_not_null",
        groups=FILE_GROUPS,
        help="The professional who answers for the follow-up.",
    )

    @api.depends(
        "followup_ids.user_id",
        "followup_ids.is_referent",
        "followup_ids.date_from",
        "followup_ids.date_to",
    )
    def _compute_team(self):
        """Read all follow-ups of the batch at once; the last referent wins."""
        today = fields.Date.today()
        for beneficiary in self:
            followups = beneficiary.followup_ids.filtered(
                lambda followup: followup.user_id and followup._is_active_on(today)
            )
            referents = followups.filtered("is_referent").sorted("date_from")
            beneficiary.team_user_ids = followups.user_id
            beneficiary.referent_id = referents[-1:].user_id

    @api.model
    def _cron_refresh_teams(self):
        """Open and close access for the follow-ups that start or end.

        Looks at the follow-ups whose team differs from the stored one: those that
        ended before today or start today or earlier, whatever day the job missed.
        """
        today = fields.Date.today()
        starting = self.env["ess.followup"].search(
            [("date_from", "=", today), ("user_id", "!=", False)]
        )
        ended = self.env["ess.followup"].search(
            [("date_to", "<", today), ("user_id", "!=", False)]
        )
        late = ended.filtered(
            lambda followup: followup.user_id in followup.beneficiary_id.team_user_ids
        )
        beneficiaries = (starting | late).beneficiary_id
        for name in ("team_user_ids", "referent_id"):
            self.env.add_to_compute(self._fields[name], beneficiaries)

    def _start_followups(self, facts_list):
        """Give new files their team: the one they bring, or their creator.

        A worker who opens a file becomes its referent, so that they can read it
        back. Nothing happens for reception and with ``no_followup`` in context
        (imports).

        :param list facts_list: values to write later, one dict per file;
            ``followup_ids`` is taken out
        """
        # sudo: the user is not in the team yet, and fills in the team of the files
        # that he or she has just created, of no other.
        files = self.sudo()
        user = self.env.user
        starts = (
            not self.env.context.get("no_followup")
            and not user._is_superuser()
            and user.has_group("ess_beneficiary.group_beneficiary_officer")
        )
        creators = []
        for beneficiary, facts in zip(files, facts_list, strict=False):
            followups = facts.pop("followup_ids", None)
            if followups:
                beneficiary.followup_ids = followups
            elif starts:
                creators.append(
                    {
                        "beneficiary_id": beneficiary.id,
                        "user_id": user.id,
                        "role": "referent",
                        "is_referent": True,
                    }
                )
        self.env["ess.followup"].sudo().create(creators)
