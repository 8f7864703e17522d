"""The parts of benchmarks/count_plan.py that run inside Odoo's shell: makes the warehouse and takes the times."""

import numpy as np

from benchmarks.nightly_inside import say, timed
from tools.demo_data.bulk import bare_tables

SEED = 71
PRODUCTS_SHARE, MOVES_EACH, COUNTED_SHARE = 0.2, 5, 0.5
CAPACITY = 400
TABLES = ("stock_quant", "stock_move_line", "scm_count_task", "scm_count_line", "scm_product_class")


def measure(env, quants, places):
    """Times of the plan of one warehouse, and once more when nothing changes, as plain data."""
    warehouse = env["stock.warehouse"].search([], limit=1, order="id")
    build(env, warehouse, quants, places)
    warehouse.write({"scm_count_planned": True, "scm_count_capacity": CAPACITY})
    env.cr.commit()
    plan, found = env["scm.count.plan"], []
    parts = [
        timed(env, "count plan of a warehouse", lambda: found.append(plan._plan(warehouse))),
        timed(env, "the same once more, nothing to plan", lambda: found.append(plan._plan(warehouse))),
        timed(env, "alerts", lambda: env["scm.count.alert"]._sync_alerts(warehouse.company_id)),
        timed(env, "summary of the accuracy", lambda: env["scm.count.accuracy"].get_summary(warehouse.id, 365)),
    ]
    return {"parts": parts, "first": found[0], "second": found[1], "quants": quants, "places": places}


def build(env, warehouse, quants, places):
    """Products, places, stock, movements and a year of counts by plain SQL; nothing of this is measured."""
    rng, products = np.random.default_rng(SEED), int(quants * PRODUCTS_SHARE)
    params = {
        "stock": warehouse.lot_stock_id.id,
        "path": warehouse.lot_stock_id.parent_path,
        "warehouse": warehouse.id,
        "company": warehouse.company_id.id,
        "uom": env.ref("uom.product_uom_unit").id,
        "customer": env.ref("stock.stock_location_customers").id,
        "products": products,
        "places": places,
        "quants": quants,
        "moves": quants * MOVES_EACH,
        "counted": int(places * COUNTED_SHARE),
        "seed": float(rng.random()),
    }
    _products(env, params)
    with bare_tables(env.cr, TABLES):
        for text in STATEMENTS:
            env.cr.execute(text, params)
    env.cr.commit()
    env.invalidate_all()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    say(f"{quants:,} quants of {products:,} products in {places:,} places, {params['moves']:,} movements")


def _products(env, params):
    """As many products as are wanted, as the ORM leaves them, at costs of their own."""
    one = env["product.product"].create({"name": "Product 0", "is_storable": True, "standard_price": 1.0})
    env.flush_all()
    named = "jsonb_build_object('en_US', 'Product ' || n)"
    _multiply(env, "product_template", one.product_tmpl_id.id, params["products"] - 1, {"name": named})
    env.cr.execute("SELECT id FROM product_template WHERE name ->> 'en_US' LIKE 'Product %%' ORDER BY id")
    params["templates"] = [number for (number,) in env.cr.fetchall()][1:]
    price = f"jsonb_build_object('{params['company']}', round((exp(random() * 5))::numeric, 2))"
    template = "(%(templates)s::int[])[n]"
    own = {"product_tmpl_id": template, "standard_price": price}
    _multiply(env, "product_product", one.id, params["products"] - 1, own, params)


def _multiply(env, table, number, count, own, params=None):
    """Copies of a row with values of their own, given as SQL of ``n``."""
    env.cr.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped", [table]
    )
    columns = [name for (name,) in env.cr.fetchall() if name != "id"]
    values = ", ".join(own.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, {count}) n"
        f" WHERE id = {number}",
        params,
    )


STATEMENTS = (
    "SELECT setseed(%(seed)s)",
    """CREATE TEMP TABLE bench_product AS
       SELECT product.id, row_number() OVER (ORDER BY product.id) - 1 AS rank
         FROM product_product product JOIN product_template template ON template.id = product.product_tmpl_id
        WHERE template.name ->> 'en_US' LIKE 'Product %%'""",
    """INSERT INTO stock_location (name, complete_name, usage, location_id, company_id, warehouse_id, scm_zone_id,
                                   active, scm_aisle, scm_bay, scm_level, scm_walk_sequence, cyclic_inventory_frequency)
       SELECT 'P' || n, 'WH/Stock/P' || n, 'internal', %(stock)s, %(company)s, %(warehouse)s, %(stock)s, TRUE,
              'A' || n / 200, n / 4 %% 50, n %% 4, n, 0 FROM generate_series(1, %(places)s) n""",
    "UPDATE stock_location SET parent_path = %(path)s || id || '/' WHERE complete_name LIKE 'WH/Stock/P%%'",
    """CREATE TEMP TABLE bench_place AS
       SELECT id, row_number() OVER (ORDER BY id) - 1 AS rank FROM stock_location
        WHERE complete_name LIKE 'WH/Stock/P%%'""",
    """INSERT INTO stock_quant (product_id, location_id, company_id, quantity, reserved_quantity, in_date)
       SELECT product.id, place.id, %(company)s, ceil(random() * 200), 0, now()
         FROM generate_series(0, %(quants)s - 1) n
         JOIN bench_product product ON product.rank = (n + n / %(places)s * 997) %% %(products)s
         JOIN bench_place place ON place.rank = n %% %(places)s""",
    """INSERT INTO stock_move_line (product_id, location_id, location_dest_id, company_id, product_uom_id, quantity,
                                    quantity_product_uom, state, date, picked)
       SELECT quant.product_id, quant.location_id, %(customer)s, %(company)s, %(uom)s, 1, 1, 'done',
              now() - random() * interval '180 days', TRUE
         FROM generate_series(1, %(moves)s) n
         JOIN (SELECT product_id, location_id, row_number() OVER () - 1 AS rank FROM stock_quant
                WHERE company_id = %(company)s) quant ON quant.rank = (n::bigint * 7919) %% %(quants)s""",
    """INSERT INTO scm_product_class (product_id, warehouse_id, company_id, abc_value)
       SELECT id, %(warehouse)s, %(company)s,
              CASE WHEN rank %% 10 < 2 THEN 'A' WHEN rank %% 10 < 5 THEN 'B' ELSE 'C' END
         FROM bench_product""",
    """INSERT INTO scm_count_task (name, company_id, warehouse_id, location_id, zone_id, date, origin, state,
                                   counted_at, done_at, round)
       SELECT 'C' || rank, %(company)s, %(warehouse)s, id, %(stock)s, now()::date - rank::int %% 300, 'plan', 'done',
              now() - (rank::int %% 300) * interval '1 day', now() - (rank::int %% 300) * interval '1 day', 1
         FROM bench_place WHERE rank < %(counted)s""",
    """INSERT INTO scm_count_line (task_id, company_id, warehouse_id, location_id, state, product_id, expected_quantity,
                                   quantity, difference, value_expected, value_difference, in_tolerance, counted_at)
       SELECT task.id, task.company_id, task.warehouse_id, task.location_id, 'done', quant.product_id, quant.quantity,
              quant.quantity, 0, quant.quantity, 0, quant.product_id %% 25 != 0, task.counted_at
         FROM scm_count_task task JOIN stock_quant quant ON quant.location_id = task.location_id""",
)
