from datetime import date, timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..kernel.demand import WINDOW_DAYS

# Products that are named in the warning about days which Odoo's own sales cover as well.
MAX_OVERLAPS = 200
# Beyond these a cell holds something else: a barcode in the wrong column, an empty date of a spreadsheet (1900).
MAX_QUANTITY, MAX_REVENUE = 1e12, 1e15
FIRST_DAY = date(1970, 1, 1)


class ScmImporterDemand(models.AbstractModel):
    """Demand from before Odoo: what was ordered per product, warehouse and day.

    Rows of the same product, warehouse and day are added up. Days that an earlier file brought are refused, unless the
    user chooses to replace them. Kits come in as their components.
    """

    _name = "scm.importer.demand"
    _inherit = "scm.importer"
    _description = "Importer of Demand History"

    def _label(self):
        return self.env._("Demand from before Odoo")

    def _replace_label(self):
        return self.env._("Replace the days that were imported before")

    def _import_fields(self):
        return [
            {
                "name": "product",
                "label": self.env._("Product"),
                "required": True,
                "aliases": [
                    *("internal reference", "product code", "barcode", "sku", "stockcode", "stock code", "item", "ean"),
                    *("產品", "产品", "商品編號", "商品编号", "料號", "货号", "條碼", "条码"),
                ],
                "help": self.env._("Internal reference or barcode."),
                "example": "SKU-1",
            },
            {
                "name": "date",
                "label": self.env._("Day"),
                "kind": "date",
                "required": True,
                "aliases": [
                    *("date", "order date", "invoice date", "invoicedate", "sales date"),
                    *("日期", "訂單日期", "订单日期", "銷售日期", "销售日期"),
                ],
                "help": self.env._("Day on which it was ordered, in the time zone of the warehouse."),
                "example": "2024-05-31",
            },
            {
                "name": "quantity",
                "label": self.env._("Quantity"),
                "kind": "number",
                "required": True,
                "aliases": ["qty", "units sold", "ordered quantity", "數量", "数量", "銷量", "销量"],
                "help": self.env._("What was ordered. Below zero: what the customer sent back."),
                "example": "12",
            },
            {
                "name": "warehouse",
                "label": self.env._("Warehouse"),
                "aliases": ["warehouse code", "倉庫", "仓库"],
                "help": self.env._("Short name or name. May be left out when there is only one."),
                "example": "WH",
            },
            {
                "name": "price",
                "label": self.env._("Price"),
                "kind": "number",
                "aliases": ["unit price", "price per unit", "單價", "单价"],
                "help": self.env._("Per unit, without taxes, in company currency."),
                "example": "9.90",
            },
            {
                "name": "uom",
                "label": self.env._("Unit"),
                "aliases": ["unit of measure", "uom", "單位", "单位"],
                "help": self.env._("Left out: the product's own unit."),
                "example": "Units",
            },
        ]

    def _check_access(self):
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply-chain managers may import demand. Ask one of them."))

    # Check

    def _last_day(self, batch):
        """The local day of the company, asked for only where a row comes near to it."""
        latest = max(row.values["date"] for row in batch)
        if latest < fields.Date.today() - timedelta(days=1):
            return latest
        return self.env["scm.demand.day"]._scm_company_today(self.env.company)

    def _check_rows(self, batch, report):
        finder = {
            "products": self._find_products({row.values["product"] for row in batch}),
            "warehouses": self._find_warehouses(),
            "units": self._find_units({row.values.get("uom") for row in batch}),
        }
        ids = {ids[0] for ids in finder["products"].values() if len(ids) == 1}
        goods = self.env["product.product"].with_context(prefetch_fields=False).browse(ids)
        finder["goods"] = {product.id: product for product in goods}
        finder["kits"] = self._find_kits()
        finder["today"] = self._last_day(batch)
        checked = [(row.number, data) for row in batch for data in self._check_row(row, finder, report)]
        self._refuse_known_days(checked, {row.number: row for row in batch}, report)
        return checked

    def _check_row(self, row, finder, report):
        """What to keep of one row: a list of rows of goods; empty when something is wrong with it."""
        product = self._row_product(row, finder, report)
        warehouse = self._row_warehouse(row, finder["warehouses"], report)
        factor = product and self._row_factor(row, product, finder["units"], report)
        if row.values["date"] > finder["today"]:
            report.error(row, "date", self.env._("This day is still to come."))
            return []
        if row.values["date"] < FIRST_DAY:
            report.error(row, "date", self.env._("This day is before %(day)s.", day=FIRST_DAY.isoformat()))
            return []
        if not (product and warehouse and factor and self._check_amounts(row, factor, report)):
            return []
        quantity, price = row.values["quantity"], row.values.get("price") or 0.0
        parts = finder["kits"].get(product.id) or [(product.id, 1.0)]
        return [
            {
                "p": component,
                "w": warehouse,
                "d": row.values["date"].isoformat(),
                "q": quantity * factor * quantity_in_kit,
                # The price of a kit is spread evenly; returns bring back no revenue.
                "r": max(quantity, 0) * price / len(parts),
            }
            for component, quantity_in_kit in parts
        ]

    def _check_amounts(self, row, factor, report):
        """Quantity and price are of a size that can be added up."""
        quantity, price = abs(row.values["quantity"]) * factor, row.values.get("price") or 0.0
        if quantity > MAX_QUANTITY:
            message = self.env._("This quantity is too large. Is it the right column?")
            report.error(row, "quantity", message, value=row.values["quantity"])
        elif price < 0:
            report.error(row, "price", self.env._("A price must not be below zero."))
        elif quantity * price > MAX_REVENUE:
            report.error(row, "price", self.env._("Quantity times price is too large. Is it the right column?"))
        else:
            return True
        return False

    def _row_product(self, row, finder, report):
        ids = finder["products"].get(row.values["product"], [])
        if len(ids) != 1:
            report.error(
                row,
                "product",
                self.env._("Several products have this internal reference or barcode.")
                if ids
                else self.env._("No product has this internal reference or barcode."),
            )
            return None
        product = finder["goods"][ids[0]]
        if product.type != "consu":
            report.error(
                row, "product", self.env._("“%(product)s” is not a goods product.", product=product.display_name)
            )
            return None
        return product

    def _row_warehouse(self, row, warehouses, report):
        name = row.values.get("warehouse")
        if not name:
            ids = set(warehouses.values())
            if len(ids) == 1:
                return ids.pop()
            message = (
                self.env._("The company has several warehouses: name one on each row.")
                if ids
                else self.env._("The company has no warehouse yet. Create one first.")
            )
            report.error(row, "warehouse", message)
            return None
        found = warehouses.get(name.casefold())
        if not found:
            report.error(row, "warehouse", self.env._("No warehouse has this short name or name."))
        return found

    def _row_factor(self, row, product, units, report):
        """Units of the product in one unit of the row, or None."""
        name = row.values.get("uom")
        if not name:
            return 1.0
        known = units.get(name.casefold())
        if not known:
            report.error(row, "uom", self.env._("There is no unit of this name."))
            return None
        fitting = [unit for unit in known if unit._has_common_reference(product.uom_id)]
        if not fitting:
            report.error(
                row,
                "uom",
                self.env._("It cannot be converted to %(unit)s, the unit of the product.", unit=product.uom_id.name),
            )
            return None
        return fitting[0].factor / product.uom_id.factor

    def _find_warehouses(self):
        """{short name and name, in small letters: id} of the company's warehouses."""
        # sudo: names of the importing manager's own company's warehouses, which he may see without any stock role
        warehouses = self.env["stock.warehouse"].sudo().search([("company_id", "=", self.env.company.id)])
        found = {warehouse.name.casefold(): warehouse.id for warehouse in warehouses}
        return found | {warehouse.code.casefold(): warehouse.id for warehouse in warehouses}

    def _find_units(self, names):
        """{name in small letters, in the user's language or English: units}"""
        if not any(names):
            return {}
        units = {}
        for lang in dict.fromkeys(("en_US", self.env.lang or "en_US")):
            all_units = self.env["uom.uom"].with_context(lang=lang, active_test=False)
            for unit in all_units.search([]):  # pylint: disable=no-search-all
                units.setdefault(unit.name.casefold(), []).append(unit)
        return units

    def _find_kits(self):
        """{kit: [(component, quantity)]} of the company."""
        company = self.env.company
        kits, own = {}, set()
        # sudo: what kits consist of is read by the system; the user sees the demand that comes of it
        rows = self.env["scm.demand.day"].sudo()._kit_components(company)
        for kit, owner, component, factor in rows:
            if owner == company.id and kit not in own:
                own.add(kit)
                kits[kit] = []
            if owner == company.id or (not owner and kit not in own):
                kits.setdefault(kit, []).append((component, factor))
        return kits

    def _refuse_known_days(self, checked, rows, report):
        """Refuse rows whose day an earlier file brought, unless they are to be replaced."""
        if self._job().replace_existing or not checked:
            return
        product, warehouse, day = zip(*((data["p"], data["w"], data["d"]) for _number, data in checked), strict=True)
        known = self.env.execute_query(
            SQL(
                """
                SELECT product_id, warehouse_id, date::varchar FROM scm_demand_day
                 WHERE origin = 'import' AND (product_id, warehouse_id, date) IN (
                       SELECT * FROM unnest(%s::int[], %s::int[], %s::date[]))
                """,
                list(product),
                list(warehouse),
                list(day),
            )
        )
        known = set(known)
        refused = {number for number, data in checked if (data["p"], data["w"], data["d"]) in known}
        for number in sorted(refused):
            report.error(
                rows[number],
                "date",
                self.env._(
                    "This day of the product was imported before. Tick “Replace” to put these rows in its place."
                ),
            )

    def _finish_check(self, report):
        self._warn_returns(report)
        self._warn_overlap(report)

    def _warn_returns(self, report):
        ((count, first),) = self.env.execute_query(
            SQL(
                "SELECT count(*), min(number) FROM scm_import_row WHERE import_id = %s AND (data->>'q')::float8 < 0",
                self._job().id,
            )
        )
        if count:
            report.warning(
                first,
                "quantity",
                self.env._("%(count)s rows have a quantity below zero: they count as returned goods.", count=count),
            )

    def _warn_overlap(self, report):
        """Name the products that already sell in Odoo on imported days: both would count."""
        overlaps = self.env.execute_query(
            SQL(
                """
                SELECT s.number, s.product_id, s.days, own.first_day
                  FROM (SELECT (data->>'p')::int AS product_id, (data->>'w')::int AS warehouse_id,
                               min(number) AS number, max((data->>'d')::date) AS last_day,
                               count(DISTINCT data->>'d') AS days
                          FROM scm_import_row WHERE import_id = %s
                      GROUP BY 1, 2) s
            CROSS JOIN LATERAL (
                       SELECT min(date) AS first_day FROM scm_demand_day d
                        WHERE d.warehouse_id = s.warehouse_id AND d.product_id = s.product_id AND d.origin = 'sale'
                          AND d.quantity > 0) own
                 WHERE s.last_day >= own.first_day
              ORDER BY s.number LIMIT %s
                """,
                self._job().id,
                MAX_OVERLAPS,
            )
        )
        products = {product.id: product for product in self.env["product.product"].browse(row[1] for row in overlaps)}
        for number, product_id, _days, first_day in overlaps:
            report.warning(
                number,
                "date",
                self.env._(
                    "“%(product)s” has sales in Odoo since %(day)s. Imported days from then on count in addition.",
                    product=products[product_id].display_name,
                    day=first_day,
                ),
            )

    # Write

    def _write_staged(self, job):
        """All rows in one statement: the days added up, earlier ones replaced where the user chose that."""
        if not job.replace_existing:
            self._check_still_new(job)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO scm_demand_day (company_id, warehouse_id, product_id, date, origin,
                                            quantity, quantity_returned, revenue, line_count)
                     SELECT %s, warehouse_id, product_id, date, 'import', round(sum(GREATEST(quantity, 0)), 6),
                            round(sum(GREATEST(-quantity, 0)), 6), round(sum(revenue), %s),
                            count(*) FILTER (WHERE quantity > 0)
                       FROM (%s) staged
                   GROUP BY warehouse_id, product_id, date
                ON CONFLICT (warehouse_id, product_id, date, origin) DO UPDATE
                        SET quantity = excluded.quantity, quantity_returned = excluded.quantity_returned,
                            revenue = excluded.revenue, line_count = excluded.line_count
                """,
                job.company_id.id,
                job.company_id.currency_id.decimal_places,
                self._staged_query(job),
            )
        )
        self._write_rest(job)

    def _staged_query(self, job):
        return SQL(
            """
            SELECT (data->>'p')::int AS product_id, (data->>'w')::int AS warehouse_id, (data->>'d')::date AS date,
                   (data->>'q')::numeric AS quantity, (data->>'r')::numeric AS revenue
              FROM scm_import_row WHERE import_id = %s
            """,
            job.id,
        )

    def _check_still_new(self, job):
        """Another file may have brought the same days since this one was checked."""
        ((count,),) = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM scm_demand_day day
                 WHERE origin = 'import' AND (warehouse_id, product_id, date) IN (
                       SELECT warehouse_id, product_id, date FROM (%s) staged)
                """,
                self._staged_query(job),
            )
        )
        if count:
            raise UserError(
                self.env._(
                    "%(count)s days of “%(file)s” were imported since it was checked. Check it again.",
                    count=count,
                    file=job.filename,
                )
            )

    def _write_rest(self, job):
        """What follows from new days: since when the items are known, and lost units to estimate again."""
        days = self.env["scm.demand.day"]
        days.invalidate_model()
        self.env["scm.demand.item"]._refresh_demand_days(SQL("(%s)", self._staged_query(job)))
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_stockout o SET is_stale = TRUE
                  FROM (SELECT warehouse_id, product_id, max(date) AS last_day FROM (%s) staged GROUP BY 1, 2) s
                 WHERE s.warehouse_id = o.warehouse_id AND s.product_id = o.product_id
                   AND o.date_from - %s <= s.last_day
                """,
                self._staged_query(job),
                WINDOW_DAYS,
            )
        )
        self.env["scm.stockout"].invalidate_model()

    def _done_action(self, job):
        return self.env["ir.actions.act_window"]._for_xml_id("scm_planning.scm_demand_day_import_action")
