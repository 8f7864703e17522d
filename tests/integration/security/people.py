"""One person for each role, in the company with the data and in another one that has none.

Runs inside Odoo's shell. Everybody has the least groups of his role; who logs in over the web has his login as
password.
"""

ROLES = {
    "outsider": ("base.group_user",),
    "viewer": ("scm_base.scm_group_user",),
    "manager": ("scm_base.scm_group_manager",),
    "purchase": ("purchase.group_purchase_user",),
    "sales": ("sales_team.group_sale_salesman_all_leads",),
    "stock": ("stock.group_stock_user",),
    "stock_manager": ("stock.group_stock_manager",),
    "helpdesk": ("helpdesk_mgmt.group_helpdesk_user",),
    "portal": ("base.group_portal",),
    "customer": ("base.group_portal",),
    "vendor": ("base.group_portal",),
}
PORTAL = ("portal", "customer", "vendor")
HOME, ABROAD = "sec_{}", "sec_{}_abroad"

#: who logs in over the web; a password costs a good part of a second
LOGINS = {HOME.format(role) for role in ("outsider", "stock", *PORTAL)}


def ensure(env):
    """{role: id of the user at home}, {role: id of the user abroad}; made once."""
    home = _company_with_data(env)
    abroad = env["res.company"].search([("name", "=", "Security abroad")], limit=1)
    if not abroad:
        abroad = env["res.company"].create({"name": "Security abroad", "currency_id": home.currency_id.id})
    return {
        where: {role: _person(env, pattern.format(role), role, company) for role in ROLES if _groups(env, role)}
        for where, pattern, company in (("home", HOME, home), ("abroad", ABROAD, abroad))
    }


def _company_with_data(env):
    env.cr.execute("SELECT company_id FROM sale_order GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    row = env.cr.fetchone()
    return env["res.company"].browse(row[0]) if row else env.company


def _groups(env, role):
    groups = [env.ref(name, raise_if_not_found=False) for name in ROLES[role]]
    return [group.id for group in groups if group]


def _person(env, login, role, company):
    user = env["res.users"].with_context(active_test=False).search([("login", "=", login)], limit=1)
    if user:
        return user.id
    values = {
        "login": login,
        "name": f"Security {role}",
        "email": f"{login}@scm.example",
        "company_id": company.id,
        "company_ids": [(6, 0, company.ids)],
        "group_ids": [(6, 0, _groups(env, role))],
    }
    if login in LOGINS:
        values["password"] = login
    partner = _partner(env, role, company)
    if partner:
        values["partner_id"] = partner.id
    return env["res.users"].with_context(no_reset_password=True).create(values).id


def _partner(env, role, company):
    """Whose documents the person sees: somebody with parcels, or with score cards. Abroad nobody has any."""
    query = {
        "customer": """SELECT sale.partner_id
                         FROM sale_order sale JOIN res_partner partner ON partner.id = sale.partner_id
                        WHERE sale.state = 'sale' AND sale.company_id = %s AND partner.parent_id IS NULL
                          AND NOT EXISTS (SELECT FROM res_users u WHERE u.partner_id = partner.id)
                        GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1""",
        "vendor": """SELECT card.partner_id FROM scm_scorecard card
                      WHERE card.company_id = %s AND card.state != 'draft'
                        AND NOT EXISTS (SELECT FROM res_users u WHERE u.partner_id = card.partner_id)
                      GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1""",
    }.get(role)
    if not query:
        return None
    env.cr.execute(query, [company.id])
    row = env.cr.fetchone()
    return env["res.partner"].browse(row[0]) if row else None
