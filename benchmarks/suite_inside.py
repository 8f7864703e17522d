"""The parts of benchmarks/suite.py that run inside Odoo's shell: the nights and the pages of a large company.

Neither steps nor pages are listed here by hand: the steps are the scheduled actions of the suite, the pages its menus
and its public methods that a page can call without knowing anything, so that a new one cannot be forgotten.
"""

import inspect
import re
import time

from lxml import etree
from odoo.tools.safe_eval import safe_eval

from benchmarks import nightly_inside
from benchmarks.nightly_inside import Meter, say

#: order of a night, by the scheduled actions' names; what is not named comes behind
ORDER = (
    "scm_product_class_cron", "scm_lane_cron", "scm_stage_norm_cron", "scm_scan_norm_cron", "scm_return_fact_cron",
    "scm_pick_face_limits_cron", "scm_count_plan_start_cron", "scm_count_plan_run_cron", "scm_freight_start_cron",
    "scm_freight_run_cron", "ir_cron_scm_supplier_standing", "ir_cron_scm_qualification", "ir_cron_scm_improvement",
    "ir_cron_scm_alert_digest", "scm_return_finding_start_cron", "scm_return_finding_run_cron",
)  # fmt: skip
#: what ends the day: it reads what the others have left
LAST = ("scm_metric_start_cron", "scm_metric_run_cron", "scm_finding_start_cron", "scm_finding_run_cron")
#: planning, whose steps are measured one by one
PLANNING = ("scm_forecast_nightly_cron", "scm_forecast_run_cron")
#: public methods of pages have these names; those that need more than nothing get it from `_given`
PAGE_METHOD = re.compile(r"get_\w+|morning_summary|inspection_queue|next_tasks|bench_start")
WARM = 3


def night(env, kind, whole=False):
    """Every scheduled action of the suite once, planning by its steps: rows of what, seconds, cpu, memory, queries."""
    rows = [
        {"what": f"planning: {step}"} | one for step, one in nightly_inside.night(env, kind, whole=whole).items()
    ]
    for cron in _crons(env):
        rows.append(_timed(env, cron.name, cron.ir_actions_server_id.run))
    return rows


def _crons(env):
    """Scheduled actions of the suite in the order of a night."""
    crons = env["ir.cron"].with_context(active_test=False).search([("active", "=", True)], limit=500)
    names = {row.res_id: row for row in env["ir.model.data"].search([("model", "=", "ir.cron")], limit=5000)}
    ours = crons.filtered(lambda cron: cron.id in names and names[cron.id].module.startswith("scm_"))
    order = {name: place for place, name in enumerate(ORDER)} | {name: 900 + k for k, name in enumerate(LAST)}
    ours = ours.filtered(lambda cron: names[cron.id].name not in PLANNING)
    return ours.sorted(lambda cron: (order.get(names[cron.id].name, 500), names[cron.id].name))


def _timed(env, what, action):
    """Like nightly_inside.timed; a step that fails is a row too, with what it said."""
    env.flush_all()
    env.invalidate_all()
    total, meter = {"seconds": 0.0, "cpu": 0.0, "memory": 0.0}, Meter(env)
    queries, failed = env.cr.sql_log_count, False
    try:
        action()
        env.flush_all()
        env.cr.commit()
    except Exception as error:  # the others are measured all the same
        env.cr.rollback()
        failed = repr(error)[:200]
    meter.add_to(total)
    queries = env.cr.sql_log_count - queries
    say(f"{what}: {total['seconds']:.1f} s, computing {total['cpu']:.1f} s, {queries} queries {failed or ''}")
    return total | {"what": what, "queries": queries, "failed": failed}


def change(env, size):
    """A usual day: orders of customers, and what a day writes on deliveries, parcels and returns of late."""
    nightly_inside.change(env, max(round(250 * size), 1))
    env.cr.execute("UPDATE scm_return_fact_state SET watermark = now() AT TIME ZONE 'UTC' - interval '1 minute'")
    for table, count in (("stock_move", 2_740), ("scm_parcel", 1_400), ("scm_return_line", 160)):
        env.cr.execute(
            f"""UPDATE {table} SET write_date = now() AT TIME ZONE 'UTC'
                 WHERE id IN (SELECT id FROM {table} ORDER BY id DESC LIMIT %s)""",
            [max(round(count * size), 1)],
        )
    env.cr.commit()


# Pages


def pages(env, only=""):
    """First and later calls of every page: rows of what, first, warm (seconds), queries, and seconds of computing."""
    env = env(user=env.ref("base.user_admin"))
    rows = []
    for what, call in [*_methods(env), *_menus(env)]:
        if only in what:
            rows.append(_page(env, what, call))
    return sorted(rows, key=lambda row: -row["warm"])


def _page(env, what, call):
    seconds, computing, failed = [], [], False
    queries, meter = 0, Meter(env)
    for _each in range(1 + WARM):
        env.invalidate_all()
        total = {"seconds": 0.0, "cpu": 0.0, "memory": 0.0}
        meter.add_to(total)
        before, began = env.cr.sql_log_count, time.perf_counter()
        try:
            call()
        except Exception as error:  # the others are measured all the same
            failed = repr(error)[:200]
        queries = env.cr.sql_log_count - before
        seconds.append(time.perf_counter() - began)
        total = {"seconds": 0.0, "cpu": 0.0, "memory": 0.0}
        meter.add_to(total)
        computing.append(total["cpu"])
        env.cr.rollback()
        if failed:
            break
    row = {
        "what": what,
        "first": seconds[0],
        "warm": min(seconds[1:] or seconds),
        "cpu": min(computing[1:] or computing),
        "queries": queries,
        "failed": failed,
    }
    say(f"{what}: first {row['first']:.2f} s, then {row['warm']:.3f} s, {queries} queries {failed or ''}")
    return row


def _methods(env):
    """Public methods for pages of the suite's models, with arguments where they need some."""
    for name in sorted(env.registry):
        if not name.startswith("scm."):
            continue
        for method in sorted(dir(type(env[name]))):
            function = getattr(type(env[name]), method)
            if PAGE_METHOD.fullmatch(method) and getattr(function, "_api_model", False) and _is_ours(function):
                given = _given(env, name, method, function)
                if given is not None:
                    yield f"{name}.{method}", lambda name=name, method=method, given=given: getattr(env[name], method)(
                        *given
                    )


def _is_ours(function):
    return function.__module__.startswith("odoo.addons.scm_")


def _given(env, name, method, function):
    """Arguments of a page's method; None where it is for a part of a page that nobody opens first."""
    needed = [
        one.name
        for one in list(inspect.signature(function).parameters.values())[1:]
        if one.default is inspect.Parameter.empty and one.kind is one.POSITIONAL_OR_KEYWORD
    ]
    if not needed:
        return []
    known = {
        "partner_id": lambda: env["res.partner"].search([("supplier_rank", ">", 0)], limit=1).id,
        "picking_id": lambda: env["stock.picking"].search([("state", "=", "assigned")], limit=1).id,
        "company_id": lambda: env.company.id,
        "level": lambda: "company",
    }
    return [known[one]() for one in needed] if set(needed) <= set(known) else None


def _menus(env):
    """The lists behind the suite's menus, with the filters that are on when they open."""
    names = env["ir.model.data"].search([("model", "=", "ir.ui.menu"), ("module", "=like", "scm\\_%")], limit=5000)
    menus = env["ir.ui.menu"].browse(names.mapped("res_id")).exists().sorted("complete_name")
    seen = set()
    for menu in menus:
        action = menu.action
        if action and action._name == "ir.actions.act_window" and action.id not in seen:
            seen.add(action.id)
            yield f"menu {menu.complete_name}", lambda action=action: _open(env, action)


def _open(env, action):
    """What the web client asks when it opens an action: its views, and the first page of the first one."""
    context = safe_eval(action.context or "{}", {"uid": env.uid, "context_today": lambda: env.cr.now().date()})
    model = env[action.res_model].with_context(**context)
    kinds = [(view_id, kind) for view_id, kind in action.views if kind in ("list", "kanban", "graph", "pivot")]
    views = model.get_views([*kinds[:1], (action.search_view_id.id, "search")], {})["views"]
    domain, groups = _filters(env, views["search"]["arch"], context)
    own = safe_eval(action.domain or "[]", _names(env, context))
    domain = [*own, *domain]
    kind = kinds[0][1] if kinds else None
    if kind not in ("list", "kanban"):
        return model.formatted_read_group(domain, _grouped(model, groups), ["__count"])
    arch = etree.fromstring(views[kind]["arch"])
    if groups:
        return model.web_read_group(domain, _grouped(model, groups), ["__count", *_sums(model, arch)], limit=80)
    specification = {
        node.get("name"): {"fields": {"display_name": {}}} if model._fields[node.get("name")].relational else {}
        for node in arch.iter("field")
        if node.get("name") in model._fields and not any(one.tag == "field" for one in node.iterancestors())
    }
    return model.web_search_read(domain, specification, limit=80, count_limit=10_001)


def _grouped(model, groups):
    """The first group; dates by month, as the browser does."""
    first = groups[:1]
    if first and ":" not in first[0] and model._fields[first[0]].type in ("date", "datetime"):
        first = [f"{first[0]}:month"]
    return first


def _sums(model, arch):
    return [
        f"{node.get('name')}:sum"
        for node in arch.iter("field")
        if node.get("sum") and model._fields[node.get("name")].store
    ]


def _names(env, context):
    return {"uid": env.uid, "context": context, "active_id": False, "allowed_company_ids": env.companies.ids}


def _filters(env, arch, context):
    """Domain and group of the filters that the context of an action switches on."""
    domain, groups = [], []
    for node in etree.fromstring(arch).iter("filter"):
        if not context.get(f"search_default_{node.get('name')}"):
            continue
        if node.get("context") and "group_by" in node.get("context"):
            groups.append(safe_eval(node.get("context"))["group_by"])
        elif node.get("domain"):
            try:
                domain += safe_eval(node.get("domain"), _names(env, context))
            except Exception:  # a filter by days, which only the browser reads
                continue
    return domain, groups
