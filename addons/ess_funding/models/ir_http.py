from werkzeug.exceptions import NotFound, abort

from odoo import models
from odoo.http import request

from .ess_funder_space import FUNDER

FUNDER_HOME = "/my/funding"
#: what a funder's login reaches beside its space: the way in and out
FUNDER_PATHS = (
    "/web/login",
    "/web/session/logout",
    "/web/reset_password",
    "/web/signup",
    "/web/assets",
)


class IrHttp(models.AbstractModel):
    """The login of a funder opens its space: no message, attachment or interface."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        super()._pre_dispatch(rule, args)
        if request.env.uid and request.env.user.has_group(FUNDER):
            path = request.httprequest.path
            if path == FUNDER_HOME or path.startswith(
                (f"{FUNDER_HOME}/", *FUNDER_PATHS)
            ):
                return
            if request.httprequest.method == "GET":
                abort(request.redirect(FUNDER_HOME, 303))
            raise NotFound
