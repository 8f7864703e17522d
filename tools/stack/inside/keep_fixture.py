"""Runs inside Odoo's shell, where `env` is given: what each class of the addon tests would make again."""
from odoo.modules import module

from odoo.addons.scm_base.tests.common import ScmCase

# In a test Odoo gives each new company its warehouse; elsewhere it does not.
module.current_test = ScmCase
ScmCase.keep_fixture(env)  # noqa: F821
env.cr.commit()  # noqa: F821
