import os
from pathlib import Path

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import TransactionCase, tagged

from .static import ROOMS

LIST = Path(__file__).parent / "public_methods.txt"
PREFIXES = tuple(f"odoo.addons.{room}." for room in ROOMS)


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestPublicMethods(TransactionCase):
    """Everything that can be called from outside is on one list, so that nothing gets
    there by mistake.

    With ``ESS_PUBLIC_METHODS_OUT=/path`` the test writes what it sees there.
    """

    def _is_ours(self, model, name):
        """Whether a public method exists only because of our rooms."""
        owners = [cls.__module__ for cls in model.mro() if name in vars(cls)]
        return bool(owners) and all(module.startswith(PREFIXES) for module in owners)

    def _methods(self):
        """``model.method`` of every method of ours that a remote call may reach."""
        for model_name, model in self.env.registry.items():
            for name in dir(model):
                if name.startswith("_") or not self._is_ours(model, name):
                    continue
                try:
                    get_public_method(self.env[model_name], name)
                except (AccessError, AttributeError):
                    continue
                yield f"{model_name}.{name}"

    def _routes(self):
        """``route path (type, auth, methods, csrf)`` of every controller of ours."""
        for rule in self.env["ir.http"].routing_map().iter_rules():
            endpoint = rule.endpoint
            if not endpoint.func.__module__.startswith(PREFIXES):
                continue
            routing = endpoint.routing
            methods = " ".join(sorted(routing.get("methods") or ["ANY"]))
            yield (
                f"route {rule.rule} ({routing['type']}, {routing['auth']}, {methods}, "
                f"csrf={routing.get('csrf', True)})"
            )

    def _read_list(self):
        lines = LIST.read_text(encoding="utf-8").splitlines()
        return {line for line in lines if line and not line.startswith("#")}

    def test_nothing_more_and_nothing_less_is_public(self):
        seen = {*self._methods(), *self._routes()}
        if path := os.environ.get("ESS_PUBLIC_METHODS_OUT"):
            Path(path).write_text("\n".join(sorted(seen)) + "\n", encoding="utf-8")
        listed = self._read_list()
        self.assertFalse(sorted(seen - listed), "callable from outside, but not listed")
        self.assertFalse(sorted(listed - seen), "listed, but no longer callable")

    def test_no_public_method_takes_ids_or_context(self):
        """``/json/2`` keeps these two names for itself."""
        for line in self._methods():
            model, name = line.rsplit(".", 1)
            code = getattr(type(self.env[model]), name).__code__
            arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            self.assertFalse({"ids", "context"} & set(arguments), line)

    def test_actions_or_documented(self):
        """A public method is a button or says what it is for."""
        for line in self._methods():
            model, name = line.rsplit(".", 1)
            if not name.startswith("action_"):
                self.assertTrue(getattr(type(self.env[model]), name).__doc__, line)
