from contextlib import closing, contextmanager

import psycopg2
from psycopg2 import errorcodes

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install", "ess")
class TestConcurrency(TransactionCase):
    """What two people do at the same second: real cursors, real commits, cleaned up
    afterwards.
    """

    @contextmanager
    def own_env(self):
        """A superuser environment on a cursor of its own, outside the test's
        transaction.
        """
        with closing(db_connect(self.env.cr.dbname).cursor()) as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})

    def setUp(self):
        super().setUp()
        with self.own_env() as env:
            self.person_id = (
                env["ess.beneficiary"].create({"pseudonym": "Concurrence"}).id
            )
            self.programme_id = env["ess.programme"].create({"name": "Concurrence"}).id
            self.stage_id = (
                env["ess.enrolment.stage"]
                .search([("bucket", "=", "enrolled")], limit=1)
                .id
            )
            env.cr.commit()
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self.own_env() as env:
            person = env["ess.beneficiary"].browse(self.person_id)
            env["ess.enrolment"].search([("beneficiary_id", "=", person.id)]).unlink()
            env["ess.programme"].browse(self.programme_id).unlink()
            person.unlink()
            env.cr.commit()

    def _enrol(self, env):
        enrolment = env["ess.enrolment"].create(
            {
                "beneficiary_id": self.person_id,
                "programme_id": self.programme_id,
                "stage_id": self.stage_id,
            }
        )
        env.flush_all()
        return enrolment

    def test_two_workers_enrol_the_same_person_at_once(self):
        """The second waits for the first, then is refused by the database: one active
        stay.
        """
        with (
            self.own_env() as first,
            self.own_env() as second,
            mute_logger("odoo.sql_db"),
        ):
            self._enrol(first)
            second.cr.execute("SET LOCAL lock_timeout = '300ms'")
            with self.assertRaises(psycopg2.Error) as waiting:
                self._enrol(second)
            self.assertEqual(waiting.exception.pgcode, errorcodes.LOCK_NOT_AVAILABLE)
            second.cr.rollback()
            first.cr.commit()
            with self.assertRaises(psycopg2.IntegrityError) as refused:
                self._enrol(second)
            self.assertEqual(refused.exception.pgcode, errorcodes.UNIQUE_VIOLATION)
            second.cr.rollback()
        self.assertEqual(self._count(), 1)

    def test_a_second_stay_after_the_first_has_ended(self):
        """Several stays are normal, one after the other."""
        with self.own_env() as env:
            first = self._enrol(env)
            first._end("completed", env["ess.exit.reason"])
            self._enrol(env)
            env.cr.commit()
        self.assertEqual(self._count(), 2)

    def _count(self):
        with self.own_env() as env:
            return env["ess.enrolment"].search_count(
                [("beneficiary_id", "=", self.person_id)]
            )
