"""Sourcing, risks and backups of the demo shop, as the nightly job makes them; one backup is refused.

None is asked yet: a quotation would change what the plan, made before, wants to order.
"""

from __future__ import annotations


def create_risks(env, company) -> dict:
    """Refresh, and let the buyer refuse the first backup; a no-op without the supplier addon.

    After the classes of products and the qualifications: both say which products need a backup, and who could be one.
    """
    if 'scm.supplier.risk' not in env:
        return {}
    found = env['scm.supplier.risk'].with_company(company)._refresh(company)
    buyer = env['res.users'].search([('login', '=', 'buyer'), ('company_ids', 'in', company.ids)])
    backups = env['scm.backup.proposal'].search([('company_id', '=', company.id), ('state', '=', 'proposed')], limit=1)
    if buyer and backups:
        mine = backups.with_user(buyer).with_context(allowed_company_ids=company.ids)
        mine.action_reject('Minimum order too large for us.')
    return found
