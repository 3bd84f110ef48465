import doctest

from odoo.tests import TransactionCase, tagged

from ..tools import age_bands, formula, periods


@tagged("post_install", "-at_install", "ess")
class TestTools(TransactionCase):
    """The examples of the pure tools hold."""

    def test_doctests(self):
        for module in (age_bands, formula, periods):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertGreater(result.attempted, 0)
                self.assertEqual(result.failed, 0)
