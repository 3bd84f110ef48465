from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from .person_portal import PersonPortal

SHARE = "/ess/share/<string:token>"


class Share(PersonPortal):
    """What the holder of the link of a share reads: the frozen parts, nothing else."""

    @http.route(SHARE, type="http", auth="public", methods=["GET"])
    def share(self, token, **_sent):
        """Show the parts of a share, or nothing.

        :param str token: what was handed over
        """
        return self._answer("share", self._values_share(self._find_share(token), token))

    @http.route(
        f"{SHARE}/<int:document_id>", type="http", auth="public", methods=["GET"]
    )
    def shared_paper(self, token, document_id, **_sent):
        """Send one document of a share.

        :param str token: what was handed over
        :param int document_id: id of ess.document
        """
        share = self._find_share(token)
        paper = share.document_ids.filtered(lambda document: document.id == document_id)
        if not paper or not paper._is_in_copy() or not paper.file:
            raise NotFound
        stream = request.env["ir.binary"].sudo()._get_stream_from(paper, "file")
        answer = stream.get_response(as_attachment=True)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _find_share(self, token):
        share = request.env["ess.share"]._open(token)
        if not share:
            raise NotFound
        return share

    def _values_share(self, share, token):
        return {
            "share": share,
            "parts": share.packet or {},
            "papers": share.document_ids.filtered(
                lambda document: document._is_in_copy() and document.file
            ),
            "token": token,
        }
