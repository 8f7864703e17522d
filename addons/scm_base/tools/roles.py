from odoo.exceptions import AccessError


def check_manager(env, companies, without_role, other_company):
    """Let pass who manages the supply chain and works for all of these companies, and the system itself.

    :raises AccessError: with the words of ``without_role`` or ``other_company``
    """
    if env.su:
        return
    if not env.user.has_group("scm_base.scm_group_manager"):
        raise AccessError(without_role)
    if companies - env.user.company_ids:
        raise AccessError(other_company)
