from math import inf

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..kernel import ship_from
from .proposal_rows import upsert_open

OPEN = ("proposed", "agreed")
#: orders of the nightly proposal, the newest first
_NIGHTLY = 2000


class ScmShipFrom(models.Model):
    """Proposals: every warehouse as the main one, its parcels with their best carriers, the kernel chooses."""

    _inherit = "scm.ship.from"

    @api.model
    def propose_for(self, order_ids):
        """Compare the warehouses for some quotations or orders now; public, also over RPC.

        :return: ids of the proposals; none for a company with one warehouse
        """
        orders = self.env["sale.order"].browse(order_ids).exists()
        orders.check_access("read")
        self._check_role()
        proposals = self.browse()
        for company, ones in orders.grouped("company_id").items():
            proposals += self.with_company(company)._propose(company, ones)
        return proposals.ids

    @api.model
    def _propose(self, company, orders):
        # sudo: who may ask was checked by the caller; stock and prices of all warehouses are read for the figure
        warehouses = self.env["stock.warehouse"].sudo().search([("company_id", "=", company.id)])
        if len(warehouses) < 2:
            return self.browse()
        decided = self.sudo().search([("order_id", "in", orders.ids), ("state", "in", ("applied", "rejected"))])
        orders = (orders - decided.order_id).filtered(lambda one: one.state in ("draft", "sent", "sale"))
        needs = self._needs(orders.sudo())  # sudo: as above
        orders = orders.filtered(lambda one: needs.get(one.id))
        rows = self._rows(company, orders, warehouses, needs)
        upsert_open(self, rows, "order_id", "state <> 'obsolete'")
        # sudo: read back for the caller, who was allowed to ask
        return self.sudo().search([("order_id", "in", orders.ids), ("state", "in", OPEN)]).sudo(self.env.su)

    # Reading

    @api.model
    def _needs(self, orders):
        """{order: {product: quantity in the product's unit that is still to be delivered}} of stored products"""
        lines = orders.order_line.filtered(lambda line: line.product_id.is_storable and not line.display_type)
        needs = {}
        for line in lines:
            open_qty = max(line.product_uom_qty - line.qty_delivered, 0.0)
            quantity = line.product_uom_id._compute_quantity(open_qty, line.product_id.uom_id)
            if quantity > 0:
                products = needs.setdefault(line.order_id.id, {})
                products[line.product_id.id] = products.get(line.product_id.id, 0.0) + quantity
        return needs

    @api.model
    def _free_stock(self, warehouses, product_ids):
        """{(warehouse, product): quantity on hand that nobody has reserved}"""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT location.warehouse_id, quant.product_id, sum(quant.quantity - quant.reserved_quantity)
                  FROM stock_quant quant JOIN stock_location location ON location.id = quant.location_id
                 WHERE location.usage = 'internal' AND location.warehouse_id = ANY(%s) AND quant.product_id = ANY(%s)
                 GROUP BY 1, 2 HAVING sum(quant.quantity - quant.reserved_quantity) > 0
                """,
                warehouses.ids,
                list(product_ids),
            )
        )
        return {(warehouse_id, product_id): float(quantity) for warehouse_id, product_id, quantity in rows}

    @api.model
    def _own_reservations(self, orders):
        """{(order, warehouse, product): quantity} that the orders themselves hold: it is theirs in that warehouse."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.order_id, location.warehouse_id, moved.product_id, sum(moved.quantity_product_uom)
                  FROM stock_move_line moved JOIN stock_move move ON move.id = moved.move_id
                  JOIN sale_order_line line ON line.id = move.sale_line_id
                  JOIN stock_location location ON location.id = moved.location_id
                 WHERE line.order_id = ANY(%s) AND moved.state NOT IN ('done', 'cancel')
                   AND location.usage = 'internal' AND location.warehouse_id IS NOT NULL GROUP BY 1, 2, 3
                """,
                orders.ids,
            )
        )
        return {(order_id, warehouse_id, product_id): float(qty) for order_id, warehouse_id, product_id, qty in rows}

    # Computing

    @api.model
    def _rows(self, company, orders, warehouses, needs):
        """Values of the proposal of each order."""
        stock = self._free_stock(warehouses, {product for products in needs.values() for product in products})
        held = self._own_reservations(orders)
        reader = self.env["scm.carrier.case"]._with_default_class(company)
        bases = reader._order_cases(company, orders)
        self.env["scm.carrier.choice"]._set_candidates(company, bases)
        plans, cases = {}, []
        for base in bases:
            order_id = base["key"]
            own = dict(stock)
            for (of_order, warehouse_id, product_id), quantity in held.items():
                if of_order == order_id:
                    own[warehouse_id, product_id] = own.get((warehouse_id, product_id), 0.0) + quantity
            for main in warehouses.ids:
                others = [one for one in warehouses.ids if one != main]
                plan = plans[order_id, main] = ship_from.cover(main, needs[order_id], own, others)
                cases += self._part_cases(base, plan)
        self.env["scm.carrier.score"]._score(company, cases)
        best = {case["key"]: self._best_option(case) for case in cases}
        rows = [self._row(company, base, warehouses, plans, best) for base in bases]
        return [row for row in rows if row]

    @api.model
    def _part_cases(self, base, plan):
        """A shipment for each part of a plan, with its share of weight and value."""
        # sudo: as in _propose
        products = self.env["product.product"].sudo()
        collecting = self.env["scm.carrier.choice"]._collecting
        total = sum(quantity for _warehouse, lines in plan.parts for _product, quantity in lines) or 1.0
        parts = []
        for warehouse_id, lines in plan.parts:
            share = sum(quantity for _product, quantity in lines) / total
            parts.append(
                base
                | {
                    "key": (base["key"], plan.main, warehouse_id),
                    "warehouse_id": warehouse_id,
                    "weight": sum(products.browse(product).weight * quantity for product, quantity in lines),
                    "volume": sum(products.browse(product).volume * quantity for product, quantity in lines),
                    "quantity": sum(quantity for _product, quantity in lines),
                    "value": base["value"] * share,
                    "carrier_ids": collecting(base["allowed"], warehouse_id).ids,
                }
            )
        return parts

    @api.model
    def _best_option(self, case):
        return min(case["options"], key=lambda one: (one["score"], one["carrier_id"]), default=None)

    @api.model
    def _row(self, company, base, warehouses, plans, best):
        """Values of the proposal of an order; False when it can leave from nowhere."""
        order = base["source"]
        mine = {main: plans[order.id, main] for main in warehouses.ids}
        costs = {main: self._plan_cost(company, order, plan, best) for main, plan in mine.items()}
        parcels, present = {main: plan.parcels for main, plan in mine.items()}, order.warehouse_id.id
        suggested = ship_from.choose(costs, parcels, present)
        if not suggested:
            return False
        now = costs.get(present, inf)
        return {
            "company_id": company.id,
            "order_id": order.id,
            "partner_id": base["partner"].id,
            "zone_id": base["zone_id"],
            "warehouse_id": present,
            "carrier_id": base["present"],
            "suggested_warehouse_id": suggested,
            "suggested_carrier_id": best[order.id, suggested, suggested]["carrier_id"],
            "score_present": round(now, 2) if now < inf else 0.0,
            "score_suggested": round(costs[suggested], 2),
            "saving": round(now - costs[suggested], 2) if now < inf else 0.0,
            "parcels_present": parcels.get(present, 0),
            "parcels_suggested": parcels[suggested],
            "options": self._options(order.id, mine, best, costs),
            "why": self._why(company, order, mine, suggested, costs),
            "state": "agreed" if suggested == present else "proposed",
        }

    @api.model
    def _plan_cost(self, company, order, plan, best):
        parts = {one: option["score"] for one, _lines in plan.parts if (option := best[order.id, plan.main, one])}
        return ship_from.plan_cost(plan, parts, company.scm_split_cost)

    @api.model
    def _options(self, order_id, plans, best, costs):
        """What could be had, best first; what cannot be has no cost."""
        options = []
        for main, plan in sorted(plans.items(), key=lambda item: costs[item[0]]):
            first = best.get((order_id, main, main)) or {}
            arrivals = [(best[order_id, main, one] or {}).get("arrives") for one, _lines in plan.parts]
            options.append(
                {
                    "warehouse_id": main,
                    "possible": costs[main] < inf,
                    "carrier_id": first.get("carrier_id", False),
                    "score": round(costs[main], 2) if costs[main] < inf else 0.0,
                    "parcels": plan.parcels,
                    "missing": round(sum(quantity for _product, quantity in plan.missing), 3),
                    "from": [warehouse_id for warehouse_id, _lines in plan.parts],
                    "p_late": first.get("p_late", 0.0),
                    "arrives": max((one for one in arrivals if one), default=False),
                }
            )
        return options

    @api.model
    def _why(self, company, order, plans, suggested, costs):
        money, plan, present = company.currency_id.name, plans[suggested], plans.get(order.warehouse_id.id)
        notes = []
        if plan.missing:
            notes.append("ship_from_note_missing")
        if plan.parcels > 1:
            notes.append("ship_from_note_split")
        elif present and present.parcels > 1:
            notes.append("ship_from_note_avoids")
        terms = [
            {"code": "ship_from_parcels", "value": plan.parcels},
            {"code": "ship_from_warehouses", "value": len(plans)},
            {"code": "ship_from_split_cost", "value": company.scm_split_cost, "unit": money},
        ]
        if present and suggested != order.warehouse_id.id:
            terms.append({"code": "ship_from_parcels_present", "value": present.parcels})
            if (now := costs[order.warehouse_id.id]) < inf:
                terms.append({"code": "ship_from_score_present", "value": round(now, 2), "unit": money})
        return {
            "value": round(costs[suggested], 2),
            "unit": money,
            "method": "ship_from_method",
            "formula": "ship_from_formula",
            "terms": terms,
            "notes": notes,
        }

    # Nightly

    @api.model
    def _refresh_company(self, company):
        """Nightly: quotations and orders of which nothing has left yet."""
        # sudo: nobody writes proposals by hand; this only follows what happened to the orders
        gone = self.sudo().search([("company_id", "=", company.id), ("state", "in", OPEN)])
        gone.filtered(
            lambda one: one.order_id.state == "cancel" or one.order_id.delivery_status in ("started", "partial", "full")
        ).write({"state": "obsolete"})
        # sudo: the nightly job; orders of all sellers are compared
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "sale"),
                    ("delivery_status", "=", "pending"),
                ],
                limit=_NIGHTLY,
            )
        )
        return len(self._propose(company, orders))

    @api.model
    def _check_role(self):
        groups = ("stock.group_stock_user", "scm_base.scm_group_manager", "sales_team.group_sale_salesman")
        if not self.env.su and not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(self.env._("Where to ship from is decided by who ships or sells. Ask one of them."))
