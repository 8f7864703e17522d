"""The demo company in one call, see `load`."""

from __future__ import annotations

import logging
import re
import time
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import numpy as np
from odoo import fields
from odoo.exceptions import UserError

from . import catalogue as words
from . import market as shop
from . import master as records
from . import warehouse_packing as packing
from .aftersales_care import create_care
from .aftersales_causes import create_causes
from .aftersales_desk import create_desk
from .aftersales_documents import create_documents
from .aftersales_findings import create_findings
from .aftersales_voice import create_voice
from .bulk import Loader, bare_tables
from .carts import lines_of, orders_of
from .delivery_choice import create_choices
from .delivery_exceptions import create_exceptions
from .delivery_freight import create_freight
from .delivery_tracking import create_tracking
from .events import create_promotions
from .excess import create_return_terms
from .lifecycle import create_lifecycles
from .parcels import create_parcels
from .prototypes import capture
from .purchases import PurchaseLedger
from .return_plants import plant_returns
from .returns import create_returns
from .sales import UTC_OFFSET_HOURS, SalesLedger
from .season import create_season
from .suppliers_portal import create_supplier_portal
from .suppliers_qualification import create_qualifications
from .suppliers_receipts import create_receipts
from .suppliers_scorecards import create_scorecards
from .suppliers_standing import create_surveys
from .supply import replay
from .vendor_choice import choose_vendors
from .vendor_terms import create_terms
from .warehouse import create_warehouse
from .warehouse_count import create_counts
from .warehouse_count_phone import create_count_phone
from .warehouse_flow import create_flow
from .warehouse_map import create_map
from .warehouse_safety import create_safety
from .warehouse_slotting import create_slotting
from .warehouse_waves import create_waves

_logger = logging.getLogger(__name__)

TABLES = (
    "sale_order",
    "sale_order_line",
    "stock_picking",
    "stock_move",
    "stock_move_line",
    "stock_reference",
    "stock_reference_sale_rel",
    "stock_reference_purchase_rel",
    "stock_reference_move_rel",
    "stock_move_move_rel",
    "purchase_order",
    "purchase_order_line",
    "purchase_order_stock_picking_rel",
)
STEPS = (
    "company, products and vendors",
    "two years of trade",
    "prototypes",
    "sales",
    "purchases",
    "indexes",
    "stock",
    "reordering rules",
    "events",
    "parcels",
)


class Numbering:
    """Running names such as S00001 and TPE/OUT/00001, with the prefixes that Odoo's own sequences give."""

    def __init__(self, env, warehouses):
        self.env = env
        find = env["ir.sequence"].search
        self.sequences = {
            "sale.order": find([("code", "=", "sale.order")], limit=1),
            "purchase.order": find([("code", "=", "purchase.order")], limit=1),
        }
        for index, warehouse in enumerate(warehouses):
            self.sequences["in", index] = warehouse.in_type_id.sequence_id
            self.sequences["out", index] = warehouse.out_type_id.sequence_id
        self.used = dict.fromkeys(self.sequences, 0)
        self.heads = {}

    def take(self, key, count) -> np.ndarray:
        """The next `count` names of a sequence."""
        if key not in self.heads:
            self.heads[key] = re.sub(r"\d+$", "", self.sequences[key].get_next_char(0))
        first = self.used[key] + 1
        self.used[key] += count
        return np.array([f"{self.heads[key]}{n:05d}" for n in range(first, first + count)], dtype=object)

    def store(self):
        """Let Odoo go on counting behind the names used."""
        for key, sequence in self.sequences.items():
            sequence.write({"number_next": self.used[key] + 1})


def load(
    env, today: date, seed: int = 7, progress=None, products: int = 360, days: int = 730, people: int = 6000
) -> dict:
    """Fill an empty database with the demo shop and two years of its trade up to the day before `today`.

    :param env: environment of the superuser; the caller commits
    :param today: the shop's last day is the one before; all dates are relative to it
    :param seed: the same seed and day give the same shop
    :param progress: called as `progress(title, done, total)` at the start of each step
    :param products: articles, at most 360; fewer for quick tests
    :param days: length of the history
    :param people: private customers
    :return: counts, and seconds by step
    :raises UserError: when the database already has sales or stock movements
    """
    if env["sale.order"].search_count([], limit=1) or env["stock.move"].search_count([], limit=1):
        raise UserError(
            env._("This database already has sales or stock movements. The demo company needs an empty one.")
        )
    return _Load(env, today, seed, progress, products, days, people).run()


class _Load:
    def __init__(self, env, today, seed, progress, products, days, people):
        self.env, self.today, self.days, self.people = env, today, days, people
        self.rng = np.random.default_rng(seed)
        self.progress = progress or (lambda title, done, total: _logger.info("%s (%s of %s)", title, done + 1, total))
        self.catalogue = words.build(self.rng, products)
        self.start = today - timedelta(days=days)
        self.loader = Loader(env.cr)
        self.summary, self.seconds, self.done = {}, {}, 0

    def run(self) -> dict:
        with self._step():
            first = datetime.combine(self.start, datetime.min.time()) - timedelta(hours=UTC_OFFSET_HOURS)
            self.master = records.create(self.env, self.catalogue, first)
            self.customers = records.customers(self.env, self.rng, self.loader, self.people)
            self.loader.set_id_sequences()
        with self._step():
            self.market = shop.simulate(self.rng, self.catalogue, self.start, self.days)
            self.result = replay(self.rng, self.catalogue, self.market)
        with self._step():
            self.prototypes = [capture(self.env, self.master, w) for w in self.master.warehouses]
            self.numbering = Numbering(self.env, self.master.warehouses)
        self.env.flush_all()
        with bare_tables(self.env.cr, TABLES):
            self._ledgers()
            self._begin()
        self._end()
        self.loader.set_id_sequences()
        self.numbering.store()
        self.env.invalidate_all()
        with self._step():
            self._quants()
        with self._step():
            self._reordering_rules()
        with self._step():
            self._events()
            self._suppliers()
        with self._step():
            self.summary["parcels"] = create_parcels(self.env, self.master, self.today)
            self.summary["choices"] = create_choices(self.env, self.master.company, self.today)
            self.summary["freight_invoices"] = create_freight(self.env, self.master, self.today)
            self.summary["exceptions"] = create_exceptions(self.env, self.master.company, self.today)
            create_tracking(self.env, self.master, self.today)
            self.summary["returns"] = create_returns(self.env, self.master, self.today)
            create_desk(self.env, self.master, self.today)
            create_documents(self.env, self.master, self.today)
            self.summary["care"] = create_care(self.env, self.master, self.today)
            self.summary["voices"] = create_voice(self.env, self.master.company, self.today)
            self.summary["return_facts"] = create_causes(self.env)
            self.summary["findings"] = create_findings(self.env, self.master.company, self.today)
            self.summary["places"] = create_warehouse(self.env, self.master, self.today)
            self.summary["picks"] = create_map(self.env, self.master, self.today)
            self.summary["slotting"] = create_slotting(self.env, self.master, self.today)
            self.summary["waves"] = create_waves(self.env, self.master, self.today)
            self.summary["counts_today"] = create_count_phone(self.env, self.master, self.today)
            self.summary["inspections"] = create_safety(self.env, self.master, self.today)
            self.summary["flow"] = create_flow(self.env, self.master, self.today)
            self.summary["counts"] = create_counts(self.env, self.master, self.today)
        if "odoobot_state" in self.env["res.users"]._fields:
            # its greeting would cover the first page that somebody opens on a phone
            self.env["res.users"].search([("active", "=", True)]).odoobot_state = "disabled"
        self.summary["packed_parcels"] = packing.create_packing(self.env, self.master, self.today)
        if "scm.demand.state" in self.env:
            # rows of the past are older than any watermark: the next refresh of demand has to read them all
            self.env["scm.demand.state"].search([]).unlink()
        return {**self.summary, "seconds": self.seconds}

    @contextmanager
    def _step(self):
        """Report a step before and after it, and keep its seconds."""
        self._begin()
        yield
        self._end()

    def _begin(self):
        self.began = time.monotonic()
        self.progress(STEPS[self.done].capitalize(), self.done, len(STEPS))

    def _end(self):
        self.seconds[STEPS[self.done]] = round(time.monotonic() - self.began, 1)
        self.done += 1

    def _ledgers(self):
        rest = (self.loader, self.master, self.catalogue, self.market, self.days, self.prototypes, self.numbering)
        with self._step():
            lines = lines_of(self.rng, self.catalogue, self.market, self.result)
            plant_returns(lines, self.catalogue, self.market, self.result)
            orders = orders_of(self.rng, self.market, lines)
            SalesLedger(*rest).write(self.rng, lines, orders, self.customers)
            self._quotations()
        with self._step():
            PurchaseLedger(*rest).write(self.rng, self.result)
        self.summary.update(
            products=len(self.catalogue),
            order_lines=len(lines.item),
            orders=len(orders.day),
            returned=int(lines.back.sum()),
            purchases=len(self.result.purchases),
            purchase_lines=sum(len(p.lines) for p in self.result.purchases),
            units_wanted=int(self.market.demand.sum()),
            units_sold=int(self.result.sold.sum()),
        )

    def _quotations(self):
        """Carts that nobody paid and orders called off: no demand, and none of the planner's business."""
        count = max(4, self.days // 5)
        people, _in_china, _shops = self.customers
        for kind in ("sale_cancelled", "sale_draft"):
            ids, lines = self.loader.ids("sale_order", count), self.loader.ids("sale_order_line", count)
            who = self.rng.choice(people, count)
            day = self.rng.integers(0, self.days, count) if kind == "sale_cancelled" else np.full(count, self.days - 1)
            hours = np.asarray(day) * 24 + self.rng.integers(0, 24, count) - UTC_OFFSET_HOURS
            placed = np.datetime64(self.start, "s") + hours.astype("timedelta64[h]")
            article = self.rng.integers(0, len(self.catalogue), count)
            price = self.catalogue.price[article]
            self.loader.copy(
                "sale_order",
                {
                    "id": ids,
                    "name": self.numbering.take("sale.order", count),
                    "partner_id": who,
                    "partner_invoice_id": who,
                    "partner_shipping_id": who,
                    "date_order": placed,
                    "create_date": placed,
                    "amount_untaxed": price,
                    "amount_total": price,
                    "validity_date": [None] * count,
                },
                self.prototypes[0][kind],
            )
            self.loader.copy(
                "sale_order_line",
                {
                    "id": lines,
                    "order_id": ids,
                    "order_partner_id": who,
                    "product_id": np.array(self.master.products.ids)[article],
                    "name": [f"[{self.catalogue.codes[a]}] {self.catalogue.names[a]}" for a in article],
                    "price_unit": price,
                    "technical_price_unit": price,
                    "price_reduce_taxexcl": price,
                    "price_reduce_taxinc": price,
                    "price_subtotal": price,
                    "price_total": price,
                    "create_date": placed,
                },
                self.prototypes[0][f"{kind}_line"],
            )

    def _quants(self):
        """Stock on hand is the sum of the ledger, and reserved is what open transfers hold."""
        self.env.cr.execute(
            """
            WITH ledger AS (
                SELECT product_id, location_dest_id AS location_id, quantity_product_uom AS quantity, 0 AS reserved,
                       date
                  FROM stock_move_line WHERE state = 'done'
                UNION ALL
                SELECT product_id, location_id, -quantity_product_uom, 0, date FROM stock_move_line WHERE state = 'done'
                UNION ALL
                SELECT line.product_id, line.location_id, 0, line.quantity_product_uom, line.date
                  FROM stock_move_line line JOIN stock_location place ON place.id = line.location_id
                 WHERE line.state IN ('assigned', 'partially_available') AND place.usage = 'internal')
            INSERT INTO stock_quant (product_id, location_id, company_id, quantity, reserved_quantity, in_date,
                                     inventory_date, inventory_diff_quantity, inventory_quantity_set, user_id,
                                     create_uid, write_uid, create_date, write_date)
            SELECT ledger.product_id, ledger.location_id, place.company_id, SUM(ledger.quantity), SUM(ledger.reserved),
                   MAX(ledger.date), CASE WHEN place.usage IN ('internal', 'transit') THEN %s::date END, 0, FALSE, NULL,
                   1, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM ledger JOIN stock_location place ON place.id = ledger.location_id
             GROUP BY ledger.product_id, ledger.location_id, place.company_id, place.usage
            HAVING SUM(ledger.quantity) <> 0 OR SUM(ledger.reserved) <> 0
             ORDER BY ledger.product_id, ledger.location_id""",
            [self.prototypes[0]["quant"]["inventory_date"]],
        )
        self.env.cr.execute("ANALYZE stock_quant")
        self.env.invalidate_all()

    def _reordering_rules(self):
        """Rules for two thirds of the items, as typed: the rest was never done."""
        typed = np.flatnonzero(self.rng.random(len(self.market.product)) < 0.66)
        # as the planner: Odoo sweeps away manual rules that the superuser created
        self.env["stock.warehouse.orderpoint"].with_user(self.master.planner).create(
            [
                {
                    "product_id": self.master.products[int(self.market.product[i])].id,
                    "trigger": "manual",
                    "warehouse_id": self.master.warehouses[int(self.market.warehouse[i])].id,
                    "location_id": self.master.warehouses[int(self.market.warehouse[i])].lot_stock_id.id,
                    "product_min_qty": float(self.result.typed_min[i]),
                    "product_max_qty": float(self.result.typed_max[i]),
                }
                for i in typed
            ]
        )
        self.summary["rules"] = len(typed)

    def _events(self):
        """The shop's promotions in the calendar of events, where the planning addon is installed."""
        self.summary["promotions"] = create_promotions(self.env, self.master, self.market, self.today)
        self.summary["vendor_terms"] = create_terms(self.env, self.master, self.today)
        self.summary["promotions_found"] = create_season(self.env, self.master, self.today)
        self.summary["life_cycles"] = create_lifecycles(self.env, self.master, self.market, self.today)
        self.summary["return_terms"] = create_return_terms(self.env, self.master)
        self.summary["shares_by_grade"] = choose_vendors(self.env, self.master.company)

    def _suppliers(self):
        """Scorecards and what follows from them: each step needs those above it, published cards are frozen."""
        if "scm.scorecard" not in self.env:
            return
        asked = (self.env, self.master.company, self.today)
        self.summary["inspections"] = create_receipts(self.env, self.master)
        self.summary["surveys"] = create_surveys(*asked)
        self.summary["scorecards"] = create_scorecards(*asked)
        if abs((fields.Date.today() - self.today).days) <= 1:
            # decisions of people: the suite takes none of a day that is long past
            self.summary["qualifications"] = create_qualifications(self.env, self.master, self.today)
            self.summary["vendor_answers"] = create_supplier_portal(*asked)
