import doctest

from odoo.tests import TransactionCase, tagged

from ..report import ess_funder_report_xlsx
from ..tools import (
    accounts,
    distribution,
    fec,
    funding_rule,
    giving,
    paid,
    payroll,
    plain_domain,
    prefixes,
    scdl,
    spread,
    stamp,
    statement,
    year_end,
)


@tagged("post_install", "-at_install", "ess")
class TestTools(TransactionCase):
    """The examples of the pure tools hold."""

    def test_doctests(self):
        modules = (accounts, distribution, plain_domain, prefixes, statement)
        modules += (fec, funding_rule, giving, paid, payroll, scdl, spread, stamp)
        modules += (year_end,)
        for module in (*modules, ess_funder_report_xlsx):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertGreater(result.attempted, 0)
                self.assertEqual(result.failed, 0)
