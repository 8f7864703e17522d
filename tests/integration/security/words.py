"""Programs in every name and text: does a page or mail take them for its own? Runs inside Odoo's shell."""

from urllib.parse import urlsplit

from markupsafe import Markup
from psycopg2 import Error

from . import catalogue

#: what a page must never hold as it stands: it would run
PAYLOAD = '<script id="scmword">alert(7)</script>'
ROWS = 300
#: Odoo's own names that our pages and mails show
ODOOS = {
    "res.partner": ("name", "street", "city", "comment"),
    "product.template": ("name",),
    "product.category": ("name",),
    "delivery.carrier": ("name",),
    "stock.warehouse": ("name",),
    "stock.location": ("name",),
    "sale.order": ("client_order_ref", "note"),
    "purchase.order": ("partner_ref",),
}
#: texts that a format keeps apart from words
NOT_WORDS = {"access_token", "token", "secret", "uuid", "source_key", "res_model", "model_name"}


def plant(env):
    """Put the payload before every text of ours that holds words, and of Odoo's that we show; how many columns."""
    count = 0
    for name in [*catalogue.models(env), *ODOOS]:
        model = env[name]
        if model._abstract or model._transient or not model._auto:
            continue
        for field in model._fields.values():
            wanted = field.name in ODOOS[name] if name in ODOOS else _has_words(field)
            if wanted and field.store and field.column_type:
                count += _plant(env, model, field)
    env.invalidate_all()
    return count


def _has_words(field):
    is_text = field.type in ("char", "text", "html") and not field.related
    return is_text and field.name not in NOT_WORDS and not field.name.endswith(("_key", "_token", "code", "_model"))


def _plant(env, model, field):
    column = f'"{field.name}"'
    hostile = f"%s || {column}"
    if field.translate:
        hostile = f"(SELECT jsonb_object_agg(key, %s || value) FROM jsonb_each_text({column}))"
    query = f"""UPDATE "{model._table}" SET {column} = {hostile}
                 WHERE {column} IS NOT NULL AND id IN (SELECT id FROM "{model._table}" ORDER BY id DESC LIMIT {ROWS})"""
    try:
        with env.cr.savepoint(flush=False):
            env.cr.execute(query, [PAYLOAD], log_exceptions=False)
    except Error:
        return 0  # a format that the database itself keeps, or a name that must be unique
    return 1


def mails(env):
    """[name of a template of ours whose text holds the payload as it stands], and how many texts were made."""
    found, count = [], 0
    templates = env["ir.model.data"].search([("model", "=", "mail.template"), ("module", "=like", "scm\\_%")])
    for template in env["mail.template"].browse(templates.mapped("res_id")):
        for record in env[template.model].search([], limit=2, order="id desc"):
            with env.cr.savepoint(flush=False):
                body = template._render_field("body_html", record.ids)[record.id]
            count += 1
            if PAYLOAD in body:
                found.append(f"{template.name}: {record}")
    return found, count


def html_fields(env):
    """[Html field that is not cleaned and holds the payload as it stands]."""
    found = []
    for name in catalogue.models(env):
        model = env[name]
        if model._abstract or model._transient:
            continue
        html = [field for field in model._fields.values() if field.type == "html"]
        risky = [field.name for field in html if field.compute and not field.sanitize]
        if risky:
            for record in model.search([], limit=20, order="id desc"):
                found += [f"{record}.{field}" for field in risky if PAYLOAD in Markup(record[field] or "")]
    return found


def tracking_pages(env):
    """Addresses of the pages of the last parcels and of an order, without the server's own."""
    records = [*env["scm.parcel"].search([], limit=4, order="id desc")]
    urls = [record._tracking_url() for record in records]
    urls += [order._scm_track_url() for order in env["sale.order"].search([("scm_parcel_ids", "!=", False)], limit=2)]
    return sorted({urlsplit(url).path for url in urls if url})
