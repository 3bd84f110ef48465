from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.ess_beneficiary.controllers.person_portal import PersonPortal
from odoo.addons.ess_beneficiary.models.ir_http import HOME

WORDS_MAX = 500
#: requests shown under the form
SHOWN = 20


class PersonActivities(PersonPortal):
    """`/my/file`: the person asks to join a programme, and asks for something.

    As the other pages of the file: no number of a file in an address, no JavaScript,
    everything read with the person's own rights.
    """

    @http.route(f"{HOME}/programmes", type="http", auth="public", methods=["GET"])
    def programmes(self, **_sent):
        """Show the programmes where the person is, and those they may ask for."""
        return self._programmes_page(self._own_file())

    @http.route(
        f"{HOME}/programmes/<int:programme_id>",
        type="http",
        auth="public",
        methods=["POST"],
    )
    def join(self, programme_id, **_sent):
        """Keep the request to join a programme; asking twice is asking once.

        :param int programme_id: id of ess.programme
        """
        own = self._own_file()
        offered = request.env["ess.programme"]._get_offered_on_line()
        if programme_id not in offered.ids:
            raise NotFound
        offered.browse(programme_id)._apply_on_line(own)
        return request.redirect(f"{HOME}/programmes?done=1", 303)

    @http.route(f"{HOME}/requests", type="http", auth="public", methods=["GET"])
    def requests(self, **_sent):
        """Show what may be asked for, and what was answered."""
        return self._requests_page(self._own_file())

    @http.route(f"{HOME}/requests", type="http", auth="public", methods=["POST"])
    def request_something(self, kind="", words="", **_sent):
        """Keep what the person asks for.

        :param str kind: id of ess.request.type, among those that the page shows
        :param str words: words of the person, if they wish
        """
        own = self._own_file()
        kinds = request.env["ess.request.type"].search([])
        if not kind.isdecimal() or int(kind) not in kinds.ids:
            return self._requests_page(own, missing=True, words=words[:WORDS_MAX])
        # sudo: a request of the person about their own file
        request.env["ess.request"].sudo().create(
            {
                "beneficiary_id": own.id,
                "type_id": int(kind),
                "words": words.strip()[:WORDS_MAX] or False,
                "channel": "portal",
            }
        )
        return request.redirect(f"{HOME}/requests?done=1", 303)

    def _programmes_page(self, own):
        stays = request.env["ess.enrolment"].search([("beneficiary_id", "=", own.id)])
        offered = request.env["ess.programme"]._get_offered_on_line()
        open_stays = stays.filtered(lambda stay: stay.bucket not in ENDED)
        offered -= open_stays.programme_id
        unmet = {
            programme: programme._get_unmet(own)[own.id].mapped("sentence")
            for programme in offered
        }
        return self._answer(
            "ess_programmes.portal_programmes",
            {"own": own, "stays": stays, "offered": offered, "unmet": unmet},
        )

    def _requests_page(self, own, **values):
        requests = request.env["ess.request"]
        states = dict(requests._fields["state"]._description_selection(request.env))
        domain = [("beneficiary_id", "=", own.id)]
        return self._answer(
            "ess_programmes.portal_requests",
            {
                "own": own,
                "kinds": request.env["ess.request.type"].search([]),
                "requests": requests.search(domain, limit=SHOWN),
                "states": states,
                **values,
            },
        )


ENDED = ("completed", "left", "refused")
