from datetime import timedelta

import numpy as np
from odoo import api, models
from odoo.tools import SQL

from ..kernel.slotting import Items, Places, Work


class ScmSlottingRun(models.Model):
    """What the run reads: places with their rules, what lies in them, picks a day. As many queries for any size."""

    _inherit = "scm.slotting.run"

    def _read_places(self):
        """Rows of the places that may be rearranged, the nearest first, with where they are in the hall."""
        zones = self.warehouse_id.scm_slotting_location_ids or self.warehouse_id.lot_stock_id
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT l.id, l.scm_distance::float8 AS metres, COALESCE(l.scm_level, 0) AS level,
                       c.id AS category, c.max_weight::float8 AS max_kg,
                       COALESCE(c.allow_new_product, 'mixed') AS takes,
                       ARRAY(SELECT r.tag_id FROM scm_location_storage_tag_rel r
                               JOIN stock_location up ON up.id = r.location_id
                              WHERE starts_with(l.parent_path, up.parent_path)
                              UNION SELECT t.tag_id FROM scm_storage_category_tag_rel t
                              WHERE t.storage_category_id = c.id ORDER BY 1) AS tags
                  FROM stock_location l
             LEFT JOIN stock_storage_category c ON c.id = l.storage_category_id
                 WHERE %s AND l.scm_has_way
              ORDER BY l.scm_distance, l.id
                """,
                self._place_condition(zones),
            )
        )
        return self._in_the_hall(rows)

    def _in_the_hall(self, rows):
        """The rows with ``x`` and ``y`` in metres, as the ways of the warehouse are measured."""
        hall = self.warehouse_id._scm_halls()[self.warehouse_id.id]
        at = hall.positions([row["id"] for row in rows])
        x, y = np.append(hall.located.across, np.nan)[at], np.append(hall.located.along, np.nan)[at]
        return [row | {"x": float(x[i]), "y": float(y[i])} for i, row in enumerate(rows)]

    def _place_condition(self, zones):
        """Open places at the end of the tree, as table ``l``."""
        return SQL(
            """
            l.active AND l.usage = 'internal' AND NOT COALESCE(l.scm_is_locked, FALSE)
            AND EXISTS (SELECT FROM stock_location z WHERE z.id = ANY(%s) AND starts_with(l.parent_path, z.parent_path))
            AND NOT EXISTS (SELECT FROM stock_location child
                             WHERE child.location_id = l.id AND child.active AND child.usage = 'internal')
            """,
            zones.ids,
        )

    def _count_without_way(self):
        zones = self.warehouse_id.scm_slotting_location_ids or self.warehouse_id.lot_stock_id
        [(count, names)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), (array_agg(l.complete_name ORDER BY l.complete_name))[1:5]
                  FROM stock_location l WHERE %s AND NOT COALESCE(l.scm_has_way, FALSE)
                """,
                self._place_condition(zones),
            )
        )
        return count, names or []

    def _read_items(self, places):
        """Rows of what lies in the places, per place and product; what has to stay there is marked."""
        return self.env.execute_query_dict(
            SQL(
                """
                WITH lies AS (
                    SELECT q.location_id, q.product_id, sum(q.quantity)::float8 AS quantity,
                           bool_or(q.reserved_quantity > 0) AS is_reserved, bool_or(q.quantity < 0) AS is_negative,
                           bool_or(COALESCE(q.inventory_quantity_set, FALSE)) AS is_counted
                      FROM stock_quant q WHERE q.location_id = ANY(%(places)s) AND q.quantity <> 0
                  GROUP BY q.location_id, q.product_id
                ), moving AS MATERIALIZED (
                    -- once: who does not know yet how full the places are would read it anew for each of them
                    SELECT DISTINCT l.product_id, place.id AS location_id
                      FROM stock_move_line l
                CROSS JOIN LATERAL (VALUES (l.location_id), (l.location_dest_id)) AS place (id)
                     WHERE l.state IN ('confirmed', 'waiting', 'assigned', 'partially_available')
                       AND place.id = ANY(%(places)s)
                ), decided AS (
                    SELECT m.product_id, m.location_id FROM scm_slotting_move m
                     WHERE m.warehouse_id = %(warehouse)s
                       AND (m.state = 'accepted' OR m.state = 'rejected' AND m.date_decided > %(since)s)
                )
                SELECT lies.location_id, lies.product_id, lies.quantity,
                       COALESCE(p.weight, 0)::float8 AS unit_kg, t.id AS template, t.categ_id AS category,
                       lies.is_reserved OR lies.is_negative OR lies.is_counted
                       OR moving.product_id IS NOT NULL OR decided.product_id IS NOT NULL AS is_fixed,
                       class.abc_picks, class.abc_value, class.abc_volume, class.xyz
                  FROM lies
                  JOIN product_product p ON p.id = lies.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
             LEFT JOIN moving USING (product_id, location_id)
             LEFT JOIN (SELECT DISTINCT * FROM decided) decided USING (product_id, location_id)
             LEFT JOIN scm_product_class class
                    ON class.product_id = lies.product_id AND class.warehouse_id = %(warehouse)s
              ORDER BY lies.location_id, lies.product_id
                """,
                places=[place["id"] for place in places],
                warehouse=self.warehouse_id.id,
                since=self.date_to - timedelta(days=self.payback_days),
            )
        )

    def _picks_per_day(self, products):
        """Hook: ``{product id: (picks a day in this warehouse, picks counted)}``; extensions may look ahead.

        :param products: ids of the products that lie in the places
        """
        days = max((self.date_to - self.date_from).days + 1, 1)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id, sum(picks)::float8 FROM scm_pick_day
                 WHERE warehouse_id = %s AND date BETWEEN %s AND %s AND product_id = ANY(%s)
              GROUP BY product_id
                """,
                self.warehouse_id.id,
                self.date_from,
                self.date_to,
                list(products),
            )
        )
        return {product: (picks / days, int(picks)) for product, picks in rows}

    def _picks_by_place(self, places):
        """``{(place, product): picks}`` in the window: which of its places a product is picked from."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT location_id, product_id, sum(picks)::float8 FROM scm_pick_day
                 WHERE location_id = ANY(%s) AND date BETWEEN %s AND %s GROUP BY 1, 2
                """,
                [place["id"] for place in places],
                self.date_from,
                self.date_to,
            )
        )
        return {(place, product): picks for place, product, picks in rows}

    def _share_picks(self, rows, place_metres, totals, by_place):
        """Picks a day of each row: those of the product, by where it is picked; else from its nearest place."""
        own = np.array([by_place.get((row["location_id"], row["product_id"]), 0.0) for row in rows])
        _products, number = np.unique([row["product_id"] for row in rows], return_inverse=True)
        known = np.bincount(number, own)[number]
        nearest = {}
        for i, row in enumerate(rows):
            best = nearest.get(row["product_id"])
            if best is None or place_metres[i] < place_metres[best]:
                nearest[row["product_id"]] = i
        is_nearest = np.array([nearest[row["product_id"]] == i for i, row in enumerate(rows)], dtype=bool)
        total = np.array([totals.get(row["product_id"], (0.0, 0))[0] for row in rows])
        return total * np.where(known > 0, own / np.maximum(known, 1e-9), is_nearest)

    # Rules

    def _level_rules(self):
        """Arrays of the levels from which rules hold, the heaviest unit (infinite: any) and the reach in metres."""
        rules = self.warehouse_id.scm_slotting_level_ids.sorted("level")
        levels = np.array([-(10**6), *rules.mapped("level")])
        heaviest = np.array([np.inf, *(rule.max_unit_kg or np.inf for rule in rules)])
        return levels, heaviest, np.array([0.0, *rules.mapped("extra_metres")])

    @api.model
    def _tags_of_categories(self):
        """``{category: tags}`` with what the categories above ask for."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id, array_agg(DISTINCT r.tag_id)
                  FROM product_category c
                  JOIN product_category up ON starts_with(c.parent_path, up.parent_path)
                  JOIN scm_product_category_storage_tag_rel r ON r.categ_id = up.id
              GROUP BY c.id
                """
            )
        )
        return {category: frozenset(tags) for category, tags in rows}

    @api.model
    def _tags_of_templates(self, templates):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_tmpl_id, array_agg(tag_id) FROM scm_product_storage_tag_rel
                 WHERE product_tmpl_id = ANY(%s) GROUP BY 1
                """,
                list(templates),
            )
        )
        return {template: frozenset(tags) for template, tags in rows}

    def _allowed(self, rows, kinds):
        """Boolean array: may the row lie in a place of the kind? Kinds: (storage category, tags, heaviest unit)."""
        by_category, by_template = self._tags_of_categories(), self._tags_of_templates({r["template"] for r in rows})
        none = frozenset()
        asked = [by_category.get(row["category"], none) | by_template.get(row["template"], none) for row in rows]
        sets = {tags: number for number, tags in enumerate(dict.fromkeys(asked))}
        exclusive = set(self.env["scm.storage.tag"].search([("is_exclusive", "=", True)]).ids)
        fits = np.array(
            [[tags <= offered and (offered & exclusive) <= tags for _category, offered, _kg in kinds] for tags in sets],
            dtype=bool,
        ).reshape(len(sets), len(kinds))
        allowed = fits[np.array([sets[tags] for tags in asked], dtype=int)]
        unit_kg = np.array([row["unit_kg"] for row in rows])
        allowed &= unit_kg[:, None] <= np.array([heaviest for *_rest, heaviest in kinds])[None, :] + 1e-9
        return allowed & self._within_capacity(rows, kinds)

    def _within_capacity(self, rows, kinds):
        """Storage categories limit the quantity of a product and the count of packages of a type."""
        categories = list({category for category, *_rest in kinds if category})
        limits = self.env.execute_query(
            SQL(
                """
                SELECT storage_category_id, product_id, package_type_id, quantity::float8
                  FROM stock_storage_category_capacity WHERE storage_category_id = ANY(%s)
                """,
                categories,
            )
        )
        allowed = np.ones((len(rows), len(kinds)), dtype=bool)
        if not limits:
            return allowed
        columns = {category: [k for k, kind in enumerate(kinds) if kind[0] == category] for category in categories}
        quantity = np.array([row["quantity"] for row in rows])
        by_product, packages = {}, self._packages(rows)
        for i, row in enumerate(rows):
            by_product.setdefault(row["product_id"], []).append(i)
        for category, product, package_type, limit in limits:
            if product:
                at = np.array(by_product.get(product, []), dtype=int)
                allowed[np.ix_(at[quantity[at] > limit], columns[category])] = False
            else:
                over = [i for i, count in packages.get(package_type, {}).items() if count > limit]
                allowed[np.ix_(over, columns[category])] = False
        return allowed

    def _packages(self, rows):
        """``{package type: {row: count of packages}}``."""
        number = {(row["location_id"], row["product_id"]): i for i, row in enumerate(rows)}
        found = self.env.execute_query(
            SQL(
                """
                SELECT q.location_id, q.product_id, k.package_type_id, count(DISTINCT k.id)
                  FROM stock_quant q JOIN stock_package k ON k.id = q.package_id
                 WHERE q.location_id = ANY(%s) AND k.package_type_id IS NOT NULL AND q.quantity > 0
              GROUP BY 1, 2, 3
                """,
                list({row["location_id"] for row in rows}),
            )
        )
        counts = {}
        for place, product, package_type, count in found:
            if (place, product) in number:
                counts.setdefault(package_type, {})[number[place, product]] = count
        return counts

    # Into the kernel

    def _kernel_input(self, places, rows, picks):
        """Items, places and work as the kernel takes them, with the level rule of each place."""
        levels, heaviest, reach = self._level_rules()
        rule = np.searchsorted(levels, [place["level"] for place in places], side="right") - 1
        keys = [
            (place["category"], frozenset(place["tags"]), float(heaviest[rule[j]])) for j, place in enumerate(places)
        ]
        kinds = {key: number for number, key in enumerate(dict.fromkeys(keys))}
        index = {place["id"]: j for j, place in enumerate(places)}
        at = np.array([index[row["location_id"]] for row in rows], dtype=int)
        kg = np.array([max(row["quantity"], 0.0) * row["unit_kg"] for row in rows])
        warehouse = self.warehouse_id
        kernel_places = Places(
            metres=np.array([place["metres"] for place in places]),
            extra=reach[rule],
            kind=np.array([kinds[key] for key in keys]),
            slots=self._slots(places, at, index),
            max_kg=np.array([np.inf if place["category"] is None else place["max_kg"] or 0.0 for place in places]),
            x=np.array([place["x"] for place in places]),
            y=np.array([place["y"] for place in places]),
        )
        items = Items(
            place=at,
            picks=picks,
            kg=kg,
            trips=np.maximum(np.ceil(kg / warehouse.scm_slotting_load), 1.0),
            fixed=np.array([row["is_fixed"] for row in rows], dtype=bool),
            allowed=self._allowed(rows, list(kinds)),
        )
        work = Work(warehouse.scm_walk_speed, warehouse.scm_slotting_minutes, float(self.payback_days))
        return items, kernel_places, work

    def _slots(self, places, at, index):
        """How many products each place takes; targets of accepted moves are taken."""
        lies = np.bincount(at, minlength=len(places))
        wanted = np.array([1 if p["takes"] != "mixed" else self.warehouse_id.scm_slotting_products for p in places])
        accepted = self.env["scm.slotting.move"].search_fetch(
            [("warehouse_id", "=", self.warehouse_id.id), ("state", "=", "accepted")], ["location_dest_id"]
        )
        for move in accepted:
            if (place := index.get(move.location_dest_id.id)) is not None:
                wanted[place] -= 1
        return np.maximum(wanted, lies)
