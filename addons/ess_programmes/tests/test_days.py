import doctest
import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.tests import BaseCase, tagged

from odoo.addons.ess_programmes.tools import (
    advocacy,
    data_inclusion,
    days,
    recurrence,
    suppression,
)


@tagged("ess", "post_install", "-at_install")
class TestDays(BaseCase):
    """Properties of the day of a fact, over time zones and changes of time."""

    ZONES = (
        "Europe/Paris",
        "America/Martinique",
        "Indian/Reunion",
        "Pacific/Noumea",
        "America/Cayenne",
        "Pacific/Apia",
        "UTC",
    )

    def _instants(self, count=400):
        generator = random.Random(20261123)
        start = datetime(2024, 1, 1)
        for _index in range(count):
            yield start + timedelta(minutes=generator.randrange(4 * 365 * 24 * 60))

    def test_midnight_day_is_the_wall_calendar_day(self):
        for zone in self.ZONES:
            for instant in self._instants(100):
                local = instant.replace(tzinfo=ZoneInfo("UTC")).astimezone(
                    ZoneInfo(zone)
                )
                self.assertEqual(days.local_day(instant, zone), local.date())

    def test_shifted_day_is_the_calendar_day_or_the_one_before(self):
        for zone in self.ZONES:
            for instant in self._instants(100):
                plain = days.local_day(instant, zone)
                for hour in (1, 6, 12, 23):
                    self.assertIn(
                        (plain - days.local_day(instant, zone, hour)).days, (0, 1)
                    )

    def test_days_follow_time(self):
        for zone in self.ZONES:
            instants = sorted(self._instants(300))
            result = [days.local_day(instant, zone, 12) for instant in instants]
            self.assertEqual(result, sorted(result))

    def test_noon_to_noon_covers_one_evening_over_changes_of_time(self):
        # Nights of the changes of time in France: 25 October 2026 (25 hours) and 28
        # March 2027 (23 hours).
        for evening in (
            datetime(2026, 10, 24),
            datetime(2027, 3, 27),
            datetime(2026, 11, 24),
        ):
            paris = ZoneInfo("Europe/Paris")
            instant = (
                evening.replace(hour=12, tzinfo=paris)
                .astimezone(ZoneInfo("UTC"))
                .replace(tzinfo=None)
            )
            end = (
                (evening + timedelta(days=1))
                .replace(hour=12, tzinfo=paris)
                .astimezone(ZoneInfo("UTC"))
                .replace(tzinfo=None)
            )
            while instant < end:
                self.assertEqual(
                    days.local_day(instant, "Europe/Paris", 12), evening.date()
                )
                instant += timedelta(minutes=15)
            self.assertEqual(
                days.local_day(end, "Europe/Paris", 12),
                evening.date() + timedelta(days=1),
            )

    def test_doctests(self):
        for module in (advocacy, days, data_inclusion, recurrence, suppression):
            self.assertEqual(doctest.testmod(module).failed, 0)
