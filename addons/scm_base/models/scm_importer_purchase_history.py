from datetime import date

from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.zones import local_today

FIRST_DAY = date(1970, 1, 1)
MAX_QUANTITY, MAX_PRICE = 1e12, 1e12


class ScmImporterPurchaseHistory(models.AbstractModel):
    """Purchases from before Odoo: what was ordered, promised and received, so that vendors can be judged from day one.

    A row is one line of an order, or one of its receipts where the file names the line. Goods do not come into stock:
    they are received into a location of their own.
    """

    _name = "scm.importer.purchase_history"
    _inherit = ["scm.purchase.history.write", "scm.importer"]
    _description = "Importer of Purchase History"

    def _label(self):
        return self.env._("Purchases from before Odoo")

    def _create_label(self):
        return self.env._("Create vendors and products that are not there yet")

    def _import_fields(self):
        field = self._import_field
        return [
            field("order", self.env._("Order"), True, "po number", "purchase order", "採購單", "采购单", "P-2041"),
            field("line", self.env._("Line"), False, "line number", "item no", "行號", "行号", "10")
            | {"help": self.env._("Rows with the same order and line are receipts of one line. Empty: one line each.")},
            field("vendor", self.env._("Vendor"), True, "supplier", "vendor name", "供應商", "供应商", "Mill Ltd")
            | {"help": self.env._("Name or reference.")},
            field("product", self.env._("Product"), True, "sku", "item", "product code", "產品", "产品", "SKU-1")
            | {"help": self.env._("Internal reference or barcode.")},
            field("product_name", self.env._("Product name"), False, "description", "品名", "Blue shirt")
            | {"help": self.env._("For products that are created.")},
            field("quantity", self.env._("Quantity"), True, "qty", "ordered quantity", "數量", "数量", "240", "number"),
            field("uom", self.env._("Unit"), False, "unit of measure", "uom", "單位", "单位", "Units")
            | {"help": self.env._("Left out: the product's own unit.")},
            field("price", self.env._("Unit price"), False, "price", "cost", "單價", "单价", "4.20", "number"),
            field("currency", self.env._("Currency"), False, "幣別", "币种", "USD")
            | {"help": self.env._("Left out: the currency of the company.")},
            field("ordered", self.env._("Order date"), False, "po date", "訂購日", "订购日", "2024-03-01", "date")
            | {"help": self.env._("Empty: not known. The line then says nothing about lead time.")},
            field("promised", self.env._("Promised date"), True, "due date", "交期", "2024-03-15", "date"),
            field("received", self.env._("Received date"), False, "delivered", "到貨日", "到货日", "2024-03-17", "date")
            | {"help": self.env._("Empty: never received.")},
            field("received_quantity", self.env._("Received quantity"), False, "實收數量", "实收数量", "240", "number")
            | {"help": self.env._("Empty: all that was ordered.")},
            field("warehouse", self.env._("Warehouse"), False, "warehouse code", "倉庫", "仓库", "WH")
            | {"help": self.env._("Short name or name. Left out: the first warehouse of the company.")},
        ]

    def _import_field(self, name, label, required, *words):
        """A field; of ``words`` the last (before a kind) is the example, those before are other headings."""
        *words, kind = words if words[-1] in ("number", "date") else (*words, "text")
        *aliases, example = words
        aliases = [label, *aliases]
        return {
            "name": name,
            "label": label,
            "required": required,
            "kind": kind,
            "aliases": aliases,
            "example": example,
        }

    def _check_access(self):
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply-chain managers may import purchases. Ask one of them."))
        self.env["purchase.order"].check_access("create")
        if self._job().create_missing:
            for model in ("res.partner", "product.product"):
                self.env[model].check_access("create")

    # Check

    def _check_rows(self, batch, report):
        values = [row.values for row in batch]
        known = {
            "vendors": self._find_vendors({row["vendor"] for row in values}),
            "products": self._find_products({row["product"] for row in values}),
            "orders": self._find_orders({row["order"] for row in values}),
            "currencies": dict(self.env["res.currency"]._read_group([], ["name"], ["id:max"])),
            "warehouses": self._find_warehouses(),
            "units": self._find_units({row.get("uom") for row in values}),
            "today": local_today(self.env.company),
        }
        ids = [ids[0] for ids in known["products"].values() if len(ids) == 1]
        goods = self.env["product.product"].browse(ids)
        known["goods"] = {product.id: (product.type, product.uom_id) for product in goods}
        checked = ((row.number, self._check_row(row, known, report)) for row in batch)
        return [(number, data) for number, data in checked if data]

    def _check_row(self, row, known, report):
        values = row.values
        if values["order"] in known["orders"]:
            report.error(row, "order", self.env._("There is a purchase order with this number already."))
        data = {
            "order": values["order"],
            "line": values.get("line") or f"#{row.number}",
            **self._row_vendor(row, known["vendors"], report),
            **self._row_product(row, known, report),
            **self._row_amounts(row, report),
            **self._row_days(row, known["today"], report),
            "currency_id": self._row_choice(row, "currency", known["currencies"], str.upper, report),
            "warehouse_id": self._row_choice(row, "warehouse", known["warehouses"], str.casefold, report),
        }
        return data if row.number not in report.bad_rows else None

    def _row_vendor(self, row, vendors, report):
        name = row.values["vendor"]
        ids = vendors.get(name, [])
        if len(ids) > 1:
            report.error(row, "vendor", self.env._("Several vendors have this name. Write the reference of one."))
        elif not ids and not self._job().create_missing:
            report.error(row, "vendor", self.env._("There is no vendor of this name or reference."))
        return {"vendor_id": ids[0] if len(ids) == 1 else None, "vendor": name}

    def _row_product(self, row, known, report):
        code = row.values["product"]
        ids = known["products"].get(code, [])
        kind, unit = known["goods"].get(ids[0], ("consu", None)) if len(ids) == 1 else ("consu", None)
        if len(ids) > 1:
            report.error(row, "product", self.env._("Several products have this internal reference or barcode."))
        elif not ids and not self._job().create_missing:
            report.error(row, "product", self.env._("No product has this internal reference or barcode."))
        elif kind != "consu":
            report.error(row, "product", self.env._("This is not a goods product: nothing of it can be received."))
        return {
            "product_id": ids[0] if len(ids) == 1 else None,
            "product": code,
            "product_name": row.values.get("product_name") or code,
            "uom_id": self._row_unit(row, unit, known["units"], report),
        }

    def _row_unit(self, row, unit, units, report):
        name = row.values.get("uom")
        if not name:
            return None
        found = units.get(name.casefold(), [])
        fitting = [other for other in found if not unit or other._has_common_reference(unit)]
        if not found:
            report.error(row, "uom", self.env._("There is no unit of this name."))
        elif not fitting:
            message = self.env._("It cannot be converted to %(unit)s, the unit of the product.", unit=unit.name)
            report.error(row, "uom", message)
        return fitting[0].id if fitting else None

    def _row_amounts(self, row, report):
        quantity, price = row.values["quantity"], row.values.get("price") or 0.0
        received = row.values.get("received_quantity")
        if not 0 < quantity <= MAX_QUANTITY:
            report.error(row, "quantity", self.env._("A quantity is above 0, and of a believable size."))
        if not 0 <= price <= MAX_PRICE:
            report.error(row, "price", self.env._("A price is not below 0, and of a believable size."))
        if received is not None and not 0 <= received <= MAX_QUANTITY:
            report.error(row, "received_quantity", self.env._("A received quantity is not below 0."))
        if received and not row.values.get("received"):
            report.error(row, "received", self.env._("On which day was it received?"))
        if received is None:
            received = quantity
        return {"quantity": quantity, "price": price, "received_qty": received if row.values.get("received") else 0}

    def _row_days(self, row, today, report):
        days = {name: row.values.get(name) for name in ("ordered", "promised", "received")}
        for name, day in days.items():
            if day and day < FIRST_DAY:
                report.error(row, name, self.env._("This day is before %(day)s.", day=FIRST_DAY.isoformat()))
            elif day and name != "promised" and day > today:
                report.error(row, name, self.env._("This day is still to come."))
        if days["ordered"] and days["received"] and days["received"] < days["ordered"]:
            report.warning(row, "received", self.env._("Received before it was ordered."))
        return {name: day.isoformat() if day else None for name, day in days.items()}

    def _row_choice(self, row, name, known, change, report):
        """Id of a currency or warehouse; None when the cell is empty."""
        value = row.values.get(name)
        if value and change(value) not in known:
            message = {
                "currency": self.env._("There is no active currency with this code."),
                "warehouse": self.env._("No warehouse of the company has this short name or name."),
            }[name]
            report.error(row, name, message)
        return known.get(change(value)) if value else None

    # What is there

    def _find_vendors(self, names):
        """{name or reference: ids} of partners that stand for themselves."""
        found, own = {}, Domain("company_id", "in", (False, self.env.company.id)) & Domain("parent_id", "=", False)
        for field in ("name", "ref"):
            missing = list(names - found.keys())
            found |= dict(
                self.env["res.partner"]._read_group(own & Domain(field, "in", missing), [field], ["id:array_agg"])
            )
        return found

    def _find_orders(self, names):
        domain = [("name", "in", list(names)), ("company_id", "=", self.env.company.id)]
        return {name for (name,) in self.env["purchase.order"]._read_group(domain, ["name"], [])}

    def _find_warehouses(self):
        # sudo: names of the importing manager's own company's warehouses, which he may see without any stock role
        warehouses = self.env["stock.warehouse"].sudo().search([("company_id", "=", self.env.company.id)])
        found = {warehouse.name.casefold(): warehouse.id for warehouse in warehouses}
        return found | {warehouse.code.casefold(): warehouse.id for warehouse in warehouses}

    def _find_units(self, names):
        """{name in small letters, in the user's language or English: units}"""
        units = {}
        for lang in dict.fromkeys(("en_US", self.env.lang or "en_US")) if any(names) else ():
            all_units = self.env["uom.uom"].with_context(lang=lang, active_test=False)
            for unit in all_units.search([]):  # pylint: disable=no-search-all
                units.setdefault(unit.name.casefold(), []).append(unit)
        return units

    # What needs all rows

    def _finish_check(self, report):
        """Rows of one order name one vendor, those of one line one product and one promise."""
        if not self._find_warehouses():
            report.error(None, None, self.env._("The company has no warehouse yet. Create one first."))
        order, line = SQL("data->>'order'"), SQL("data->>'order', data->>'line'")
        self._report_mixed(order, "vendor", self.env._("The rows of one order name different vendors."), report)
        self._report_mixed(order, "currency_id", self.env._("The rows of one order differ in currency."), report)
        self._report_mixed(order, "warehouse_id", self.env._("The rows of one order differ in warehouse."), report)
        for name, message in (
            ("product", self.env._("The rows of one line name different products.")),
            ("quantity", self.env._("The rows of one line differ in the ordered quantity.")),
            ("promised", self.env._("The rows of one line differ in the promised date.")),
        ):
            self._report_mixed(line, name, message, report)

    def _report_mixed(self, group, name, message, report):
        """Name the first row of each group that differs from the row before it."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (%(group)s) number, data->>%(name)s
                     FROM (SELECT number, data, FIRST_VALUE(COALESCE(data->>%(name)s, ''))
                                  OVER (PARTITION BY %(group)s ORDER BY number) AS first
                             FROM scm_import_row WHERE import_id = %(job)s) staged
                    WHERE COALESCE(data->>%(name)s, '') <> first
                    ORDER BY %(group)s, number""",
                group=group,
                name=name,
                job=self._job().id,
            )
        )
        for number, value in sorted(rows):
            report.error(number, name.removesuffix("_id"), message, value=value)

    # After

    def _done_action(self, job):
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_base.scm_receipt_fact_action")
        return action | {"domain": [("order_id.scm_is_history", "=", True)], "context": {}}
