import time

from werkzeug.exceptions import NotFound, abort

from odoo import models
from odoo.http import request

from .ess_beneficiary import PERSON_GROUP

HOME = "/my/file"
LOGIN = f"{HOME}/login"
# What a person's login reaches: their file, and the way in and out.
OPEN_PATHS = ("/web/login", "/web/session/logout", "/web/assets")
IDLE_SECONDS = 600


class IrHttp(models.AbstractModel):
    """The login of a person opens their file and nothing else of Odoo."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        super()._pre_dispatch(rule, args)
        if request.env.uid and request.env.user.has_group(PERSON_GROUP):
            cls._keep_person_in_file()

    @classmethod
    def _keep_person_in_file(cls):
        """Log out after ten minutes without a page, and open no other page."""
        now, last = int(time.time()), request.session.get("ess_person_seen")
        if last and now - last > IDLE_SECONDS:
            request.session.logout(keep_db=True)
            abort(request.redirect(LOGIN, 303))
        request.session["ess_person_seen"] = now
        path = request.httprequest.path
        if path == HOME or path.startswith((f"{HOME}/", *OPEN_PATHS)):
            return
        if request.httprequest.method == "GET":
            abort(request.redirect(HOME, 303))
        raise NotFound
