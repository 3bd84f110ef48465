from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_list

from ..models.ess_beneficiary import FILE_GROUPS


class EssBeneficiaryProtect(models.TransientModel):
    """Protect a file: why, who is named, what the others lose.

    Opened from the file by somebody who may write in it. The named team may leave out
    the one who protects.
    """

    _name = "ess.beneficiary.protect"
    _description = "Protect this file"

    beneficiary_id = fields.Many2one(
        comodel_name="ess.beneficiary", string="Person", required=True, readonly=True
    )
    reason = fields.Selection(
        selection=lambda self: self.env["ess.beneficiary"]
        ._fields["protection_reason"]
        ._description_selection(self.env),
        string="Why",
        required=True,
    )
    date_review = fields.Date(
        string="Look at it again on",
        default=lambda self: self.env["ess.beneficiary"]._get_default_review(),
    )
    named_user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Named team",
        compute="_compute_named_user_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain=[("share", "=", False)],
        help="They alone will find and read the file from now on.",
    )
    with_ids = fields.Many2many(
        comodel_name="ess.beneficiary",
        string="Protect with it",
        compute="_compute_with_ids",
        compute_sudo=False,  # only people whom the user knows of
        store=True,
        readonly=False,
        domain="[('id', 'in', around_ids)]",
        help="Whoever lives with the person leads to them: children above all.",
    )
    around_ids = fields.Many2many(
        comodel_name="ess.beneficiary", compute="_compute_around_ids"
    )
    losing_names = fields.Char(
        string="Who will lose the file", compute="_compute_losing_names"
    )
    is_me_out = fields.Boolean(compute="_compute_losing_names")

    # === COMPUTE

    @api.depends("beneficiary_id")
    def _compute_named_user_ids(self):
        for wizard in self:
            wizard.named_user_ids = wizard.beneficiary_id.team_user_ids

    @api.depends("beneficiary_id")
    @api.depends_context("uid")
    def _compute_around_ids(self):
        for wizard in self:
            around = wizard.beneficiary_id._origin.household_mate_ids.beneficiary_id
            wizard.around_ids = around._filtered_access("write")

    @api.depends("beneficiary_id")
    def _compute_with_ids(self):
        """Propose the children who live there; adults are a choice."""
        for wizard in self:
            children = wizard.beneficiary_id._origin.household_mate_ids.filtered(
                lambda member: member.role == "child" or member.beneficiary_id.is_minor
            )
            wizard.with_ids = children.beneficiary_id & wizard.around_ids._origin

    @api.depends("beneficiary_id", "named_user_ids", "with_ids")
    @api.depends_context("uid", "lang")
    def _compute_losing_names(self):
        for wizard in self:
            files = (wizard.beneficiary_id | wizard.with_ids)._origin
            losing = files.team_user_ids - wizard.named_user_ids._origin
            names = sorted(losing.mapped("name"))
            wizard.losing_names = format_list(self.env, names) if names else False
            wizard.is_me_out = self.env.user not in wizard.named_user_ids._origin

    # === ACTIONS

    def action_protect(self):
        """Protect the files and leave them, when the user is not named.

        :rtype: dict
        """
        self.ensure_one()
        files = self.beneficiary_id | self.with_ids
        files.check_access("write")
        self._check_named()
        named = self.named_user_ids
        # sudo: people are named into the team, and named out of it, by somebody who
        # may write in these files and may not be in the team afterwards.
        files = files.sudo()
        self._write_team(files, named)
        files.write(
            {
                "is_protected": True,
                "protection_reason": self.reason,
                "date_protection_review": self.date_review,
                "date_protected": fields.Datetime.now(),
                "protected_by_id": self.env.uid,
            }
        )
        if self.env.user in named:
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        return self.env["ir.actions.act_window"]._for_xml_id(
            "ess_beneficiary.ess_beneficiary_search_action"
        ) | {"target": "main"}

    # === BUSINESS

    def _check_named(self):
        if not self.named_user_ids:
            raise UserError(
                self.env._("Name at least one person who will still see the file.")
            )
        strangers = self.named_user_ids.filtered(
            lambda user: (
                not user.active
                or not user.has_groups(FILE_GROUPS)
                or self.beneficiary_id.company_id not in user.company_ids
            )
        )
        if strangers:
            raise UserError(
                self.env._(
                    "%(names)s cannot read files: choose workers of this association.",
                    names=format_list(self.env, strangers.mapped("name")),
                )
            )

    def _write_team(self, files, named):
        """End the follow-up of those who are not named, begin that of the others.

        :param files: ess.beneficiary, as superuser
        :param named: res.users
        """
        today = fields.Date.context_today(self)
        for file in files:
            team = file.team_user_ids
            file.followup_ids = [
                Command.create({"user_id": user.id, "role": "social_worker"})
                for user in named - team
            ]
        ended = files.followup_ids.filtered(
            lambda line: (
                line.user_id
                and line.user_id not in named
                and (not line.date_to or line.date_to >= today)
            )
        )
        # access ends now, not tonight: the last day was yesterday
        yesterday = fields.Date.subtract(today, days=1)
        begun = ended.filtered(lambda line: line.date_from > yesterday)
        begun.date_from = yesterday
        ended.write({"date_to": yesterday, "end_reason": "safety"})
        referents = files.filtered(lambda file: not file.referent_id)
        for file in referents:
            line = file.followup_ids.filtered(lambda line: line.user_id in named)[:1]
            line.is_referent = True
