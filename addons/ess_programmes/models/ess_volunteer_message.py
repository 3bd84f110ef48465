from markupsafe import Markup

from odoo import models

HOME = "/my/volunteering"


class EssVolunteer(models.Model):
    """What a volunteer is told by e-mail: a reminder, a place that is free, a call.

    A message says the day, the hour and the place of a session, never who is helped.
    """

    _inherit = "ess.volunteer"

    def _tell_each(self, kind, about):
        """Send each volunteer one message.

        :param str kind: which message, part of the name of its template
        :param dict about: ``{ess.volunteer: ess.signup, ess.session.need or
            ess.presence}``: what the message is about
        """
        vals_list = []
        for volunteer in self.filtered(lambda one: one.partner_id.email):
            partner = volunteer.partner_id
            source = about[volunteer].with_context(
                lang=partner.lang or self.env.lang, tz=volunteer._get_tz(about)
            )
            vals_list.append(
                {
                    "email_to": partner.email_formatted,
                    "subject": volunteer._get_subject(kind, source),
                    "body_html": source.env["ir.qweb"]._render(
                        f"ess_programmes.volunteer_mail_{kind}",
                        volunteer._prepare_message(source),
                    ),
                    "auto_delete": True,
                }
            )
        # sudo: sent by the association to its own volunteers
        self.env["mail.mail"].sudo().create(vals_list)

    def _get_tz(self, about):
        return about[self].session_id.programme_id.tz or "UTC"

    def _get_subject(self, kind, source):
        """Say what the message is about; the words of nobody but ours."""
        env = source.env
        subjects = {
            "before": env._("Your next shift"),
            "after": env._("Were you there?"),
            "place": env._("A place is free for you"),
            "cancelled": env._("A shift is cancelled"),
            "call": env._("We need someone"),
        }
        return f"{subjects[kind]}: {source.session_id.display_name}"

    def _prepare_message(self, source):
        session = source.session_id
        base = self.company_id.get_base_url()
        return {
            "first_name": self.partner_id.name,
            "session": session,
            "association": self.company_id.name,
            "link": Markup(f"{base}{HOME}"),
            "confirm": (
                source._name == "ess.presence"
                and Markup(
                    f"{base}{HOME}/was-there/{source.id}/{source._get_hours_token()}"
                )
            ),
        }
