import functools
import inspect
import sys

from odoo import models
from odoo.exceptions import AccessError, UserError

from ..tools import arguments

OURS = "odoo.addons.scm_"
#: Odoo's roles and ours to whom some page of the suite is open; each page says which
ROLES = ",".join(
    (
        "scm_base.scm_group_user",
        "stock.group_stock_user",
        "purchase.group_purchase_user",
        "sales_team.group_sale_salesman",
        "helpdesk_mgmt.group_helpdesk_user_own",
    )
)


class NotOneError(UserError, ValueError):
    """A call for one record that named none or several; a ValueError as well, as Odoo's own is."""


class Base(models.AbstractModel):
    """Rules of the house for all models, so that no new method or field can forget them.

    Who calls one of our methods over an interface must be allowed to read the records on which he calls it, and gives
    arguments that are what their names say: see ``tools/arguments.py``. Calls among our own code are not looked at.
    """

    _inherit = "base"

    #: our fields on a model of Odoo's that its portal users may read; all others of ours are closed to them
    _scm_portal_fields = frozenset()
    #: a page without figures, for everybody who works here
    _scm_is_open = False

    def _register_hook(self):
        super()._register_hook()
        for name in self._scm_interface():
            if not hasattr(type(self).__dict__.get(name), "scm_guarded"):
                setattr(type(self), name, _guarded(getattr(type(self), name)))

    def _unregister_hook(self):
        for name, method in list(vars(type(self)).items()):
            if hasattr(method, "scm_guarded"):
                delattr(type(self), name)
        return super()._unregister_hook()

    @classmethod
    def _scm_interface(cls):
        """Names of the methods that are ours alone and that a program may call."""
        classes = cls.__mro__
        names = {
            name
            for one in classes
            if one.__module__.startswith(OURS)
            for name, method in vars(one).items()
            if not name.startswith("_") and inspect.isfunction(method)
        }
        odoo = [one for one in classes if not one.__module__.startswith(OURS) and "_register_hook" not in vars(one)]
        theirs = {name for one in odoo if one.__module__.startswith("odoo.addons.") for name in vars(one)}
        return {name for name in names - theirs if not hasattr(models.Model, name)}

    def _scm_check_reader(self):
        """Whoever calls may read the model, and the records that he names."""
        if self._abstract:
            self._scm_check_role()
            self._scm_check_page()
        else:
            self.browse().check_access("read")
        arguments.check_ids(self.env, self._ids)
        if not self._abstract and self:
            self.check_access("read")

    def _scm_check_role(self):
        """Pages keep no records whose rights could be asked: whoever opens one has a role in the supply chain."""
        is_page = self._name.startswith("scm.") and not self._scm_is_open
        if is_page and not self.env.su and not self.env.user.has_groups(ROLES):
            raise AccessError(self.env._("“%s” is for people who have a role in the supply chain.", self._description))

    def _scm_check_page(self):
        """What other models are made of is called on them."""
        if type(self)._inherit_children and self._name.startswith("scm."):
            raise UserError(self.env._("“%s” is a part of other models: call the method on one of them.", self._name))

    def ensure_one(self):
        if len(self._ids) != 1 and (self._name.startswith("scm.") or _asker(2).startswith(OURS)):
            raise NotOneError(
                self.env._(
                    "%(model)s: choose one record; %(count)s were given.",
                    model=self._description,
                    count=len(self._ids),
                )
            )
        return super().ensure_one()

    def _has_field_access(self, field, operation):
        allowed = super()._has_field_access(field, operation)
        if not allowed or self.env.su or not field.name.startswith("scm_"):
            return allowed
        return field.name in self._scm_portal_fields or not self.env.user.share


def _guarded(method):
    """The method, which looks at calls from outside our own code before it answers them."""
    signature = inspect.signature(method)

    @functools.wraps(method)
    def call(self, *args, **named):
        if _asker(2).startswith(OURS):
            return method(self, *args, **named)
        self._scm_check_reader()
        given = signature.bind(self, *args, **named)
        for name, value in list(given.arguments.items())[1:]:
            default = signature.parameters[name].default
            arguments.check(self.env, name, value, default)
            if value is None and default is not inspect.Parameter.empty:
                given.arguments[name] = default
        return method(*given.args, **given.kwargs)

    call.scm_guarded = True
    return call


def _asker(depth):
    """Name of the module that called the function so many steps up."""
    return sys._getframe(depth).f_globals.get("__name__", "")
