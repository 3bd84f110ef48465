from ast import literal_eval

from lxml import etree

from odoo.tests import tagged

from .common import EssProgrammesCommon


@tagged("post_install", "-at_install", "ess")
class TestToday(EssProgrammesCommon):
    """The start page: own sessions for a worker, those of the team for coordination."""

    def _get_sessions(self, profile, user):
        """Return what the start page of a profile shows to a user."""
        action = self.env.ref(f"ess_beneficiary.profile_{profile}").action_id
        action = self.env["ir.actions.act_window"].browse(action.id)
        sessions = self.env["ess.session"].with_user(user)
        search = etree.fromstring(sessions.get_view(view_type="search")["arch"])
        domain = []
        for key in literal_eval(action.context):
            if key.startswith("search_default_"):
                name = key.removeprefix("search_default_")
                text = search.find(f".//filter[@name='{name}']").get("domain")
                domain += literal_eval(text.replace("uid", str(user.id)))
        return sessions.search(domain)

    def test_home_of_coordination_shows_the_team(self):
        coordinator = self.coordinator
        session = self._make_session(user_id=self.worker.id)
        self.assertIn(session, self._get_sessions("coordinator", coordinator))
        self.assertIn(session, self._get_sessions("field_worker", self.worker))
        self.assertNotIn(session, self._get_sessions("field_worker", coordinator))
