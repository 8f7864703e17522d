"""Which products are new, and which grown ones they resemble."""

import json

import numpy as np
from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel import lifecycle, like_item

LEVEL_WEEKS = 13
GROWN_DAYS = 182
NEW_SALES_DAYS = 56
NEW_RECORD_DAYS = 182
TOP = 3
PROPOSAL = ("like_state", "like_product_id", "like_score", "like_week", "scale_auto", "like_candidates", "why")


class ScmProductLifecycle(models.Model):
    _inherit = "scm.product.lifecycle"

    @api.model
    def refresh_like_items(self, company_id=False):
        """Look for new products and propose like-items again; public, also over RPC. For supply-chain managers.

        :return: number of new products that have a proposal or a confirmed like-item
        """
        self._check_manager()
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        company.check_access("read")
        # sudo: the role is checked above, and the company is one that the user may read
        self.sudo()._refresh_like_items(company)
        return self.search_count([("company_id", "=", company.id), ("like_state", "in", ("proposed", "confirmed"))])

    @api.model
    def action_refresh_like_items(self):
        self.refresh_like_items()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _refresh_like_items(self, company):
        """Make a line for each product that is new, and propose again where the planner has not decided."""
        today = self.env["scm.demand.day"]._scm_company_today(company)
        products = self._read_products(company, today)
        self._refresh_stages(company)
        lines = self._make_new_lines(company, products)
        young = {row["id"] for row in products if not row["old"]}
        self._propose(
            lines.filtered(
                lambda line: line.like_state in ("none", "proposed")
                and line.stage in ("new", "active")
                and line.product_id.id in young
            ),
            products,
        )
        self._refresh_confirmed(lines.filtered(lambda line: line.like_state == "confirmed"), products)

    @api.model
    def _refresh_stages(self, company):
        """Stages follow the calendar: recompute what the day may have changed."""
        lines = self.search([("company_id", "=", company.id), ("stage", "!=", "ended")])
        self.env.add_to_compute(self._fields["stage"], lines)
        lines.flush_recordset(["stage"])

    @api.model
    def _read_products(self, company, today):
        """What is known of each active stocked product: list of dicts. Levels are units per week of the company."""
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH item AS (
                    SELECT product_id, min(LEAST(date_first_demand, date_first_receipt)) AS first_day,
                           min(date_first_demand) AS first_sale
                      FROM scm_demand_item WHERE company_id = %(company)s GROUP BY product_id
                ), sold AS (
                    SELECT product_id, sum(quantity)::float8 AS quantity
                      FROM scm_demand_day
                     WHERE company_id = %(company)s AND date >= %(from)s AND date < %(today)s GROUP BY product_id
                ), value AS (
                    SELECT c.product_product_id AS product_id, array_agg(v.product_attribute_value_id) AS values
                      FROM product_variant_combination c
                      JOIN product_template_attribute_value v ON v.id = c.product_template_attribute_value_id
                  GROUP BY c.product_product_id
                ), bought AS (
                    SELECT DISTINCT l.product_id
                      FROM purchase_order_line l JOIN purchase_order o ON o.id = l.order_id
                     WHERE o.company_id = %(company)s AND o.state <> 'cancel'
                )
                SELECT p.id, t.name ->> 'en_US' AS name, c.parent_path, t.categ_id, t.list_price::float8 AS price,
                       p.create_date::date AS created, item.first_day, item.first_sale,
                       COALESCE(sold.quantity, 0) / %(weeks)s AS level, COALESCE(value.values, '{}') AS values,
                       bought.product_id IS NOT NULL OR item.first_day IS NOT NULL AS supplied
                  FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id AND t.is_storable AND t.sale_ok
             LEFT JOIN product_category c ON c.id = t.categ_id
             LEFT JOIN item ON item.product_id = p.id
             LEFT JOIN sold ON sold.product_id = p.id
             LEFT JOIN value ON value.product_id = p.id
             LEFT JOIN bought ON bought.product_id = p.id
                 WHERE p.active AND (t.company_id IS NULL OR t.company_id = %(company)s)
              ORDER BY p.id
                """,
                **{"company": company.id, "today": today, "weeks": LEVEL_WEEKS,
                   "from": fields.Date.subtract(today, weeks=LEVEL_WEEKS)},
            )
        )  # fmt: skip
        begun = min((row["first_sale"] for row in rows if row["first_sale"]), default=today)
        for row in rows:
            row |= self._ages(row, today, begun)
        return rows

    @api.model
    def _ages(self, row, today, begun):
        """Whether a product is new, or grown enough to be a like-item.

        Where the company's own history is young nothing is new: all of it began with the books.
        """
        first = row["first_sale"]
        late = fields.Date.add(begun, days=GROWN_DAYS)
        fresh = bool(first) and first > late and (today - first).days <= NEW_SALES_DAYS
        created = row["created"] or today
        never = (
            not first and row["supplied"] and created > late and (today - created).days <= NEW_RECORD_DAYS
        )
        old = bool(first) and (today - first).days >= GROWN_DAYS
        return {"is_new": fresh or never, "old": old, "grown": old and row["level"] > 0}

    @api.model
    def _make_new_lines(self, company, products):
        """All lines of the company's new products, those made now included."""
        lines = self.search([("company_id", "=", company.id)])
        known = set(lines.product_id.ids) | set(lines.successor_id.ids)
        return lines + self.create(
            [
                {"company_id": company.id, "product_id": row["id"], "date_launch": row["first_sale"] or False,
                 "like_state": "proposed"}
                for row in products
                if row["is_new"] and row["id"] not in known
            ]
        )  # fmt: skip

    def _propose(self, lines, products):
        """Write the best candidates of these lines; one that has none says so."""
        place = {row["id"]: number for number, row in enumerate(products)}
        lines = lines.filtered(lambda line: line.product_id.id in place)
        if not lines:
            return
        domain = [("company_id", "in", lines.company_id.ids), ("stage", "in", ("ending", "ended"))]
        ended = set(self.search(domain).product_id.ids)
        new = np.array([place[line.product_id.id] for line in lines])
        grown = np.array([n for n, row in enumerate(products) if row["grown"] and row["id"] not in ended], dtype=int)
        features = self._features(products)
        found, score, terms = like_item.propose(features, new, grown, top=TOP)
        scales = self._scales(products, features, new, found)
        units = {line.id: line.uom_id.id for line in lines}
        values = []
        for number, line in enumerate(lines):
            rows = [
                self._prepare_candidate(products[found[number, slot]], score[number, slot], terms[number, slot], scale)
                for slot, scale in enumerate(scales[number])
                if found[number, slot] >= 0
            ]
            values.append((line.id, *self._prepare_proposal(rows, units[line.id])))
        self._write_rows(PROPOSAL, values)

    @api.model
    def _features(self, products):
        categories = [[int(part) for part in (row["parent_path"] or "").split("/") if part] for row in products]
        return like_item.features(
            categories,
            [row["values"] for row in products],
            [row["name"] or "" for row in products],
            [row["price"] or 0.0 for row in products],
        )

    @api.model
    def _scales(self, products, features, new, found):
        """Prior factor of each new product on each of its candidates, float (k, top)."""
        level = np.array([row["level"] if row["grown"] else 0.0 for row in products])
        group = np.array([row["categ_id"] or 0 for row in products])
        slope = lifecycle.price_slope(level, features.price, group)
        typical = lifecycle.typical_level(level, group, group[new])
        price = features.price
        columns = [
            lifecycle.prior_scale(price[new], price[like], level[like], typical, slope)
            for like in np.maximum(found, 0).T
        ]
        return np.round(np.stack(columns, axis=1), 3).tolist()

    @api.model
    def _prepare_candidate(self, row, score, terms, scale):
        known = zip(like_item.TERMS, terms.tolist(), strict=True)
        return {
            "product_id": row["id"],
            "name": row["name"] or "",
            "score": round(float(score), 3),
            "scale": scale,
            "week": round(row["level"], 2),
            "price": row["price"] or 0.0,
            "terms": {name: round(value, 3) for name, value in known if np.isfinite(value)},
        }

    @api.model
    def _prepare_proposal(self, rows, unit_id):
        """Values in the order of ``PROPOSAL``."""
        if not rows:
            return "none", None, 0.0, 0.0, 1.0, "[]", None
        best = rows[0]
        why = json.dumps(self._like_why(best, unit_id))
        return (
            "proposed", best["product_id"], best["score"], best["week"], best["scale"], json.dumps(rows), why
        )  # fmt: skip

    def _refresh_confirmed(self, lines, products):
        """Level and factor of what the planner chose; where he chose another than proposed, its own score."""
        place = {row["id"]: number for number, row in enumerate(products)}
        lines = lines.filtered(lambda line: line.product_id.id in place and line.like_product_id.id in place)
        if not lines:
            return
        features = self._features(products)
        new = np.array([place[line.product_id.id] for line in lines])
        like = np.array([[place[line.like_product_id.id]] for line in lines])
        scales = self._scales(products, features, new, like)
        levels = [round(products[place]["level"], 2) for place in like[:, 0]]
        scores = like_item.pair_scores(features, new, like[:, 0]).round(3).tolist()
        rows = [
            (line.id, level, scale, score)
            for line, level, (scale,), score in zip(lines, levels, scales, scores, strict=True)
        ]
        self._write_rows(("like_week", "scale_auto", "like_score"), rows)

    @api.model
    def _write_rows(self, names, rows):
        """Write columns of many lines in one statement: ``rows`` are (id, values in the order of ``names``)."""
        if not rows:
            return
        self.flush_model()
        kinds = {name: self._fields[name].column_type[1] for name in names}
        changes = ", ".join(f"{name} = new.{name}::{kinds[name]}" for name in names)
        query = f"""
            UPDATE scm_product_lifecycle line SET {changes}
              FROM (VALUES %s) AS new (id, {", ".join(names)}) WHERE line.id = new.id
        """
        self.env.cr.execute_values(query, rows, page_size=1000)
        self.invalidate_model(list(names))
        if "like_state" in names:
            self.env.add_to_compute(self._fields["stage"], self.browse(row[0] for row in rows))

    @api.model
    def _like_why(self, best, unit_id):
        """Why record of a proposal: the terms of its score."""
        unit = f"uom:{unit_id}"
        terms = [{"code": f"like_{name}", "value": value, "unit": "percent"} for name, value in best["terms"].items()]
        terms += [
            {"code": "like_week", "value": best["week"], "unit": unit},
            {"code": "like_scale", "value": best["scale"]},
        ]
        return {
            "value": best["score"],
            "unit": "percent",
            "method": "like_item",
            "formula": "like_item_formula",
            "terms": terms,
            "notes": [],
        }
