import hashlib

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_noon, zone_name

MAX_TEXT = 5_000
MAX_KEY = 200


class ScmImporterFeedback(models.AbstractModel):
    """What customers said elsewhere: in a marketplace, a survey, a shop system."""

    _name = "scm.importer.feedback"
    _inherit = "scm.importer"
    _description = "Importer of Feedback"

    def _label(self):
        return self.env._("Feedback of customers")

    def _import_fields(self):
        return [
            {
                "name": "text",
                "label": self.env._("Words"),
                "required": True,
                "aliases": [
                    "text",
                    "review",
                    "review text",
                    "comment",
                    "feedback",
                    "評論",
                    "意見",
                    "评论",
                    "评价",
                    "内容",
                ],
                "example": "The zip broke after two days.",
            },
            {
                "name": "date",
                "label": self.env._("Date"),
                "kind": "date",
                "required": True,
                "aliases": ["day", "said on", "review date", "created", "日期", "時間", "时间"],
                "example": "2026-03-15",
            },
            {
                "name": "rating",
                "label": self.env._("Stars"),
                "kind": "number",
                "aliases": ["rating", "stars", "score", "星等", "評分", "评分", "星级"],
                "help": self.env._("From 1 to 5."),
                "example": "2",
            },
            {
                "name": "product",
                "label": self.env._("Product"),
                "aliases": ["sku", "item", "product code", "internal reference", "barcode", "商品編號", "料號", "货号"],
                "help": self.env._("Internal reference or barcode."),
                "example": "LAMP-1",
            },
            {
                "name": "order",
                "label": self.env._("Order"),
                "aliases": ["order", "order number", "sales order", "訂單", "订单", "订单号"],
                "example": "S00012",
            },
            {
                "name": "reason",
                "label": self.env._("Reason"),
                "aliases": ["return reason", "reason code", "label", "原因", "退貨原因", "退货原因"],
                "help": self.env._("Code or name of a return reason, where somebody has said one."),
                "example": "broke_soon",
            },
            {
                "name": "key",
                "label": self.env._("Number there"),
                "aliases": ["id", "review id", "reference", "external id", "編號", "编号"],
                "help": self.env._("By which the same words are taken in once; without it day, product and words are."),
                "example": "R-4711",
            },
        ]

    def _check_access(self):
        # also who may enter feedback by hand may import it
        if not self.env["scm.feedback"].has_access("create"):
            raise AccessError(self.env._("Only sales people and supply chain managers can import feedback."))

    def _check_rows(self, batch, report):
        products = self._find_products({row.values.get("product") for row in batch})
        orders = self._orders({row.values.get("order") for row in batch} - {None, ""})
        reasons = self._reasons()
        checked = []
        for row in batch:
            values = self._check_row(row, products, orders, reasons, report)
            if row.number not in report.bad_rows:
                checked.append((row.number, values))
        return checked

    def _orders(self, names):
        domain = [("name", "in", list(names)), ("company_id", "=", self.env.company.id)]
        return dict(self.env["sale.order"]._read_group(domain, ["name"], ["id:array_agg"])) if names else {}

    def _reasons(self):
        reasons = self.env["scm.return.reason"].search([("child_ids", "=", False)])
        names = {reason.name.casefold(): reason.id for reason in reasons}
        return names | {reason.code.casefold(): reason.id for reason in reasons}

    def _check_row(self, row, products, orders, reasons, report):
        values = row.values
        rating = values.get("rating") or 0.0
        if not 0 <= rating <= 5:
            report.error(row, "rating", self.env._("Stars are from 1 to 5."))
        found = products.get(values.get("product"), [])
        if values.get("product") and len(found) != 1:
            report.error(
                row,
                "product",
                self.env._("Several products have this code.") if found else self.env._("There is no such product."),
            )
        order = orders.get(values.get("order"), [])
        if values.get("order") and len(order) != 1:
            report.warning(row, "order", self.env._("There is no such order; the words are taken in without it."))
        reason = reasons.get((values.get("reason") or "").strip().casefold())
        if values.get("reason") and not reason:
            report.error(row, "reason", self.env._("There is no such return reason."))
        text = values["text"].strip()[:MAX_TEXT]
        own = (
            values.get("key") or hashlib.sha256(f"{values['date']}|{values.get('product')}|{text}".encode()).hexdigest()
        )
        return {
            "text": text,
            "date": values["date"].isoformat(),
            "rating": rating,
            "product_id": found[0] if found else False,
            "order_id": order[0] if len(order) == 1 else False,
            "reason_id": reason or False,
            "source_key": f"import,{self.env.company.id},{own[:MAX_KEY]}",
        }

    def _write_rows(self, rows):
        zone, company = zone_name(self.env.company), self.env.company
        feedback = self.env["scm.feedback"]
        keys = [row["source_key"] for row in rows]
        known = self.env.execute_query(SQL("SELECT source_key FROM scm_feedback WHERE source_key = ANY(%s)", keys))
        seen, new = {key for (key,) in known}, []
        for row in rows:
            if row["source_key"] not in seen:
                seen.add(row["source_key"])
                date = local_noon(fields.Date.to_date(row["date"]), zone)
                source = {"source": "import", "company_id": company.id, "date": date}
                new.append(row | source | {"reason_source": "person" if row["reason_id"] else False})
        feedback.create(new)

    def _done_action(self, job):
        return self.env["ir.actions.act_window"]._for_xml_id("scm_aftersales.scm_feedback_action")
