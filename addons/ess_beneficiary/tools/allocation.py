"""Run a step that must see what everybody else has committed.

Odoo's transactions are REPEATABLE READ: a transaction does not see what others
commit after its first query, so "count, then insert" oversells whatever it locks.
A step that shares out something scarce (places, hours, kits) therefore runs in a
cursor of its own, READ COMMITTED, after the caller's commit. A cron repeats the step
for requests whose turn was lost, so the step must be safe to run again.
"""

import logging

from odoo.modules import module

_logger = logging.getLogger(__name__)


def own_cursor_call(env, function):
    """Call ``function(env)`` in its own READ COMMITTED transaction after commit.

    Under a test the cursor is never committed, so the call happens in place. An error
    of the step is logged and rolls back the step alone: the caller has committed.

    :param env: the caller's environment; user and context are kept.
    :param function: takes an environment, returns nothing; safe to run twice.
    """
    if module.current_test:
        env.flush_all()
        function(env)
        return

    def run():
        try:
            with env.registry.cursor() as cr:
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                function(env(cr=cr))
        except Exception:
            _logger.exception("A step after commit failed; its cron will repeat it.")

    env.cr.postcommit.add(run)
