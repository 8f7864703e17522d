"""What there is to call, as a running registry says it: models, methods, fields, routes of our addons."""

import inspect

PREFIX = "odoo.addons.scm_"
# Methods of Odoo's own that our models extend: the matrix of rights covers them
STANDARD = {"create", "write", "unlink", "copy", "copy_data", "default_get", "name_search", "read", "search"}


def is_ours(thing):
    return getattr(thing, "__module__", "").startswith(PREFIX)


def models(env):
    """Names of the models that our addons make."""
    return sorted(name for name in env.registry if name.startswith("scm."))


def methods(env):
    """[(model, method)] of ours that anybody may call by interface: public, on our models and on Odoo's."""
    found = []
    for name, cls in sorted(env.registry.items()):
        for method in dir(cls):
            if not method.startswith("_") and method not in STANDARD and _is_remote(cls, method):
                found.append((name, method))
    return found


def _is_remote(cls, method):
    owner = next((base for base in cls.__mro__ if method in base.__dict__), None)
    if owner is None or not is_ours(owner.__dict__[method]) or not inspect.isfunction(owner.__dict__[method]):
        return False
    return not any(getattr(getattr(base, method, None), "_api_private", False) for base in cls.__mro__)


def is_odoos_own(env, model, method):
    """Whether Odoo has the method too, so that its answer is not ours to choose."""
    classes = type(env[model]).__mro__
    theirs = (base for base in classes if not is_ours(base) and base.__module__.startswith("odoo.addons."))
    return any(method in vars(base) for base in theirs if not hasattr(vars(base).get(method), "scm_guarded"))


def parameters(env, model, method):
    """[(name, whether it must be given)] after self."""
    signature = inspect.signature(getattr(type(env[model]), method))
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    found = [one for one in list(signature.parameters.values())[1:] if one.kind not in kinds]
    return [(one.name, one.default is inspect.Parameter.empty) for one in found]


def is_on_model(env, model, method):
    """Whether a call gives no ids."""
    return bool(getattr(getattr(type(env[model]), method), "_api_model", False))


def routes(env):
    """[{url, auth, type, methods, csrf, addon}] of our controllers, and of Odoo's where we changed them."""
    found = {}
    installed = env.registry._init_modules | {"base", "web"}
    for url, endpoint in env["ir.http"]._generate_routing_rules(sorted(installed), None):
        function = endpoint.func if hasattr(endpoint, "func") else endpoint
        original = inspect.unwrap(function)
        if is_ours(original):
            routing = endpoint.routing
            found[url, routing["type"], str(routing.get("methods"))] = {
                "url": url,
                "auth": routing["auth"],
                "type": routing["type"],
                "methods": sorted(routing.get("methods") or ["GET", "POST"]),
                "csrf": routing.get("csrf", routing["type"] == "http"),
                "addon": original.__module__.split(".")[2],
            }
    return [found[key] for key in sorted(found)]
