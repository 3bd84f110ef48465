import logging

from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_datetime

_logger = logging.getLogger(__name__)


class EssAccessSeal(models.Model):
    """The newest seal, sent every day out of the database."""

    _inherit = "ess.access.seal"

    @api.model
    def _cron_send_head(self):
        """Send the newest seal to the data-protection officers, once a day.

        What they keep in their mailbox proves the log as it was that day.
        """
        self._seal_next()
        head = self.search([], limit=1)
        officers = self._get_officers()
        if not head:
            return
        if not officers:
            _logger.warning(
                "Access log: seal no. %s was sent to nobody, no data-protection "
                "officer has an e-mail address.",
                head.number,
            )
            return
        body = Markup("<p>%s</p><p>%s<br/><code>%s</code></p><p>%s</p>") % (
            self.env._(
                "Keep this message: with it, any change of the access log made "
                "afterwards can be shown."
            ),
            self.env._(
                "Seal no. %(number)s, %(date)s",
                number=head.number,
                date=format_datetime(self.env, head.date, tz="Europe/Paris"),
            ),
            head.value,
            self.env._("It holds no name and nothing of any file."),
        )
        self.env["mail.mail"].create(
            {
                "subject": self.env._("Access log: seal no. %s", head.number),
                "body_html": body,
                "email_to": ", ".join(officers.mapped("email_formatted")),
                "auto_delete": False,
            }
        )

    @api.model
    def _get_officers(self, company=None):
        """Return the data-protection officers who can be written to.

        :param company: res.company, all of them by default
        :rtype: recordset of res.users
        """
        # sudo: who the officers are is no secret
        group = self.env.ref("ess_beneficiary.group_beneficiary_dpo").sudo()
        officers = group.all_user_ids.filtered(
            lambda user: user.active and not user.share and user.email
        )
        return officers.filtered(
            lambda user: not company or company in user.company_ids
        )
