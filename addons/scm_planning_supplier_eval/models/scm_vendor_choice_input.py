"""First beat of the choice of vendors: lateness, defects, standing and terms in a fixed number of queries."""

import pandas as pd
from odoo import api, fields, models
from odoo.tools import SQL

#: what a vendor may who was never judged
UNJUDGED = {"consequence": "normal", "share_limit": 1.0, "grade": ""}


class ScmVendorChoiceInput(models.AbstractModel):
    _name = "scm.vendor.choice.input"
    _description = "Input of the Choice of Vendors"

    @api.model
    def _read_standing(self, company, vendor_ids):
        """One row per vendor: ``vendor``, ``consequence``, ``share_limit`` (0..1), ``grade``."""
        known = self.env["scm.supplier.standing"]._standing_of(company, vendor_ids)
        rows = [
            {"vendor": vendor_id, **UNJUDGED, **self._standing_row(known.get(vendor_id))} for vendor_id in vendor_ids
        ]
        return pd.DataFrame(rows, columns=["vendor", *UNJUDGED])

    @api.model
    def _standing_row(self, standing):
        if not standing:
            return {}
        grade = standing.get("grade") or ""
        return {
            "consequence": standing.get("consequence") or "normal",
            "share_limit": float(standing.get("share_limit") or 1.0),
            "grade": grade if isinstance(grade, str) else grade.display_name or "",
        }

    @api.model
    def _read_unqualified(self, company, pairs):
        """Pairs (vendor, category) that the company does not buy from; none unless its setting blocks them."""
        if company.scm_qualification_gate != "block":
            return set()
        status = self.env["scm.supplier.qualification"]._status_of(company, pairs)
        return {pair for pair in pairs if status.get(pair) not in ("qualified", "conditional")}

    @api.model
    def _read_defects(self, company, vendor_ids):
        """Units received, and returned or rejected, in the last two years: vendor, product, total, bad."""
        facts = self.env["scm.receipt.fact"]
        # compiling this query takes PostgreSQL longer than running it
        self.env.cr.execute("SET LOCAL jit = off")
        since = fields.Date.subtract(fields.Date.context_today(self), years=2)
        rows = facts._read_group(
            [("company_id", "=", company.id), ("partner_id", "in", vendor_ids), ("date_last_receipt", ">=", since)],
            ["partner_id", "product_id"],
            ["qty_received:sum", "qty_returned:sum"],
        )
        table = pd.DataFrame(
            [(vendor.id, product.id, total or 0.0, bad or 0.0) for vendor, product, total, bad in rows],
            columns=["vendor", "product", "total", "bad"],
        )
        rejected = self._read_rejected(company, vendor_ids, since)
        table = table.merge(rejected, on=["vendor", "product"], how="left")
        table["bad"] += table["rejected"].astype(float).fillna(0.0)
        return table.drop(columns="rejected")

    @api.model
    def _read_rejected(self, company, vendor_ids, since):
        rows = self.env["scm.receipt.inspection"]._read_group(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", vendor_ids),
                ("date", ">=", since),
                ("state", "=", "done"),
            ],
            ["partner_id", "product_id"],
            ["qty_rejected:sum"],
        )
        return pd.DataFrame(
            [(vendor.id, product.id, rejected or 0.0) for vendor, product, rejected in rows],
            columns=["vendor", "product", "rejected"],
        )

    @api.model
    def _read_capacity(self, company, vendor_ids):
        """``{vendor: units per week}`` of vendors whose terms name a capacity."""
        terms = self.env["scm.vendor.terms"].search(
            [("company_id", "=", company.id), ("partner_id", "in", vendor_ids), ("weekly_capacity", ">", 0)]
        )
        return {term.partner_id.commercial_partner_id.id: term.weekly_capacity for term in terms}

    @api.model
    def _read_commitments(self, company, product_ids):
        """Units to come of confirmed orders: vendor, product, warehouse, quantity."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT v.commercial_partner_id, m.product_id, target.warehouse_id, sum(m.product_qty)::float8
                  FROM stock_move m
                  JOIN purchase_order_line l ON l.id = m.purchase_line_id
                  JOIN purchase_order o ON o.id = l.order_id
                  JOIN res_partner v ON v.id = o.partner_id
                  JOIN stock_location source ON source.id = m.location_id AND source.usage = 'supplier'
                  JOIN stock_location target ON target.id = COALESCE(m.location_final_id, m.location_dest_id)
                 WHERE m.state NOT IN ('done', 'cancel', 'draft') AND o.company_id = %s AND m.product_id = ANY(%s)
              GROUP BY 1, 2, 3
                """,
                company.id,
                product_ids,
            )
        )
        return pd.DataFrame(rows, columns=["vendor", "product_id", "warehouse_id", "quantity"])
