from datetime import date, datetime, time

from odoo.fields import Command

from odoo.addons.ess_programmes.tests.common import EssProgrammesCommon


class EssImpactCommon(EssProgrammesCommon):
    """Adds one user per level of this room and makers of indicators and dated facts.

    The three users of this room have no right on persons, programmes or sessions.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        room = "ess_impact.group_impact_"
        cls._make_users(
            {
                f"impact_{level}": f"{room}{level}"
                for level in ("viewer", "officer", "manager")
            }
        )
        # who may both read figures and open the files behind them
        cls.coordinator.sudo().write(
            {"group_ids": [Command.link(cls.env.ref(f"{room}officer").id)]}
        )
        cls.indicators = cls.env["ess.indicator"]
        cls.year = (date(2026, 1, 1), date(2026, 12, 31))

    @classmethod
    def _make_indicator(cls, **vals):
        """Create an indicator of the first company; a count of presences by default."""
        cls.indicator_number = getattr(cls, "indicator_number", 0) + 1
        if vals.get("kind") != "formula":
            vals = {"source": "presence", "aggregate": "count", **vals}
        return cls.env["ess.indicator"].create(
            {
                "name": cls.canary("Indicator"),
                "code": f"test_{cls.indicator_number}",
                "definition": "What is counted, in plain words.",
                "company_id": cls.company.id,
                **vals,
            }
        )

    @classmethod
    def _make_day_session(cls, day, programme=None, **vals):
        """Create a session at noon of a day."""
        vals.setdefault("state", "done")
        return cls._make_session(
            programme=programme, start=datetime.combine(day, time(10, 0)), **vals
        )

    @classmethod
    def _make_day_presence(cls, day, programme=None, beneficiary=None, **vals):
        """Create a presence on a day, at a session of its own."""
        session = cls._make_day_session(day, programme)
        vals.setdefault("state", "present")
        return cls._make_presence(session=session, beneficiary=beneficiary, **vals)

    def _value(self, indicator, period=None, **kwargs):
        """Return the only value of an indicator for a period."""
        cells = indicator._compute_cells([period or self.year], **kwargs)
        self.assertEqual(len(cells), 1)
        return cells[0]["value"]
