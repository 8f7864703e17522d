"""The parts of benchmarks/returns.py that run inside Odoo's shell: makes the company and takes the times."""

import io
import time
from datetime import timedelta

import pandas as pd

from benchmarks import returns_data
from benchmarks.nightly_inside import say, timed
from odoo.addons.scm_base.tools.zones import local_today

DIMENSIONS = (
    "product", "category", "supplier", "supplier_product", "carrier", "zone", "lane", "warehouse", "picker", "channel",
)  # fmt: skip


def measure(env, lines, returns):
    """Times of reading the facts, of all cells, of the page and of the ways without the suite, as plain data."""
    began = time.monotonic()
    company = returns_data.build(env, lines, returns)
    env.cr.execute("ANALYZE")
    env.cr.commit()
    say(f"made in {time.monotonic() - began:.0f} s")
    facts, pages = env["scm.return.fact"], env["scm.cause.explorer"].with_company(company)
    today = local_today(company)
    first, found = today - timedelta(days=returns_data.DAYS + 10), {}
    period = (company, first, today)
    parts = [timed(env, "first reading of all deliveries and returns", lambda: facts._refresh(company))]
    _touch(env, 2_000)
    parts += [
        timed(env, "a night: 2,000 orders and 200 returns changed", lambda: facts._refresh(company)),
        timed(env, "return rates of all cells, completed",
              lambda: found.update(ours=facts._cells(*period, DIMENSIONS))),
        timed(env, "the same, and each cause by itself",
              lambda: facts._cells(*period, DIMENSIONS, by="cause_id")),
        timed(env, "cause explorer, twelve months", lambda: pages.get_page({})),
        timed(env, "cause explorer, all", lambda: pages.get_page({"from": first.isoformat(), "to": today.isoformat()})),
        timed(env, "pandas: one query, COPY, one group per dimension",
              lambda: found.update(pandas=_pandas(env, *period))),
        timed(env, "Odoo: read_group by product, category and warehouse", lambda: found.update(odoo=_odoo(env))),
    ]  # fmt: skip
    _compare(found)
    counts = "SELECT count(*) FROM scm_return_fact; "
    env.cr.execute(counts)
    deliveries = env.cr.fetchone()[0]
    return {
        "parts": parts,
        "deliveries": deliveries,
        "returns": env["scm.return.part"].search_count([("company_id", "=", company.id)]),
        "cells": len(found["ours"]["lines"]),
    }


def _touch(env, orders):
    """What a day changes: moves of some orders, and a tenth of them in returns."""
    env.cr.execute("UPDATE scm_return_fact_state SET watermark = now() AT TIME ZONE 'UTC' - interval '1 minute'")
    changed = "SET write_date = now() AT TIME ZONE 'UTC' WHERE id IN (SELECT id FROM {} ORDER BY id DESC LIMIT %s)"
    for table, count in (("stock_move", 2 * orders), ("scm_return_line", orders // 10)):
        env.cr.execute(f"UPDATE {table} " + changed.format(table), [count])
    env.cr.commit()


def _pandas(env, company, first, today):
    """What an analyst would do: one joined query by COPY, local days, one group per dimension; no delay curve."""
    zone = company.partner_id.tz
    sent = _copy(env, f"""
        SELECT move.sale_line_id, move.product_id, template.categ_id, sale.warehouse_id, sale.team_id, picking.user_id,
               parcel.carrier_id, parcel.zone_id, line.quantity_product_uom AS units, sale.date_order
          FROM stock_move_line line
          JOIN stock_move move ON move.id = line.move_id
          JOIN sale_order_line item ON item.id = move.sale_line_id
          JOIN sale_order sale ON sale.id = item.order_id
          JOIN product_product product ON product.id = move.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN stock_picking picking ON picking.id = move.picking_id
          LEFT JOIN scm_parcel_picking_rel rel ON rel.picking_id = picking.id
          LEFT JOIN scm_parcel parcel ON parcel.id = rel.parcel_id
         WHERE move.state = 'done' AND sale.company_id = {company.id}""")  # fmt: skip
    back = _copy(env, "SELECT sale_line_id, quantity AS returned FROM scm_return_line")
    days = pd.to_datetime(sent["date_order"]).dt.tz_localize("UTC").dt.tz_convert(zone).dt.date
    sent = sent[(days >= first) & (days <= today)]
    frame = sent.merge(back.groupby("sale_line_id", as_index=False).sum(), on="sale_line_id", how="left")
    frame["back"] = frame["returned"].notna()
    keys = {
        "product": ["product_id"], "category": ["categ_id"], "carrier": ["carrier_id"], "zone": ["zone_id"],
        "lane": ["carrier_id", "warehouse_id", "zone_id"], "warehouse": ["warehouse_id"], "picker": ["user_id"],
        "channel": ["team_id"],
    }  # fmt: skip
    sums = {"lines": ("units", "size"), "units": ("units", "sum"), "returned_lines": ("back", "sum"),
            "returned": ("returned", "sum")}  # fmt: skip
    return {name: frame.groupby([*key, *(["categ_id"] if name != "category" else [])]).agg(**sums)
            for name, key in keys.items()}  # fmt: skip


def _copy(env, query):
    text = io.StringIO()
    env.cr._obj.copy_expert(f"COPY ({query}) TO STDOUT CSV HEADER", text)
    text.seek(0)
    return pd.read_csv(text)


def _odoo(env):
    """What the ORM gives without a table of facts: three dimensions, no lots, vendors, carriers or completion."""
    moves, lines = env["stock.move"], env["scm.return.line"]
    domain = [("sale_line_id", "!=", False), ("state", "=", "done")]
    found = {}
    for key in ("product_id", "product_id.categ_id", "sale_line_id.order_id.warehouse_id"):
        sent = moves._read_group(domain, [key], ["__count", "quantity:sum"])
        back = lines._read_group([], [key], ["__count", "quantity:sum"])
        found[key] = {record.id: (count, units) for record, count, units in sent}, len(back)
    return found


def _compare(found):
    """The cells hold the same deliveries and returns as pandas' groups."""
    ours = pd.DataFrame({name: list(found["ours"][name]) for name in (
        "dimension", "key", "group", "lines", "delivered", "returned_lines", "returned")})  # fmt: skip
    for name, theirs in found["pandas"].items():
        mine = ours[ours["dimension"] == name]
        names = [(*key, group) if name != "category" else key for key, group in
                 zip(mine["key"], mine["group"], strict=True)]  # fmt: skip
        mine = dict(zip(names, mine.iloc[:, 3:].astype(float).round(3).itertuples(index=False, name=None), strict=True))
        plain = {
            tuple(int(k) for k in (key if isinstance(key, tuple) else (key,))): tuple(round(float(v), 3) for v in row)
            for key, row in zip(theirs.index, theirs.to_numpy(), strict=True)
        }
        assert mine == plain, (name, [(k, mine.get(k), v) for k, v in plain.items() if mine.get(k) != v][:3])
