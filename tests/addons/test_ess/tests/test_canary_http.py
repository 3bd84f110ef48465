import json
import logging
from datetime import timedelta

from odoo import fields, http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .canary import Canaries
from .common import QUIET, EssSuiteCommon
from .world import MODEL_CLASSES

_logger = logging.getLogger(__name__)

ROLES = (
    "beneficiary_person",
    "funding_funder",
    "internal",
    "contacts",
    "accounting",
    "beneficiary_viewer",
    "beneficiary_officer",
    "programmes_viewer",
    "impact_viewer",
    "funding_officer",
)
HIDDEN = ("other_team", "protected", "other_company")
NOISE = (
    *QUIET,
    "odoo.http",
    "odoo.addons.base.models.ir_actions_report",
    # a refused export is logged as an error
    "odoo.addons.web.controllers.export",
    "werkzeug",
)
PAGES = ("/my", "/my/home", "/my/account", "/web/session/get_session_info")


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestCanaryHttp(HttpCase, EssSuiteCommon):
    """The same over HTTP: what the web client, the external API and a typed address can
    reach.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world.make_all()
        cls.canaries = Canaries(cls.world)
        cls.env.invalidate_all()
        cls.closed = {role: cls.canaries.forbidden(cls.as_user, role) for role in ROLES}
        cls.keys = {role: cls._make_api_key(cls.users[role]) for role in ROLES}

    @classmethod
    def _make_api_key(cls, user):
        keys = cls.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate("rpc", "test", fields.Datetime.now() + timedelta(hours=1))

    def setUp(self):
        super().setUp()
        self.answers = 0
        self.leaks = []

    def read_answer(self, role, path, response):
        """Look for canaries; a server error is a fault of its own."""
        self.answers += 1
        self.assertLess(
            response.status_code, 500, f"{role}: {path}: {response.text[:300]}"
        )
        for source in self.canaries.found(response.content, self.closed[role]):
            self.leaks.append(f"{role}: {path} shows {source}")

    def conclude(self):
        _logger.info("canary over HTTP: %s answers read", self.answers)
        leaks = sorted(set(self.leaks))
        self.assertFalse(leaks, "\n".join([f"{len(leaks)} leaks:", *leaks]))

    def call_kw(self, model, method, args, kwargs=None):
        return self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs or {},
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        )

    def json_2(self, role, model, method, **params):
        return self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(params),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"bearer {self.keys[role]}",
            },
        )

    def _hidden(self, model):
        return [
            self.world.record(model, kind).id
            for kind in HIDDEN
            if self.world.has(model, kind)
        ]

    @mute_logger(*NOISE)
    def test_web_client_calls(self):
        for role in ROLES:
            self.authenticate(f"role_{role}", f"role_{role}")
            for model in MODEL_CLASSES:
                ids = self._hidden(model) or [self.world.record(model, "own").id]
                for method, args, kwargs in (
                    ("read", [ids], {}),
                    ("web_read", [ids], {"specification": {"display_name": {}}}),
                    ("name_search", [""], {"limit": 500}),
                    ("web_search_read", [[], {"display_name": {}}], {"limit": 500}),
                    ("copy", [ids[:1]], {}),
                    ("get_formview_action", [ids[:1]], {}),
                ):
                    self.read_answer(
                        role,
                        f"call_kw {model}.{method}",
                        self.call_kw(model, method, args, kwargs),
                    )
        self.conclude()

    @mute_logger(*NOISE)
    def test_external_api(self):
        for role in ROLES:
            for model in MODEL_CLASSES:
                ids = self._hidden(model) or [self.world.record(model, "own").id]
                for response in (
                    self.json_2(role, model, "search_read", domain=[]),
                    self.json_2(role, model, "read", ids=ids),
                    self.json_2(role, model, "name_search"),
                    self.json_2(
                        role,
                        model,
                        "export_data",
                        ids=ids,
                        fields_to_export=["display_name"],
                    ),
                ):
                    self.read_answer(role, f"json/2 {model}", response)
        self.conclude()

    @mute_logger(*NOISE)
    def test_private_methods_are_not_reachable(self):
        person = self.world.record("ess.beneficiary", "protected")
        for method in (
            "_get_readable_file",
            "_ess_display_name",
            "_create_mask_partner",
        ):
            response = self.json_2(
                "beneficiary_officer", "ess.beneficiary", method, ids=person.ids
            )
            self.assertIn(response.status_code, (403, 404), method)

    @mute_logger(*NOISE)
    def test_files_and_pictures(self):
        for role in ROLES:
            self.authenticate(f"role_{role}", f"role_{role}")
            for kind in HIDDEN:
                attachment = self.world.record("ir.attachment", kind)
                mask = self.world.record("res.partner", kind)
                person = self.world.record("ess.beneficiary", kind)
                for address in (
                    f"/web/content/{attachment.id}",
                    f"/web/content/{attachment.id}?download=1",
                    f"/web/image/{attachment.id}",
                    f"/web/content/ess.beneficiary/{person.id}/last_name",
                    f"/web/image/res.partner/{mask.id}/avatar_128",
                    f"/odoo/ess.beneficiary/{person.id}",
                    f"/mail/view?model=ess.beneficiary&res_id={person.id}",
                    f"/ess/file/{person.id}/person-file.json",
                ):
                    self.read_answer(role, address, self.url_open(address))
        self.conclude()

    @mute_logger(*NOISE)
    def test_reports_by_address(self):
        reports = self.env["ir.actions.report"].search(
            [("model", "in", list(MODEL_CLASSES))]
        )
        for role in ROLES:
            self.authenticate(f"role_{role}", f"role_{role}")
            for report in reports:
                for record_id in self._hidden(report.model):
                    address = f"/report/html/{report.report_name}/{record_id}"
                    response = self.url_open(address)
                    self.answers += 1
                    for source in self.canaries.found(
                        response.content, self.closed[role]
                    ):
                        self.leaks.append(f"{role}: {address} shows {source}")
        self.conclude()

    @mute_logger(*NOISE)
    def test_export_by_address(self):
        for role in ROLES:
            self.authenticate(f"role_{role}", f"role_{role}")
            for model in ("ess.beneficiary", "ess.goal", "ess.presence", "res.partner"):
                for ids in (self._hidden(model), False):
                    data = {
                        "model": model,
                        "ids": ids,
                        "domain": [],
                        "import_compat": False,
                        "fields": [
                            {"name": "display_name", "label": "x", "type": "char"}
                        ],
                    }
                    response = self.url_open(
                        "/web/export/csv",
                        data={
                            "data": json.dumps(data),
                            "csrf_token": http.Request.csrf_token(self),
                        },
                    )
                    self.answers += 1
                    for source in self.canaries.found(
                        response.content, self.closed[role]
                    ):
                        self.leaks.append(f"{role}: export of {model} shows {source}")
        self.conclude()

    @mute_logger(*NOISE)
    def test_pages(self):
        for role in ROLES:
            self.authenticate(f"role_{role}", f"role_{role}")
            for address in PAGES:
                self.read_answer(role, address, self.url_open(address))
        self.conclude()

    @mute_logger(*NOISE)
    def test_visitor_without_login(self):
        """Nobody is asked who they are, nobody is told anything."""
        self.authenticate(None, None)
        person = self.world.record("ess.beneficiary", "own")
        tokens = set(self.canaries.tokens)
        for address in (
            f"/ess/file/{person.id}/person-file.json",
            f"/odoo/ess.beneficiary/{person.id}",
            f"/mail/view?model=ess.beneficiary&res_id={person.id}",
            f"/web/content/{self.world.record('ir.attachment', 'own').id}",
        ):
            response = self.url_open(address)
            self.assertFalse(self.canaries.found(response.content, tokens), address)
