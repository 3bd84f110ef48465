from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class EssProgramme(models.Model):
    """Who may join the programme: its conditions, and the people who meet them."""

    _inherit = "ess.programme"

    criterion_ids = fields.One2many(
        "ess.programme.criterion", "programme_id", string="Who may join"
    )
    has_pending_criterion = fields.Boolean(compute="_compute_has_pending_criterion")

    @api.depends("criterion_ids.domain", "criterion_ids.approval_user_id")
    def _compute_has_pending_criterion(self):
        for programme in self:
            programme.has_pending_criterion = not all(
                programme.criterion_ids.mapped("is_in_force")
            )

    @api.constrains("is_unconditional")
    def _check_no_condition(self):
        for programme in self:
            if programme.is_unconditional and programme.criterion_ids:
                raise ValidationError(
                    self.env._(
                        "“%(programme)s” is open without conditions: nobody is asked "
                        "anything before being helped. Remove its conditions of "
                        "access, or untick “Open without conditions”.",
                        programme=programme.name,
                    )
                )

    # === ACTIONS
    def action_open_eligible(self):
        """Open the people who meet the conditions and have not been in the programme.

        :raises UserError: when nothing says who may join.
        """
        self.ensure_one()
        self._check_has_criteria()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_programmes.ess_programme_action_eligible"
        )
        return dict(
            action,
            name=self.env._("Who may join “%s”", self.name),
            domain=[("may_join_programme_ids", "in", self.ids)],
        )

    def action_enrol_eligible(self):
        """Prepare the enrolment of all who may join."""
        self.ensure_one()
        self._check_has_criteria()
        batch = self.env["ess.enrolment.batch"].create({"programme_id": self.id})
        return batch._open()

    # === BUSINESS
    def _check_has_criteria(self):
        if not self.criterion_ids.filtered("is_in_force"):
            raise UserError(
                self.env._(
                    "Nothing says who may join “%s”. Add a condition of access first.",
                    self.name,
                )
            )

    def _get_eligible_domain(self):
        """Return the people who meet every condition that is applied.

        :rtype: Domain on ess.beneficiary
        """
        self.ensure_one()
        criteria = self.criterion_ids.filtered("is_in_force")
        return Domain.AND([criterion._parse() for criterion in criteria])

    def _get_unmet(self, people):
        """Return the conditions that each of these people does not meet.

        One question to the database for each condition, whatever the number of
        people. Nothing is asked in an unconditional programme.

        :param people: ess.beneficiary recordset that the user may read.
        :return: {person id: ess.programme.criterion recordset}
        :rtype: dict
        """
        self.ensure_one()
        none = self.env["ess.programme.criterion"]
        unmet = dict.fromkeys(people.ids, none)
        # sudo: conditions may ask what this user does not read of the file; only
        # their sentences come out, for people whose file the caller may read.
        files = people.sudo().with_context(active_test=False)
        for criterion in self.criterion_ids.filtered("is_in_force"):
            domain = Domain("id", "in", people.ids) & criterion._parse()
            for person_id in set(people.ids) - set(files._search(domain)):
                unmet[person_id] += criterion
        return unmet
