"""Runs inside Odoo's shell, where `env` is given: what an addon brings, and what it leaves behind.

`adapter.shell` takes this file and a line that calls one of its functions, each of which returns what JSON can hold.
"""

import json
import logging
import re
import time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules import Manifest
from odoo.tools import config

# What stands in a database beside records that people made. Each statement gives names, one a row.
CATALOG = {
    "columns": """SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns
                   WHERE table_schema = 'public'""",
    "indexes": "SELECT tablename || ': ' || indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """SELECT conrelid::regclass || ': ' || conname FROM pg_constraint
                       WHERE connamespace = 'public'::regnamespace""",
    "functions": """SELECT proname FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (
                        SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')""",
    "triggers": "SELECT tgrelid::regclass || ': ' || tgname FROM pg_trigger WHERE NOT tgisinternal",
    "names of records": "SELECT module || '.' || name FROM ir_model_data",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "selections": """SELECT f.model || '.' || f.name || '=' || s.value FROM ir_model_fields_selection s
                       JOIN ir_model_fields f ON f.id = s.field_id""",
    "scheduled actions": "SELECT cron_name FROM ir_cron",
    "server actions": "SELECT name->>'en_US' FROM ir_act_server",
    "window actions": "SELECT res_model || ': ' || (name->>'en_US') FROM ir_act_window",
    "client actions": "SELECT tag FROM ir_act_client",
    "reports": "SELECT report_name FROM ir_act_report_xml",
    "views": "SELECT COALESCE(model, '') || ': ' || name FROM ir_ui_view",
    "menus": "SELECT name->>'en_US' FROM ir_ui_menu",
    "groups": "SELECT name->>'en_US' FROM res_groups",
    "rules": "SELECT name FROM ir_rule",
    "access": "SELECT name FROM ir_model_access",
    "parameters": "SELECT key FROM ir_config_parameter",
    "sequences": "SELECT name || ' ' || COALESCE(code, '') FROM ir_sequence",
    "mail templates": "SELECT name->>'en_US' FROM mail_template",
    "attachments of models": "SELECT DISTINCT res_model FROM ir_attachment WHERE res_model LIKE 'scm.%'",
    "messages of models": "SELECT DISTINCT model FROM mail_message WHERE model LIKE 'scm.%'",
    "followers of models": "SELECT DISTINCT res_model FROM mail_followers WHERE res_model LIKE 'scm.%'",
    "activities of models": "SELECT DISTINCT res_model FROM mail_activity WHERE res_model LIKE 'scm.%'",
    "filters": "SELECT model_id FROM ir_filters",
    "assets": "SELECT path FROM ir_asset",
}
# Odoo writes these as it goes: what they hold says nothing of an addon.
PASSING = ("ir_module_module", "web.base.url", "base.partially_updated_database")


def catalog(env):
    """{kind: names}, of everything that addons make and take away."""
    env.flush_all()
    found = {}
    for kind, statement in CATALOG.items():
        env.cr.execute(statement)
        found[kind] = {str(name) for (name,) in env.cr.fetchall() if not str(name).startswith(PASSING)}
    return found


def difference(before, after):
    """[what came, what went], as '<kind>: <name>'."""
    return [
        sorted(f"{kind}: {name}" for kind in CATALOG for name in more[kind] - less[kind])
        for more, less in ((after, before), (before, after))
    ]


class Said(logging.Handler):
    """Every warning that Odoo wrote to its log while this stood."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")

    def __enter__(self):
        logging.captureWarnings(True)
        for name in ("odoo", "werkzeug"):
            logging.getLogger(name).setLevel(logging.WARNING)
        logging.getLogger().addHandler(self)
        return self.lines

    def __exit__(self, *error):
        logging.getLogger().removeHandler(self)


def module(env, name):
    return env["ir.module.module"].search([("name", "=", name)])


def refresh(env):
    """After addons came or went the environment needs the new models."""
    env.cr.commit()
    env.transaction.reset()


def install(env, names):
    """Addons with what they depend on, and no bridge that would come by itself."""
    config["skip_auto_install"] = True
    env["ir.module.module"].search([("name", "in", list(names))]).button_immediate_install()
    refresh(env)


def uninstall(env, name):
    module(env, name).button_immediate_uninstall()
    refresh(env)


def ours(env):
    """Our addons that are installed."""
    return sorted(
        env["ir.module.module"].search([("name", "=like", "scm\\_%"), ("state", "=", "installed")]).mapped("name")
    )


def begin(env, name):
    """Install an addon on a database that has those of ours it stands on; look at all it shows, then trade."""
    needs = Manifest.for_addon(name)["depends"]
    if missing := [need for need in needs if not module(env, need)]:
        return {"missing": missing}
    # What others' addons say of themselves is not judged here
    if others := [need for need in needs if module(env, need).state != "installed"]:
        install(env, others)
    with Said() as said:
        begun = time.monotonic()
        before, stood = catalog(env), ours(env)
        install(env, [name])
        came, went = difference(before, catalog(env))
        remember(env, before)
        shown, traded = show(env, name), trade(env)
        env.cr.commit()
    return {
        "missing": [],
        "stood": stood,
        "ours": sorted(set(ours(env)) - set(stood)),
        "came": len(came),
        "went": went,
        "shown": shown,
        "traded": traded,
        "said": said,
        "seconds": round(time.monotonic() - begun),
    }


def end(env, name):
    """Uninstall an addon; what it left, what it took with it that was not its own, and whether trade goes on."""
    before = recall(env)
    with Said() as said:
        uninstall(env, name)
        left, taken = difference(before, catalog(env))
        traded = trade(env)
        env.cr.commit()
    return {"left": left, "taken": taken, "traded": traded, "said": said}


def farewell(env, name):
    """Uninstall an addon with all that stands on it; what is left that bears the name of our suite."""
    with Said() as said:
        uninstall(env, name)
        left, traded = difference({kind: set() for kind in CATALOG}, catalog(env))[0], trade(env)
    # A product or kind of activity that we shipped stays where books and tasks use it; Odoo tries it and says so
    said = [line for line in said if not re.search(r"""bad query: b'DELETE FROM "(?!scm_)""", line)]
    kept = in_use(env)
    left = [name for name in left if is_ours(name) and name not in kept]
    return {"ours": ours(env), "left": left, "traded": traded, "said": said}


def in_use(env):
    """Names of what stays because documents use it: should the addon come back, it finds it by that name."""
    kept = env["ir.model.data"].search([("model", "in", ("product.product", "product.template", "mail.activity.type"))])
    return {f"names of records: {name.complete_name}" for name in kept if env[name.model].browse(name.res_id).exists()}


def is_ours(name):
    """Whether a table, model, field, record or key bears our prefix; what Odoo lists to install is its own."""
    listed = name.startswith("names of records: base.module_")
    return bool(re.search(r"\bscm[._]|supply.chain", name, re.I)) and "scm_test" not in name and not listed


def remember(env, found):
    """What stood before the addon is kept beside the tables of Odoo, for the process that uninstalls."""
    env.cr.execute("CREATE SCHEMA IF NOT EXISTS scm_test; DROP TABLE IF EXISTS scm_test.catalog")
    env.cr.execute("CREATE TABLE scm_test.catalog (found text)")
    kept = {kind: sorted(names) for kind, names in found.items()}
    env.cr.execute("INSERT INTO scm_test.catalog VALUES (%s)", [json.dumps(kept)])


def recall(env):
    env.cr.execute("SELECT found FROM scm_test.catalog")
    return {kind: set(names) for kind, names in json.loads(env.cr.fetchone()[0]).items()}


def show(env, name):
    """Open every action of an addon as the administrator; [number of actions, problems]."""
    env = env(user=env.ref("base.user_admin"))
    actions = env["ir.model.data"].sudo().search([("module", "=", name), ("model", "=", "ir.actions.act_window")])
    problems = []
    for action in env["ir.actions.act_window"].browse(actions.mapped("res_id")):
        try:
            kinds = [kind.strip() for kind in action.view_mode.split(",")]
            env[action.res_model].get_views([(False, kind) for kind in kinds] + [(False, "search")])
            if not env[action.res_model]._transient:
                shown = env[action.res_model].search([], limit=5)
                shown.read([field for field, is_ in shown._fields.items() if is_.store][:20])
        except Exception as problem:
            problems.append(f"{action.name}: {type(problem).__name__} {problem}")
    env["ir.ui.menu"].load_menus(False)
    return [len(actions), problems]


def show_all(env):
    """Problems of the actions of all our addons."""
    return [problem for name in ours(env) for problem in show(env, name)[1]]


def goods(env):
    """Something to trade with: what the company has, else a product of its own."""
    product = env["product.product"].search([("is_storable", "=", True), ("seller_ids", "!=", False)], limit=1)
    if product:
        return product
    vendor = env["res.partner"].create({"name": "Vendor"})
    sellers = [Command.create({"partner_id": vendor.id, "price": 3, "delay": 4})]
    return env["product.product"].create(
        {"name": "Thing", "is_storable": True, "list_price": 9, "standard_price": 3, "seller_ids": sellers}
    )


def trade(env):
    """A purchase that is received and a sale that is delivered."""
    product = goods(env)
    lines = [Command.create({"product_id": product.id, "product_qty": 48})]
    buy = env["purchase.order"].create({"partner_id": product.seller_ids[0].partner_id.id, "order_line": lines})
    buy.button_confirm()
    transfer(buy.picking_ids)
    customer = env["res.partner"].create({"name": "Somebody", "email": "somebody@example.com"})
    lines = [Command.create({"product_id": product.id, "product_uom_qty": 2})]
    sale = env["sale.order"].create({"partner_id": customer.id, "order_line": lines})
    sale.action_confirm()
    transfer(sale.picking_ids)
    for model in ("purchase.order", "sale.order", "product.template", "product.product", "res.users", "res.company",
                  "stock.picking", "res.partner", "res.config.settings"):  # fmt: skip
        env[model].get_views([(False, "form")])
    env["stock.warehouse.orderpoint"].get_views([(False, "list")])
    env["stock.warehouse.orderpoint"].action_open_orderpoints()
    return [buy.state, buy.receipt_status, sale.state, sale.delivery_status]


def transfer(pickings):
    """Done in as many steps as the warehouse asks for."""
    for picking in pickings:
        picking.action_assign()
        for move in picking.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        done = picking.button_validate()
        if done is not True:
            raise UserError(f"{picking.name} asks for more: {done}")
