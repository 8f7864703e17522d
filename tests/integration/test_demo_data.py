"""The demo company agrees with itself, and the same seed gives the same shop."""

import adapter
import pytest

LOAD = """
import sys
sys.path.insert(0, {root!r})
from datetime import date
import numpy as np
from tools import demo_data
from tools.demo_data import catalogue, market

def loaded(seed, keep=False):
    savepoint = env.cr.savepoint()
    summary = demo_data.load(env, date(2026, 3, 2), seed=seed, products=70, days=330, people=300)
    env.cr.execute('''SELECT md5(string_agg(md5(row::text), '' ORDER BY row::text)) FROM (
        SELECT o.date_order, o.name, l.name, l.product_uom_qty, l.price_subtotal, l.qty_delivered
          FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id) AS row''')
    summary['sales'] = env.cr.fetchone()[0]
    if not keep:
        savepoint.rollback()
        env.cr.postcommit.clear()  # what the ranks of these partners wait for
        env.invalidate_all(flush=False)
    savepoint.close(rollback=False)
    return summary

def drawn(seed):
    rng = np.random.default_rng(seed)
    market = demo_data.market.simulate(rng, demo_data.catalogue.build(rng, 70), date(2025, 4, 6), 330)
    return market.demand.tolist()

result = dict(first=loaded(3), second=loaded(3, keep=True), differ=drawn(3) != drawn(4), alike=drawn(3) == drawn(3))
try:
    demo_data.load(env, date(2026, 3, 2))
except Exception as error:
    result['again'] = str(error)
result['problems'] = demo_data.problems(env, sample=400)
"""


@pytest.fixture(scope="module")
def shops():
    """A small shop, and the same one again, which stays in the database."""
    name = adapter.clone(adapter.os.environ["SCM_EMPTY_DB"])
    # two shops, on a machine that runs other tests beside
    yield adapter.shell(name, LOAD.format(root=str(adapter.ROOT)), seconds=1800)
    adapter.drop(name)


def test_trade_agrees_with_itself(shops):
    assert shops["problems"] == []
    shop = shops["second"]
    assert shop["order_lines"] > 8000
    assert shop["returned"] > 100
    assert shop["purchase_lines"] > 300
    assert 0.75 < shop["units_sold"] / shop["units_wanted"] < 0.99, "there must be stock-outs, and not only those"


def test_same_seed_same_shop(shops):
    assert shops["first"]["sales"] == shops["second"]["sales"]
    assert shops["differ"] and shops["alike"], "demand is drawn from the seed"


def test_never_loaded_over_trade_of_somebody_else(shops):
    assert "needs an empty one" in shops["again"]


def test_company_of_make_demo_agrees_with_itself(demo_db):
    found = adapter.shell(
        demo_db,
        f"""
import sys
sys.path.insert(0, {str(adapter.ROOT)!r})
from tools import demo_data
result = demo_data.problems(env)
""",
    )
    assert found == []
