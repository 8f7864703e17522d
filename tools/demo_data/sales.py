"""Sale orders, deliveries and customer returns of the replay, as columns ready for COPY."""

from __future__ import annotations

import numpy as np

from .carts import PACK, Lines, Orders, discounts
from .catalogue import CATEGORIES

UTC_OFFSET_HOURS = 8  # Taipei and Shenzhen, no summer time


class Clock:
    """Turns local days and seconds into UTC timestamps as Odoo stores them."""

    def __init__(self, start):
        self.origin = np.datetime64(start, "s") - np.timedelta64(UTC_OFFSET_HOURS, "h")

    def at(self, day, second) -> np.ndarray:
        return self.origin + (np.asarray(day) * 86400 + np.asarray(second)).astype("timedelta64[s]")


class SalesLedger:
    """Writes orders, lines, transfers, moves and details of everything sold."""

    def __init__(self, loader, master, catalogue, market, days, prototypes, numbering):
        self.loader, self.master, self.catalogue, self.market, self.days = loader, master, catalogue, market, days
        self.prototypes, self.numbering = prototypes, numbering
        self.clock = Clock(market.start)
        self.products = np.array(master.products.ids)
        self.labels = np.array(
            [f"[{c}] {n}" for c, n in zip(catalogue.codes, catalogue.names, strict=False)], dtype=object
        )

    def write(self, rng, lines: Lines, orders: Orders, customers) -> None:
        done = (orders.ship_day < self.days) & ~orders.waiting
        sale_ids = self.loader.ids("sale_order", len(orders.day))
        names = self.numbering.take("sale.order", len(sale_ids))
        partner = self._partners(rng, orders, customers)
        money = self._money(rng, lines)
        line_ids = self._lines(lines, orders, sale_ids, partner, money)
        subtotal = np.round(np.bincount(lines.order, money["subtotal"]), 2)
        for kind, mask in self._kinds(orders, done):
            for warehouse in (0, 1):
                chosen = np.flatnonzero(mask & (orders.warehouse == warehouse))
                self._orders(kind, warehouse, chosen, orders, sale_ids, names, partner, subtotal)
        moves = self._deliveries(lines, orders, done, sale_ids, names, partner, line_ids, money)
        self._returns(rng, lines, orders, done, sale_ids, names, partner, line_ids, moves)

    @staticmethod
    def _kinds(orders, done):
        return ("sale", done), ("sale_open", ~done & ~orders.waiting), ("sale_waiting", orders.waiting)

    def _partners(self, rng, orders, customers):
        people, in_china, shops = customers
        weight = rng.pareto(1.6, len(people)) + 0.05
        partner = np.empty(len(orders.day), int)
        for warehouse, abroad in ((0, False), (1, True)):
            where = orders.warehouse == warehouse
            pool = in_china == abroad
            partner[where] = rng.choice(people[pool], where.sum(), p=weight[pool] / weight[pool].sum())
        partner[orders.wholesale] = rng.choice(shops, orders.wholesale.sum())
        return partner

    def _money(self, rng, lines):
        product = self.market.product[lines.item]
        category = self.catalogue.category[product]
        boxed = np.isin(category, [i for i, c in enumerate(CATEGORIES) if c.code in ("TEA", "CAR")])
        packs = boxed & (lines.units % PACK == 0) & (rng.random(len(product)) < 0.5)
        quantity = np.where(packs, lines.units / PACK, lines.units).astype(float)
        price = self.catalogue.price[product] * np.where(packs, PACK, 1)
        percent = discounts(self.market, category, self.days)[category, lines.day]
        reduced = np.round(price * (1 - percent / 100), 2)
        # amounts are whole multiples of the currency's smallest coin, halves upwards, as Odoo rounds them
        coins = 10.0**self.master.company.currency_id.decimal_places
        subtotal = np.floor(quantity * price * (1 - percent / 100) * coins + 0.5 + 1e-6) / coins
        return {
            "product": product,
            "packs": packs,
            "quantity": quantity,
            "price": price,
            "percent": percent,
            "reduced": reduced,
            "subtotal": subtotal,
        }

    def _lines(self, lines, orders, sale_ids, partner, money):
        ids = self.loader.ids("sale_order_line", len(lines.item))
        done = ((orders.ship_day < self.days) & ~orders.waiting)[lines.order]
        kept = np.where(money["packs"], (lines.units - lines.back) / PACK, lines.units - lines.back)
        placed = self.clock.at(lines.day, orders.second[lines.order])
        uom = np.where(money["packs"], self.master.pack.id, self.master.unit.id)
        for kind, mask in (("sale", done), ("sale_open", ~done)):
            for warehouse in (0, 1):
                at = np.flatnonzero(mask & (orders.warehouse[lines.order] == warehouse))
                self.loader.copy(
                    "sale_order_line",
                    {
                        "id": ids[at],
                        "order_id": sale_ids[lines.order[at]],
                        "order_partner_id": partner[lines.order[at]],
                        "product_id": self.products[money["product"][at]],
                        "name": self.labels[money["product"][at]],
                        "product_uom_id": uom[at],
                        "product_uom_qty": money["quantity"][at],
                        "discount": money["percent"][at],
                        "price_unit": money["price"][at],
                        "technical_price_unit": money["price"][at],
                        "price_reduce_taxexcl": money["reduced"][at],
                        "price_reduce_taxinc": money["reduced"][at],
                        "price_subtotal": money["subtotal"][at],
                        "price_total": money["subtotal"][at],
                        "untaxed_amount_to_invoice": money["subtotal"][at],
                        "qty_to_invoice": money["quantity"][at],
                        "qty_delivered": kept[at] if kind == "sale" else np.zeros(len(at)),
                        "create_date": placed[at],
                    },
                    self.prototypes[warehouse][f"{kind}_line"],
                )
        return ids

    def _orders(self, kind, warehouse, at, orders, sale_ids, names, partner, subtotal):
        placed = self.clock.at(orders.day[at], orders.second[at])
        shipped = self.clock.at(orders.ship_day[at], orders.ship_second[at])
        self.loader.copy(
            "sale_order",
            {
                "id": sale_ids[at],
                "name": names[at],
                "partner_id": partner[at],
                "partner_invoice_id": partner[at],
                "partner_shipping_id": partner[at],
                "date_order": placed,
                "create_date": placed,
                "validity_date": [None] * len(at),
                "amount_untaxed": subtotal[at],
                "amount_total": subtotal[at],
                "effective_date": shipped if kind == "sale" else [None] * len(at),
            },
            self.prototypes[warehouse][kind],
        )

    def _deliveries(self, lines, orders, done, sale_ids, names, partner, line_ids, money):
        """Returns the ids of moves and transfers and the names of transfers, for the returns."""
        pick_ids = self.loader.ids("stock_picking", len(sale_ids))
        move_ids = self.loader.ids("stock_move", len(lines.item))
        pick_names = np.empty(len(sale_ids), dtype=object)
        references = self.loader.ids("stock_reference", len(sale_ids))
        for kind, mask in self._kinds(orders, done):
            for warehouse in (0, 1):
                at = np.flatnonzero(mask & (orders.warehouse == warehouse))
                prototype = self.prototypes[warehouse]
                pick_names[at] = self.numbering.take(("out", warehouse), len(at))
                self._pickings(kind, prototype, at, orders, pick_ids, pick_names, sale_ids, names, partner)
                self.loader.copy(
                    "stock_reference",
                    {
                        "id": references[at],
                        "name": names[at],
                        "create_date": self.clock.at(orders.day[at], orders.second[at]),
                    },
                    prototype[f"{kind}_reference"],
                )
                chosen = np.flatnonzero((mask & (orders.warehouse == warehouse))[lines.order])
                self._moves(
                    kind,
                    prototype,
                    chosen,
                    lines,
                    orders,
                    move_ids,
                    pick_ids,
                    pick_names,
                    names,
                    partner,
                    line_ids,
                    money,
                )
        self.loader.copy("stock_reference_sale_rel", {"sale_id": sale_ids, "reference_id": references})
        self.loader.copy("stock_reference_move_rel", {"move_id": move_ids, "reference_id": references[lines.order]})
        return move_ids, pick_ids, pick_names, references

    def _pickings(self, kind, prototype, at, orders, pick_ids, pick_names, sale_ids, names, partner):
        placed = self.clock.at(orders.day[at], orders.second[at])
        planned = placed + np.timedelta64(self.master.products[0].sale_delay * 86400, "s")
        shipped = self.clock.at(orders.ship_day[at], orders.ship_second[at])
        self.loader.copy(
            "stock_picking",
            {
                "id": pick_ids[at],
                "name": pick_names[at],
                "origin": names[at],
                "partner_id": partner[at],
                "sale_id": sale_ids[at],
                "scheduled_date": planned,
                "date_deadline": planned,
                "create_date": placed,
                "date_done": shipped if kind == "sale" else [None] * len(at),
            },
            prototype[f"{kind}_pick"],
        )

    def _moves(
        self, kind, prototype, at, lines, orders, move_ids, pick_ids, pick_names, names, partner, line_ids, money
    ):
        order = lines.order[at]
        placed = self.clock.at(lines.day[at], orders.second[order])
        planned = placed + np.timedelta64(self.master.products[0].sale_delay * 86400, "s")
        done = kind == "sale"
        when = self.clock.at(orders.ship_day[order], orders.ship_second[order]) if done else planned
        units = lines.units[at].astype(float)
        product = money["product"][at]
        value = np.round(units * self.catalogue.cost[product], 2)
        common = {"product_id": self.products[product], "picking_id": pick_ids[order], "create_date": placed}
        self.loader.copy(
            "stock_move",
            {
                **common,
                "id": move_ids[at],
                "partner_id": partner[order],
                "origin": names[order],
                "date": when,
                "reference": pick_names[order],
                "product_qty": units,
                "product_uom_qty": units,
                "quantity": np.zeros(len(at)) if kind == "sale_waiting" else units,
                "date_deadline": planned,
                "reservation_date": (placed + np.timedelta64(UTC_OFFSET_HOURS, "h")).astype("datetime64[D]"),
                "packaging_uom_id": np.where(money["packs"][at], self.master.pack.id, self.master.unit.id),
                "packaging_uom_qty": money["quantity"][at],
                "value": value if done else [None] * len(at),
                "sale_line_id": line_ids[at],
            },
            prototype[f"{kind}_move"],
        )
        if kind != "sale_waiting":
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
                prototype[f"{kind}_detail"],
            )

    def _returns(self, rng, lines, orders, done, sale_ids, names, partner, line_ids, moves):
        move_ids, pick_ids, pick_names, references = moves
        second = rng.integers(10 * 3600, 14 * 3600, len(lines.item))
        for warehouse in (0, 1):
            at = np.flatnonzero((lines.back > 0) & done[lines.order] & (orders.warehouse[lines.order] == warehouse))
            prototype, order, units = self.prototypes[warehouse], lines.order[at], lines.back[at].astype(float)
            product = self.market.product[lines.item[at]]
            when = self.clock.at(lines.back_day[at], second[at])
            own_picks, own_moves = self.loader.ids("stock_picking", len(at)), self.loader.ids("stock_move", len(at))
            own_names = self.numbering.take(("in", warehouse), len(at))
            self.loader.copy(
                "stock_picking",
                {
                    "id": own_picks,
                    "name": own_names,
                    "origin": ["Return of " + n for n in pick_names[order]],
                    "partner_id": partner[order],
                    "sale_id": sale_ids[order],
                    "return_id": pick_ids[order],
                    "scheduled_date": when,
                    "date_done": when,
                    "create_date": when,
                },
                prototype["back_pick"],
            )
            common = {
                "product_id": self.products[product],
                "picking_id": own_picks,
                "create_date": when,
                "date": when,
                "quantity": units,
            }
            self.loader.copy(
                "stock_move",
                {
                    **common,
                    "id": own_moves,
                    "partner_id": partner[order],
                    "origin": names[order],
                    "reference": own_names,
                    "product_qty": units,
                    "product_uom_qty": units,
                    "packaging_uom_qty": units,
                    "value": np.round(units * self.catalogue.cost[product], 2),
                    "sale_line_id": line_ids[at],
                    "origin_returned_move_id": move_ids[at],
                    "reservation_date": (when + np.timedelta64(UTC_OFFSET_HOURS, "h")).astype("datetime64[D]"),
                },
                prototype["back_move"],
            )
            self.loader.copy(
                "stock_move_line",
                {
                    **common,
                    "id": self.loader.ids("stock_move_line", len(at)),
                    "move_id": own_moves,
                    "quantity_product_uom": units,
                },
                prototype["back_detail"],
            )
            self.loader.copy("stock_move_move_rel", {"move_orig_id": move_ids[at], "move_dest_id": own_moves})
            self.loader.copy("stock_reference_move_rel", {"move_id": own_moves, "reference_id": references[order]})
