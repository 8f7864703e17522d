"""Purchase orders, receipts and the opening inventory of the replay, as columns ready for COPY."""

from __future__ import annotations

import numpy as np

from .catalogue import VENDORS
from .sales import UTC_OFFSET_HOURS, Clock
from .supply import DOZEN, Replay

NOTICE_DAYS = 2  # so long before the promise a vendor tells that it will be late


class PurchaseLedger:
    """Writes what was bought, received, still open, and what lay there at the start."""

    def __init__(self, loader, master, catalogue, market, days, prototypes, numbering):
        self.loader, self.master, self.catalogue, self.market, self.days = loader, master, catalogue, market, days
        self.prototypes, self.numbering = prototypes, numbering
        self.clock = Clock(market.start)
        self.products = np.array(master.products.ids)

    def write(self, rng, result: Replay) -> None:
        self._opening(result)
        for warehouse in (0, 1):
            orders = [p for p in result.purchases if p.warehouse == warehouse]
            self._orders(rng, warehouse, orders)

    def _opening(self, result):
        for warehouse in (0, 1):
            item = np.flatnonzero((result.opening > 0) & (self.market.warehouse == warehouse))
            units = result.opening[item].astype(float)
            product = self.market.product[item]
            when = self.clock.at(np.zeros(len(item), int), 600)
            ids = self.loader.ids("stock_move", len(item))
            common = {"product_id": self.products[product], "date": when, "create_date": when, "quantity": units}
            self.loader.copy(
                "stock_move",
                {
                    **common,
                    "id": ids,
                    "product_qty": units,
                    "product_uom_qty": units,
                    "packaging_uom_qty": units,
                    "value": np.round(units * self.catalogue.cost[product], 2),
                },
                self.prototypes[warehouse]["inventory_move"],
            )
            self.loader.copy(
                "stock_move_line",
                {
                    **common,
                    "id": self.loader.ids("stock_move_line", len(item)),
                    "move_id": ids,
                    "quantity_product_uom": units,
                },
                self.prototypes[warehouse]["inventory_detail"],
            )

    def _orders(self, rng, warehouse, purchases):
        order_ids = self.loader.ids("purchase_order", len(purchases))
        names = self.numbering.take("purchase.order", len(purchases))
        table = _Flat(self, rng, purchases)
        self._write_orders(warehouse, purchases, order_ids, names, table)
        line_ids = self._write_lines(warehouse, purchases, order_ids, table)
        self._write_receipts(warehouse, purchases, order_ids, names, line_ids, table)

    def _write_orders(self, warehouse, purchases, order_ids, names, table):
        total = np.round(np.bincount(table.order, table.subtotal, len(purchases)), 2)
        got = np.bincount(table.order, table.received, len(purchases)) > 0
        full = np.bincount(table.order, table.units - table.received, len(purchases)) == 0
        vendor = np.array(self.master.vendors.ids)[[p.vendor for p in purchases]]
        first = np.array([min((d for line in p.lines for d, _u in line.receipts)) for p in purchases])
        for kind, mask in (("buy", got), ("buy_open", ~got)):
            at = np.flatnonzero(mask)
            placed = self.clock.at(table.day[at], table.second[at])
            self.loader.copy(
                "purchase_order",
                {
                    "id": order_ids[at],
                    "name": names[at],
                    "partner_id": vendor[at],
                    "date_order": placed,
                    "date_approve": placed,
                    "date_calendar_start": placed,
                    "create_date": placed,
                    "date_planned": self.clock.at(table.promise[at], table.second[at]),
                    "amount_untaxed": total[at],
                    "amount_total": total[at],
                    "amount_total_cc": total[at],
                    "receipt_status": np.where(full[at], "full", "partial" if kind == "buy" else "pending").tolist(),
                    "effective_date": self.clock.at(first[at], table.dock[at]) if kind == "buy" else [None] * len(at),
                },
                self.prototypes[warehouse][kind],
            )

    def _write_lines(self, warehouse, purchases, order_ids, table):
        ids = self.loader.ids("purchase_order_line", len(table.item))
        vendor = np.array(self.master.vendors.ids)[[p.vendor for p in purchases]][table.order]
        product = self.market.product[table.item]
        labels = [f"[{self.catalogue.codes[i]}] {self.catalogue.names[i]}" for i in product]
        first_promise = self._day(table.first_promise[table.order])
        for kind, mask in (("buy", table.received > 0), ("buy_open", table.received == 0)):
            at = np.flatnonzero(mask)
            columns = {
                "id": ids[at],
                "order_id": order_ids[table.order[at]],
                "partner_id": vendor[at],
                "product_id": self.products[product[at]],
                "name": [labels[i] for i in at],
                "product_uom_id": np.where(table.dozen[at], self.master.dozen.id, self.master.unit.id),
                "product_qty": table.quantity[at],
                "product_uom_qty": table.units[at].astype(float),
                "price_unit": table.price[at],
                "technical_price_unit": table.price[at],
                "price_subtotal": table.subtotal[at],
                "price_total": table.subtotal[at],
                "qty_received": table.received[at] / table.factor[at],
                "qty_to_invoice": table.received[at] / table.factor[at],
                "date_planned": self.clock.at(table.promise[table.order[at]], table.second[table.order[at]]),
                "create_date": self.clock.at(table.day[table.order[at]], table.second[table.order[at]]),
            }
            prototype = self.prototypes[warehouse][f"{kind}_line"]
            if "scm_promise_original" in prototype:
                columns.update(
                    scm_promise_original=first_promise[at],
                    scm_promise_date=first_promise[at],
                    scm_date_confirmed=self._confirmed(prototype, table, at),
                )
            self.loader.copy("purchase_order_line", columns, prototype)
        self._write_promises(ids, order_ids, vendor, product, table)
        return ids

    def _day(self, day):
        return np.datetime64(self.market.start, "D") + np.asarray(day).astype("timedelta64[D]")

    def _confirmed(self, prototype, table, at):
        if hasattr(prototype["scm_date_confirmed"], "hour"):
            return self.clock.at(table.day[table.order[at]], table.second[table.order[at]])
        return self._day(table.day[table.order[at]])

    def _write_promises(self, line_ids, order_ids, vendor, product, table):
        """What the vendor told us about new dates, where the promise log is installed."""
        env = self.master.company.env
        if "scm.purchase.promise" not in env:
            return
        slipped = np.flatnonzero((table.promise != table.first_promise)[table.order])
        if not len(slipped):
            return
        order = table.order[slipped]
        told = table.first_promise[order] - NOTICE_DAYS
        values = {
            "line_id": line_ids[slipped],
            "order_id": order_ids[order],
            "partner_id": vendor[slipped],
            "product_id": self.products[product[slipped]],
            "company_id": np.full(len(order), self.master.company.id),
            "date_from": self._day(table.first_promise[order]),
            "date_to": self._day(table.promise[order]),
            "date_changed": self.clock.at(told, table.second[order]),
            "requested_by": ["vendor"] * len(order),
            "user_id": np.full(len(order), self.master.buyer_id),
            "notice_days": np.full(len(order), NOTICE_DAYS),
            "channel": ["backend"] * len(order),
            "create_date": self.clock.at(told, table.second[order]),
            "create_uid": np.full(len(order), self.master.buyer_id),
        }
        stored = {f.name for f in env["scm.purchase.promise"]._fields.values() if f.store and f.column_type}
        self.loader.copy(
            "scm_purchase_promise",
            {
                "id": self.loader.ids("scm_purchase_promise", len(order)),
                **{k: v for k, v in values.items() if k in stored},
            },
        )

    def _write_receipts(self, warehouse, purchases, order_ids, names, line_ids, table):
        """What came on one day is one transfer, what came later its backorder, what is still to come the last."""
        flat = _Receipts(table, self.days)
        pick_ids = self.loader.ids("stock_picking", flat.count)
        move_ids = self.loader.ids("stock_move", len(flat.line))
        references = self.loader.ids("stock_reference", len(order_ids))
        vendor = np.array(self.master.vendors.ids)[[p.vendor for p in purchases]]
        pick_names = self.numbering.take(("in", warehouse), flat.count)
        first_pick = flat.first_of_order(len(order_ids))
        for kind, done in (("buy", True), ("buy_open", False)):
            at = np.flatnonzero(flat.pick_done == done)
            order = flat.pick_order[at]
            planned = self.clock.at(table.promise[order], table.second[order])
            placed = self.clock.at(table.day[order], table.second[order])
            arrived = self.clock.at(flat.pick_day[at], table.dock[order])
            behind = first_pick[order] != at
            self.loader.copy(
                "stock_picking",
                {
                    "id": pick_ids[at],
                    "name": pick_names[at],
                    "origin": names[order],
                    "partner_id": vendor[order],
                    "backorder_id": [
                        int(pick_ids[f]) if b else None for f, b in zip(first_pick[order], behind, strict=False)
                    ],
                    "scheduled_date": planned,
                    "date_deadline": planned,
                    "create_date": placed,
                    "date_done": arrived if done else [None] * len(at),
                },
                self.prototypes[warehouse][f"{kind}_pick"],
            )
            self._moves(
                kind,
                warehouse,
                np.flatnonzero(flat.pick_done[flat.pick] == done),
                flat,
                table,
                move_ids,
                pick_ids,
                pick_names,
                names,
                line_ids,
            )
        self._references(warehouse, order_ids, names, references, table, flat, move_ids, pick_ids)

    def _moves(self, kind, warehouse, at, flat, table, move_ids, pick_ids, pick_names, names, line_ids):
        line, pick, done = flat.line[at], flat.pick[at], kind == "buy"
        order, product, units = table.order[line], self.market.product[table.item[line]], flat.units[at].astype(float)
        planned = self.clock.at(table.promise[order], table.second[order])
        placed = self.clock.at(table.day[order], table.second[order])
        when = self.clock.at(flat.pick_day[pick], table.dock[order]) if done else planned
        unit_price = np.round(table.price[line] / table.factor[line], 4)
        common = {"product_id": self.products[product], "picking_id": pick_ids[pick], "create_date": placed}
        self.loader.copy(
            "stock_move",
            {
                **common,
                "id": move_ids[at],
                "origin": names[order],
                "reference": pick_names[pick],
                "date": when,
                "product_qty": units,
                "product_uom_qty": units,
                "quantity": units,
                "date_deadline": planned,
                "reservation_date": (placed + np.timedelta64(UTC_OFFSET_HOURS, "h")).astype("datetime64[D]"),
                "packaging_uom_id": np.where(table.dozen[line], self.master.dozen.id, self.master.unit.id),
                "packaging_uom_qty": units / table.factor[line],
                "price_unit": unit_price,
                "value": np.round(units * unit_price, 2) if done else [None] * len(at),
                "purchase_line_id": line_ids[line],
            },
            self.prototypes[warehouse][f"{kind}_move"],
        )
        self.loader.copy(
            "stock_move_line",
            {
                **common,
                "id": self.loader.ids("stock_move_line", len(at)),
                "move_id": move_ids[at],
                "quantity": units,
                "quantity_product_uom": units,
                "date": when if done else placed,
            },
            self.prototypes[warehouse][f"{kind}_detail"],
        )

    def _references(self, warehouse, order_ids, names, references, table, flat, move_ids, pick_ids):
        self.loader.copy(
            "stock_reference",
            {
                "id": references,
                "name": names,
                "create_date": self.clock.at(table.day, table.second),
            },
            self.prototypes[warehouse]["buy_reference"],
        )
        self.loader.copy("stock_reference_purchase_rel", {"purchase_id": order_ids, "reference_id": references})
        self.loader.copy(
            "stock_reference_move_rel", {"move_id": move_ids, "reference_id": references[table.order[flat.line]]}
        )
        self.loader.copy(
            "purchase_order_stock_picking_rel",
            {"purchase_order_id": order_ids[flat.pick_order], "stock_picking_id": pick_ids},
        )


class _Flat:
    """The lines of many orders as parallel arrays; `received` counts what came before the end of the window."""

    def __init__(self, ledger, rng, purchases):
        lines = [(o, line) for o, purchase in enumerate(purchases) for line in purchase.lines]
        self.order = np.array([o for o, _l in lines], int)
        self.item = np.array([line.item for _o, line in lines], int)
        self.units = np.array([line.units for _o, line in lines], int)
        self.receipts = [line.receipts for _o, line in lines]
        self.received = np.array([sum(u for d, u in r if d < ledger.days) for r in self.receipts], int)
        vendor = np.array([p.vendor for p in purchases], int)[self.order]
        self.dozen = np.array([v.unit == "dozen" for v in VENDORS])[vendor]
        self.factor = np.where(self.dozen, DOZEN, 1)
        self.quantity = self.units / self.factor
        cost = ledger.catalogue.cost[ledger.market.product[self.item]]
        self.price = np.round(cost * self.factor, 2)
        self.subtotal = np.round(self.quantity * self.price, 2)
        self.day = np.array([p.day for p in purchases], int)
        self.first_promise = np.array([p.promise_day for p in purchases], int)
        moved = np.array([p.vendor_promise_day for p in purchases], int)
        self.promise = np.where(self.first_promise - NOTICE_DAYS < ledger.days, moved, self.first_promise)
        self.second = rng.integers(9 * 3600, 11 * 3600, len(purchases))
        self.dock = rng.integers(8 * 3600, 10 * 3600, len(purchases))


class _Receipts:
    """Moves and transfers of the lines: receipts of one order on one day make one transfer."""

    def __init__(self, table, days):
        rows = []
        for line, receipts in enumerate(table.receipts):
            rows += [(table.order[line], day, line, units) for day, units in receipts if day < days]
            rest = sum(units for day, units in receipts if day >= days)
            if rest:
                rows.append((table.order[line], days, line, rest))
        rows.sort(key=lambda row: row[:3])
        self.line = np.array([row[2] for row in rows], int)
        self.units = np.array([row[3] for row in rows], int)
        key = np.array([row[:2] for row in rows], int).reshape(-1, 2)
        new = np.r_[True, (key[1:] != key[:-1]).any(axis=1)] if len(rows) else np.zeros(0, bool)
        self.pick = np.cumsum(new) - 1
        self.count = int(new.sum())
        self.pick_order, self.pick_day = key[new][:, 0], key[new][:, 1]
        self.pick_done = self.pick_day < days

    def first_of_order(self, orders):
        first = np.zeros(orders, int)
        first[self.pick_order[::-1]] = np.arange(self.count)[::-1]
        return first
