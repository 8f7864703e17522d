"""Sourcing, risks and backups of the demo shop, as the nightly job makes them; one backup is asked, one refused."""

from __future__ import annotations


def create_risks(env, company) -> dict:
    """Refresh, and let the buyer decide about the first two backups; a no-op without the supplier addon.

    After the classes of products and the qualifications: both say which products need a backup, and who could be one.
    """
    if 'scm.supplier.risk' not in env:
        return {}
    found = env['scm.supplier.risk'].with_company(company)._refresh(company)
    buyer = env['res.users'].search([('login', '=', 'buyer'), ('company_ids', 'in', company.ids)])
    backups = env['scm.backup.proposal'].search([('company_id', '=', company.id), ('state', '=', 'proposed')], limit=2)
    if buyer and len(backups) == 2:
        mine = backups.with_user(buyer).with_context(allowed_company_ids=company.ids)
        mine[0].action_accept()
        mine[1].action_reject('Minimum order too large for us.')
    return found
