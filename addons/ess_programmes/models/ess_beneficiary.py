import base64
import re

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from .ess_enrolment_stage import ACTIVE_BUCKETS

# Stays whose team reads the file: asked for, waited for or running.
TEAM_BUCKETS = ("applied", "waitlisted", *ACTIVE_BUCKETS)
TOKEN = re.compile(r"[0-9a-f]{32}")


class EssBeneficiary(models.Model):
    """What is done with the person: stays in programmes, presences, next appointment,
    card with a code.
    """

    _inherit = "ess.beneficiary"

    enrolment_ids = fields.One2many(
        "ess.enrolment",
        "beneficiary_id",
        string="Enrolments",
        groups="ess_programmes.group_programmes_officer",
    )
    presence_ids = fields.One2many(
        "ess.presence",
        "beneficiary_id",
        string="Presences",
        groups="ess_programmes.group_programmes_officer",
    )
    enrolment_count = fields.Integer(
        compute="_compute_enrolment_count",
        string="Programmes in progress",
        groups="ess_programmes.group_programmes_officer",
    )
    presence_count = fields.Integer(
        compute="_compute_presence_count",
        string="Times present",
        groups="ess_programmes.group_programmes_officer",
    )
    next_session_id = fields.Many2one(
        "ess.session",
        string="Next session",
        compute="_compute_next_session",
        compute_sudo=True,
        groups="ess_programmes.group_programmes_officer",
    )
    next_appointment = fields.Char(
        compute="_compute_next_session",
        compute_sudo=True,
        groups="ess_programmes.group_programmes_viewer",
        help="Day, place and worker of the next session where the person is expected. "
        "The programme is not named.",
    )

    @api.depends("enrolment_ids.bucket", "enrolment_ids.programme_id.team_user_ids")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        return super()._compute_is_mine()

    @api.depends("enrolment_ids.bucket", "enrolment_ids.programme_id.team_user_ids")
    @api.depends_context("uid")
    def _compute_is_mine_to_fill(self):
        return super()._compute_is_mine_to_fill()

    @api.model
    def _get_my_files_queries(self, to_fill=False):
        """The team of a programme reads and fills in the files of those who are in
        it, and with them what is written there.
        """
        self.env["ess.enrolment"].flush_model(
            ["beneficiary_id", "bucket", "programme_id"]
        )
        self.env["ess.programme"].flush_model(["team_user_ids"])
        programmes = SQL(
            "SELECT enrolment.beneficiary_id FROM ess_enrolment enrolment"
            " JOIN %s team ON team.%s = enrolment.programme_id"
            " WHERE team.%s = %s AND enrolment.bucket = ANY(%s)",
            *self._get_programme_team_columns(),
            self.env.uid,
            list(TEAM_BUCKETS),
        )
        return [*super()._get_my_files_queries(to_fill), programmes]

    @api.model
    def _get_programme_team_columns(self):
        """Name the relation table of the teams of programmes and its two columns."""
        field = self.env["ess.programme"]._fields["team_user_ids"]
        return [
            SQL.identifier(name)
            for name in (field.relation, field.column1, field.column2)
        ]

    @api.model
    def _get_list_safe_fields(self):
        """Lists show when the person is expected next, and how often they came."""
        return super()._get_list_safe_fields() | {
            "enrolment_count",
            "next_appointment",
            "next_session_id",
            "presence_count",
        }

    # === COMPUTE
    def _compute_enrolment_count(self):
        groups = self.env["ess.enrolment"]._read_group(
            [("beneficiary_id", "in", self.ids), ("bucket", "in", ACTIVE_BUCKETS)],
            ["beneficiary_id"],
            ["__count"],
        )
        counts = {person.id: count for person, count in groups}
        for person in self:
            person.enrolment_count = counts.get(person._origin.id, 0)

    def _compute_presence_count(self):
        groups = self.env["ess.presence"]._read_group(
            [("beneficiary_id", "in", self.ids), ("is_present", "=", True)],
            ["beneficiary_id"],
            ["__count"],
        )
        counts = {person.id: count for person, count in groups}
        for person in self:
            person.presence_count = counts.get(person._origin.id, 0)

    def _compute_next_session(self):
        # compute_sudo: whoever can read the file, reception included, may tell the
        # person when and where to come. Presences are not opened: only the time, the
        # place and the worker of the next session leave this method.
        presences = self.env["ess.presence"].search(
            [
                ("beneficiary_id", "in", self.ids),
                ("state", "=", "expected"),
                ("session_id.state", "=", "planned"),
                ("session_id.date_end", ">=", fields.Datetime.now()),
            ]
        )
        first = {}
        for presence in presences.sorted(
            lambda presence: presence.session_id.date_start, reverse=True
        ):
            first[presence.beneficiary_id.id] = presence.session_id
        for person in self:
            session = first.get(person._origin.id, self.env["ess.session"])
            person.next_session_id = session
            person.next_appointment = (
                self._format_appointment(session) if session else False
            )

    # === ACTIONS
    def action_open_enrolments(self):
        """Open the stays of this person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_programmes.ess_enrolment_action"
        )
        return dict(
            action,
            domain=[("beneficiary_id", "=", self.id)],
            context={"default_beneficiary_id": self.id},
        )

    def action_open_presences(self):
        """Open the presences of this person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_programmes.ess_presence_action"
        )
        return dict(action, domain=[("beneficiary_id", "=", self.id)], context={})

    # === BUSINESS
    @api.model
    def _format_appointment(self, session):
        """Return when, where and with whom, in the programme's time zone."""
        when = format_datetime(
            self.env, session.date_start, tz=session.programme_id.tz, dt_format="short"
        )
        return " · ".join(filter(None, (when, session.place, session.user_id.name)))

    @api.model
    def _search_display_name(self, operator, value):
        """Find a person by the code of the card too: a phone's camera fills the search
        box with it.
        """
        domain = super()._search_display_name(operator, value)
        if operator not in ("ilike", "in"):
            return domain
        texts = [value] if operator == "ilike" else value
        people = self.browse().union(*map(self._get_by_qr_token, texts))
        if not people:
            return domain
        return fields.Domain.OR([domain, [("id", "in", people.ids)]])

    @api.model
    def _get_by_qr_token(self, token):
        """Return the file of a card, or nothing: unknown, renewed, of another
        association, or not to be known of.

        :param str token: what was scanned.
        :rtype: ess.beneficiary recordset of at most one record, with the user's own
            rights
        """
        token = (token or "").strip().lower() if isinstance(token, str) else ""
        if not TOKEN.fullmatch(token):
            return self.browse()
        # sudo: a person who comes for the first time is in nobody's files yet, and the
        # card itself is what proves that the person is here. Only the id leaves this
        # method; a protected file answers to its named team alone.
        # The card of a merged file leads to the file of the person.
        files = self.sudo().with_context(active_test=False)
        person = files.search(
            [("qr_token", "=", token), ("company_id", "in", self.env.companies.ids)]
        )
        person = person.filtered(lambda file: file.active or file.merged_into_id)
        person = person._follow_merges().with_env(self.env).sudo()
        if person.is_protected and self.env.user not in person.team_user_ids:
            return self.browse()
        return person.sudo(False)

    def _get_qr_data_uri(self):
        """Return the person's code as an image inside the page, so that a card prints
        without any network.

        :rtype: str
        """
        self.ensure_one()
        image = self.env["ir.actions.report"].barcode(
            "QR", self.qr_token, width=300, height=300, quiet=0
        )
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"

    def _get_readable_file(self):
        """Add the programmes followed and the presences to the readable file."""
        content = super()._get_readable_file()
        if self.env["ess.enrolment"].has_access("read"):
            content["enrolments"] = [
                enrolment._prepare_readable()
                for enrolment in self.env["ess.enrolment"].search(
                    [("beneficiary_id", "=", self.id)]
                )
            ]
        if self.env["ess.presence"].has_access("read"):
            content["presences"] = [
                presence._prepare_readable()
                for presence in self.env["ess.presence"].search(
                    [("beneficiary_id", "=", self.id)]
                )
            ]
        return content
