import numpy as np
from odoo import models
from odoo.tools import SQL

from ..kernel import event_pace
from .scm_event_page import PART_ERROR, PRODUCT_ERROR, SHOWN

COLUMNS = (
    "warehouse", "product", "category", "total", "price", "available", "actual", "revenue", "moved", "due", "later",
)  # fmt: skip


class ScmEventPage(models.AbstractModel):
    """Products of the event: how they sell beside what was expected, and how long their stock lasts."""

    _inherit = "scm.event.page"

    def _items(self, moment, pace):
        """Arrays per product and warehouse, as known at the moment; the kernel's projection beside them."""
        rows = self.env.execute_query(self._items_query(moment))
        columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
        items = {
            name: np.array(values, int if name in ("warehouse", "product", "category") else float)
            for name, values in zip(COLUMNS, columns, strict=True)
        }
        done = np.zeros(len(rows))
        for warehouse in np.unique(items["warehouse"]):
            course = self._course(moment, int(warehouse))
            done[items["warehouse"] == warehouse] = event_pace.share_done(course, moment.hour)
        items["found"] = event_pace.project(
            items["total"],
            items["actual"],
            done,
            event_pace.part_error(items["total"], PRODUCT_ERROR, moment.watch.unit_dispersion),
            moment.watch.unit_dispersion,
            moment.watch.profile_spread,
            self._category_pace(moment, items, done, pace),
        )
        items["rest"] = np.maximum(items["found"].mean - items["actual"], 0)
        items["free"] = items["available"] + items["moved"] - items["actual"]
        return items

    def _category_pace(self, moment, items, done, pace):
        """Shrunk pace of the category of each item, float (n,): what a product is drawn to."""
        groups, index = np.unique(items["category"], return_inverse=True)
        total, due, actual = (
            np.bincount(index, values, len(groups)).astype(float)  # of nothing it would be whole numbers
            for values in (items["total"], items["total"] * done, np.where(items["total"] > 0, items["actual"], 0))
        )
        share = np.divide(due, total, out=np.zeros_like(due), where=total > 0)
        watch = moment.watch
        error = event_pace.part_error(total, PART_ERROR, watch.unit_dispersion)
        ratio = event_pace.project(total, actual, share, error, watch.unit_dispersion, watch.profile_spread, pace).ratio
        return np.where(np.isnan(ratio), pace, ratio)[index]

    def _items_query(self, moment):
        """Items that are expected to sell or were sold, with their stock and receipts; one statement."""
        watch = moment.watch
        return SQL(
            """
            WITH sold AS MATERIALIZED (
                SELECT warehouse_id, product_id, sum(quantity) AS units, sum(revenue) AS money
                  FROM scm_event_hour WHERE watch_id = %(watch)s AND date_hour < %(now)s GROUP BY 1, 2),
            item AS MATERIALIZED (
                SELECT warehouse_id, product_id, quantity, price, available FROM scm_event_item
                 WHERE watch_id = %(watch)s),
            moved AS MATERIALIZED (
                SELECT warehouse_id, product_id, sum(units) AS units FROM (%(moved)s) move GROUP BY 1, 2),
            due AS MATERIALIZED (%(due)s)
            SELECT warehouse_id, product_id, COALESCE(template.categ_id, 0), COALESCE(item.quantity, 0)::float8,
                   COALESCE(item.price, sold.money / NULLIF(sold.units, 0), 0)::float8,
                   COALESCE(item.available, 0)::float8, COALESCE(sold.units, 0)::float8,
                   COALESCE(sold.money, 0)::float8, COALESCE(moved.units, 0)::float8,
                   COALESCE(due.due, 0)::float8, COALESCE(due.later, 0)::float8
              FROM item
         FULL JOIN sold USING (warehouse_id, product_id)
         LEFT JOIN moved USING (warehouse_id, product_id)
         LEFT JOIN due USING (warehouse_id, product_id)
              JOIN product_product product ON product.id = product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
            """,
            watch=watch.id,
            now=moment.now,
            moved=watch._moved_query(watch.date_start, moment.now, sales=False),
            due=watch._due_query(moment.now),
        )

    def _products(self, items):
        """The products that are furthest from what was expected, in money; over all warehouses."""
        found = items["found"]
        products, index = np.unique(items["product"], return_inverse=True)
        sums = {
            name: np.bincount(index, values, len(products))
            for name, values in (
                ("actual", items["actual"]),
                ("expected", found.expected),
                ("total", items["total"]),
                ("mean", found.mean),
                ("revenue", items["revenue"]),
                ("gap", (items["actual"] - found.expected) * items["price"]),
            )
        }
        best = np.argsort(-np.abs(sums["gap"]), kind="stable")[:SHOWN]
        names = self._product_names(products[best])
        return [
            {
                "id": int(products[row]),
                "name": names.get(int(products[row]), ""),
                **{name: round(float(values[row]), 2) for name, values in sums.items()},
            }
            for row in best
            if abs(sums["gap"][row]) > 0.5
        ]

    def _product_names(self, ids):
        # sudo: names of what the reader's figures are of; the role was checked, the product itself stays closed
        products = self.env["product.product"].sudo().browse([int(one) for one in ids])
        return {product.id: product.display_name for product in products}

    # How long stock lasts

    def _shortages(self, moment, items):
        """Rows of items that run out before the end, most lost revenue first: index, hours, short, lost, remedy."""
        supply = items["free"] + items["due"]
        short = np.maximum(items["rest"] - np.maximum(supply, 0), 0)
        chosen = np.flatnonzero((short >= 0.5) & (items["rest"] > 0))
        hours = np.zeros(len(chosen))
        for warehouse in np.unique(items["warehouse"][chosen]):
            course = self._course(moment, int(warehouse))
            mine = items["warehouse"][chosen] == warehouse
            rows = chosen[mine]
            hours[mine] = event_pace.hours_left(course, moment.hour, items["rest"][rows], supply[rows])
        surplus = self._surplus(items, supply)[chosen]
        lost = short[chosen] * items["price"][chosen]
        remedy = event_pace.remedies(short[chosen], surplus, items["later"][chosen])
        order = np.argsort(-lost, kind="stable")
        return [(chosen[at], hours[at], short[chosen[at]], lost[at], event_pace.REMEDIES[remedy[at]]) for at in order]

    @staticmethod
    def _surplus(items, supply):
        """Units of the same product that other warehouses will not need, float (n,)."""
        _products, index = np.unique(items["product"], return_inverse=True)
        spare = np.maximum(supply - items["rest"], 0)
        return np.bincount(index, spare)[index] - spare if len(index) else spare

    def _stock(self, moment, items):
        """``(what the page shows, all shortages)``."""
        short = self._shortages(moment, items)
        top = short[:SHOWN]
        names = self._product_names([items["product"][row] for row, *_rest in top])
        # sudo: names of what the reader's figures are of; the role was checked
        places = {one.id: one.name for one in self.env["stock.warehouse"].sudo().browse(list(moment.shares))}
        rows = [
            {
                "product_id": int(items["product"][row]),
                "product": names.get(int(items["product"][row]), ""),
                "warehouse_id": int(items["warehouse"][row]),
                "warehouse": places.get(int(items["warehouse"][row]), ""),
                "free": round(float(items["free"][row]), 2),
                "due": round(float(items["due"][row]), 2),
                "rest": round(float(items["rest"][row]), 2),
                "hours": round(float(hours), 1),
                "short": round(float(units), 2),
                "lost": round(float(lost), 2),
                "remedy": remedy,
            }
            for row, hours, units, lost, remedy in top
        ]
        return {"rows": rows, "count": len(short), "lost": round(float(sum(row[3] for row in short)), 2)}, short

    def _todo(self, short, parcels):
        """What is to be done today, most money first: ``[{"code", "count", "money"}]``."""
        found = {}
        for _row, _hours, _units, lost, remedy in short:
            count, money = found.get(remedy, (0, 0.0))
            found[remedy] = count + 1, money + float(lost)
        todo = [{"code": code, "count": count, "money": round(money, 2)} for code, (count, money) in found.items()]
        if parcels["count"]:
            todo.append({"code": "parcels", "count": parcels["count"], "money": parcels["value"]})
        return sorted(todo, key=lambda one: -one["money"])
