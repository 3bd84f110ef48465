import inspect
import logging

from odoo.exceptions import AccessDenied, RedirectWarning, UserError
from odoo.tests import tagged

from . import test_public_methods
from .canary import Canaries
from .common import EssSuiteCommon

_logger = logging.getLogger(__name__)

# who may do little or nothing, and has a login
LOW_ROLES = (
    "beneficiary_person",
    "funding_funder",
    "internal",
    "beneficiary_viewer",
    "beneficiary_officer",
)
# what a hostile or broken client sends where an argument is expected
JUNK = (None, "", "' OR 1=1 --", -1, 2**40, [], {"a": [None]}, True)
NOBODY = 2**31 - 1
CLEAN = (UserError, RedirectWarning, AccessDenied)
# the ORM's own refusal of a method for one record that is called on none
ONE_RECORD = "Expected singleton"


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestFuzz(EssSuiteCommon):
    """Every public method of ours, called by people with few rights on any record and
    with any argument, answers or refuses in clean words, and says nothing of a file.
    """

    _is_ours = test_public_methods.TestPublicMethods._is_ours
    _methods = test_public_methods.TestPublicMethods._methods

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world.make_all()
        cls.canaries = Canaries(cls.world)
        cls.env.invalidate_all()
        cls.closed = {
            role: cls.canaries.forbidden(cls.as_user, role) for role in LOW_ROLES
        }

    def setUp(self):
        super().setUp()
        self.calls = 0
        self.findings = set()

    def _records(self, model_name, role):
        """Yield (words, recordset) of each kind of record that a client may name."""
        model = self.as_user(self.env[model_name], role)
        yield "nothing", model
        yield "what does not exist", model.browse(NOBODY)
        if not model._transient:
            for kind in self.world.classes(model_name):
                record = self.world.record(model_name, kind)
                yield kind, self.as_user(record, role)
        else:
            yield "somebody's wizard", model.browse(1)

    def _arguments(self, method):
        """Yield lists of arguments: none missing, each piece of junk in each place."""
        parameters = list(inspect.signature(method).parameters.values())
        needed = [
            parameter
            for parameter in parameters
            if parameter.kind
            in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]
        if not needed:
            yield []
        else:
            for junk in JUNK:
                yield [junk] * len(needed)

    def _call(self, role, name, what, method, arguments):
        """Call once, undo it, and keep what should not have happened."""
        self.calls += 1
        where = f"{role}: {name} on {what} with {arguments}"
        answer = ""
        with self.undone():
            try:
                answer = method(*arguments)
                self.env.flush_all()
            except CLEAN as refusal:
                answer = str(refusal.args[0] if refusal.args else "")
            except ValueError as error:
                if not str(error).startswith(ONE_RECORD):
                    self.findings.add(f"{where}: ValueError: {error}"[:300])
            except Exception as error:  # a traceback for the user
                self.findings.add(f"{where}: {type(error).__name__}: {error}"[:300])
        for source in self.canaries.found(answer, self.closed[role]):
            self.findings.add(f"{where} shows {source}")

    def test_no_traceback_and_no_leak(self):
        methods = [line.rsplit(".", 1) for line in self._methods()]
        for model_name, name in methods:
            if not model_name.startswith("ess.") or self.env[model_name]._abstract:
                continue
            for role in LOW_ROLES:
                for what, records in self._records(model_name, role):
                    method = getattr(records, name)
                    for arguments in self._arguments(method):
                        self._call(
                            role, f"{model_name}.{name}", what, method, arguments
                        )
        _logger.info("fuzz: %s calls of %s methods", self.calls, len(methods))
        found = sorted(self.findings)
        self.assertFalse(found, "\n".join([f"{len(found)} findings:", *found]))
