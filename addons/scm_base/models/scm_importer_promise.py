from collections import defaultdict

from odoo import models


class ScmImporterPromise(models.AbstractModel):
    """New dates of confirmed purchase lines, as vendors send them in a list."""

    _name = "scm.importer.promise"
    _inherit = "scm.importer"
    _description = "Importer of Promised Dates"

    def _label(self):
        return self.env._("Changes of promised dates")

    def _import_fields(self):
        return [
            {
                "name": "order",
                "label": self.env._("Order"),
                "required": True,
                "aliases": ["purchase order", "order number", "po", "po number", "採購單", "采购单", "訂單編號"],
                "example": "P00042",
            },
            {
                "name": "product",
                "label": self.env._("Product"),
                "aliases": ["internal reference", "barcode", "sku", "item", "product code", "產品", "产品", "料號"],
                "help": self.env._("Internal reference or barcode. Empty: all open lines of the order."),
                "example": "SKU-1",
            },
            {
                "name": "date",
                "label": self.env._("New date"),
                "kind": "date",
                "required": True,
                "aliases": ["date", "promised date", "delivery date", "eta", "新交期", "交期", "到貨日"],
                "example": "2026-03-15",
            },
            {
                "name": "requested_by",
                "label": self.env._("Asked by"),
                "aliases": ["requested by", "who", "要求方"],
                "help": self.env._("'vendor' (also when empty) or 'us'."),
                "example": "vendor",
            },
            {
                "name": "reason",
                "label": self.env._("Reason"),
                "aliases": ["remark", "note", "原因", "備註"],
                "example": "",
            },
        ]

    def _check_access(self):
        self.env["purchase.order.line"].check_access("write")

    def _check_rows(self, batch, report):
        orders = self._orders({row.values["order"] for row in batch})
        products = self._find_products({row.values.get("product") for row in batch})
        lines = self._open_lines([order for ids in orders.values() for order in ids])
        checked = []
        for row in batch:
            requested_by = self._requested_by(row, report)
            line_ids = self._line_ids(row, orders, products, lines, report)
            if line_ids and requested_by:
                checked.append(
                    (
                        row.number,
                        {
                            "line_ids": line_ids,
                            "date": row.values["date"].isoformat(),
                            "requested_by": requested_by,
                            "reason": row.values.get("reason"),
                        },
                    )
                )
        return checked

    def _orders(self, names):
        """{name: ids of confirmed orders}"""
        domain = [("name", "in", list(names)), ("state", "=", "purchase"), ("company_id", "=", self.env.company.id)]
        return dict(self.env["purchase.order"]._read_group(domain, ["name"], ["id:array_agg"]))

    def _open_lines(self, order_ids):
        """{order id: lines that are still expected}"""
        lines = self.env["purchase.order.line"].search_fetch(
            [("order_id", "in", order_ids), ("display_type", "=", False)],
            ["order_id", "product_id", "product_qty", "qty_received"],
        )
        return lines.filtered(lambda line: line.qty_received < line.product_qty).grouped(lambda line: line.order_id.id)

    def _requested_by(self, row, report):
        asked = (row.values.get("requested_by") or "vendor").casefold()
        known = {"vendor": "vendor", "supplier": "vendor", "us": "us", "we": "us"}
        if asked not in known:
            report.error(row, "requested_by", self.env._("Write 'vendor' or 'us'."))
        return known.get(asked)

    def _line_ids(self, row, orders, products, lines, report):
        order_ids = orders.get(row.values["order"], [])
        if len(order_ids) != 1:
            report.error(
                row,
                "order",
                self.env._("Several confirmed orders have this number.")
                if order_ids
                else self.env._("There is no confirmed purchase order with this number."),
            )
            return []
        found = lines.get(order_ids[0]) or self.env["purchase.order.line"]
        code = row.values.get("product")
        if code and code not in products:
            report.error(row, "product", self.env._("No product has this internal reference or barcode."))
            return []
        if code:
            found = found.filtered(lambda line: line.product_id.id in products[code])
        if not found:
            report.error(row, "product" if code else "order", self.env._("Nothing of this is expected any more."))
        return found.ids

    def _write_rows(self, rows):
        groups = defaultdict(list)
        for row in rows:
            groups[row["date"], row["requested_by"], row["reason"] or False].extend(row["line_ids"])
        for (date, requested_by, reason), line_ids in groups.items():
            lines = self.env["purchase.order.line"].browse(line_ids).with_context(scm_channel="import")
            lines.scm_reschedule(date, requested_by, reason)

    def _done_action(self, job):
        return self.env["ir.actions.act_window"]._for_xml_id("scm_base.scm_purchase_promise_action")
