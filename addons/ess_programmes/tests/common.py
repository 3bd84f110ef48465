from datetime import datetime, timedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.ess_beneficiary.tests.common import EssBeneficiaryCommon


class EssProgrammesCommon(EssBeneficiaryCommon):
    """Adds the roles of this room and makers of programmes, sessions, enrolments and
    presences.

    ``worker`` is in the team of ``programme``; ``worker2`` is in the team of
    ``programme_2``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._grant(cls.reception, "group_programmes_viewer")
        cls._grant(cls.worker + cls.worker2, "group_programmes_officer")
        cls._grant(cls.coordinator, "group_programmes_manager")
        cls._grant(cls.other_company_user, "group_programmes_manager")
        room = "ess_programmes.group_volunteers_"
        cls._make_users(
            {
                "volunteer_officer": f"{room}officer",
                "volunteer_manager": f"{room}manager",
            }
        )
        cls.programme = cls._make_programme(
            name="Les Mots d'ici", kind="course", team=cls.worker
        )
        cls.programme_2 = cls._make_programme(
            name="L'Étal", kind="distribution", team=cls.worker2
        )

    @classmethod
    def _grant(cls, users, group):
        users.sudo().write(
            {"group_ids": [Command.link(cls.env.ref(f"ess_programmes.{group}").id)]}
        )

    @classmethod
    def _stage(cls, key):
        return cls.env.ref(f"ess_programmes.ess_enrolment_stage_{key}")

    @classmethod
    def _reason(cls, key):
        return cls.env.ref(f"ess_programmes.ess_exit_reason_{key}")

    @classmethod
    def _refusal(cls, key):
        return cls.env.ref(f"ess_programmes.ess_refusal_reason_{key}")

    @classmethod
    def _make_programme(cls, team=None, **vals):
        """Create a programme of the first company with ``team`` (res.users)."""
        team = team if team is not None else cls.env["res.users"]
        return cls.env["ess.programme"].create(
            {
                "name": cls.canary("Programme"),
                "company_id": cls.company.id,
                "tz": "Europe/Paris",
                "manager_id": team[:1].id,
                "team_user_ids": [Command.set(team.ids)],
                **vals,
            }
        )

    @classmethod
    def _make_session(cls, programme=None, start=None, hours=2, **vals):
        """Create a session that started an hour ago, unless ``start`` (naive UTC
        datetime) says otherwise.
        """
        start = start or fields.Datetime.now().replace(microsecond=0) - timedelta(
            hours=1
        )
        return cls.env["ess.session"].create(
            {
                "programme_id": (programme or cls.programme).id,
                "date_start": start,
                "date_end": start + timedelta(hours=hours),
                "user_id": False,
                **vals,
            }
        )

    @classmethod
    def _make_enrolment(cls, beneficiary=None, programme=None, stage="entered", **vals):
        """Create a stay at the stage whose key is ``stage``; entered a month ago when
        it has begun.
        """
        beneficiary = beneficiary or cls._make_beneficiary()
        if stage in ("entered", "paused", "done", "left"):
            vals.setdefault("date_start", fields.Date.today() - timedelta(days=30))
        if stage == "left":
            vals.setdefault("exit_reason_id", cls._reason("choice").id)
        return cls.env["ess.enrolment"].create(
            {
                "beneficiary_id": beneficiary.id,
                "programme_id": (programme or cls.programme).id,
                "stage_id": cls._stage(stage).id,
                **vals,
            }
        )

    @classmethod
    def _make_presence(cls, session=None, beneficiary=None, **vals):
        """Create one line of a sheet, for a new person unless a volunteer or a count is
        given.
        """
        session = session or cls._make_session()
        if not {"volunteer_id", "headcount"} & vals.keys():
            vals["beneficiary_id"] = (beneficiary or cls._make_beneficiary()).id
        return cls.env["ess.presence"].create({"session_id": session.id, **vals})

    @classmethod
    def _make_volunteer(cls, **vals):
        """Create a volunteer on a new invented contact."""
        partner = cls.env["res.partner"].create({"name": cls.canary("Volunteer")})
        return cls.env["ess.volunteer"].create(
            {"partner_id": partner.id, "company_id": cls.company.id, **vals}
        )

    @staticmethod
    def _utc(text):
        return datetime.strptime(text, "%Y-%m-%d %H:%M")
