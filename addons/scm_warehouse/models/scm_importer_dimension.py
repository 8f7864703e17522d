from odoo import models
from odoo.tools import SQL

#: fields of a product that a file may fill, with whether they are numbers
NUMBERS = ("scm_length", "scm_width", "scm_height", "scm_nest_height", "weight")
FLAGS = ("scm_is_fragile", "scm_is_liquid", "scm_is_upright", "scm_is_perishable")
YES = {"yes", "y", "true", "1", "x", "ja", "是", "有"}
NO = {"no", "n", "false", "0", "", "nein", "否", "無", "无"}


class ScmImporterDimension(models.AbstractModel):
    """Edges, weight and nature of products, from a list that somebody measured."""

    _name = "scm.importer.dimension"
    _inherit = "scm.importer"
    _description = "Importer of Dimensions"

    def _label(self):
        return self.env._("Dimensions of products")

    def _import_fields(self):
        def number(name, label, aliases, example, required=False, **more):
            return {
                "name": name,
                "label": label,
                "kind": "number",
                "required": required,
                "aliases": aliases,
                "example": example,
                **more,
            }

        def flag(name, label, aliases):
            return {"name": name, "label": label, "aliases": aliases, "example": "", "help": self.env._("Yes or no.")}

        return [
            {
                "name": "product",
                "label": self.env._("Product"),
                "required": True,
                "aliases": ["internal reference", "barcode", "sku", "item", "product code", "產品", "产品", "料號"],
                "help": self.env._("Internal reference or barcode."),
                "example": "SKU-1",
            },
            number("scm_length", self.env._("Length (cm)"), ["length", "l", "長", "长", "長度", "长度"], "20", True),
            number("scm_width", self.env._("Width (cm)"), ["width", "w", "寬", "宽", "寬度", "宽度"], "15", True),
            number("scm_height", self.env._("Height (cm)"), ["height", "h", "高", "高度"], "8.5", True),
            number("weight", self.env._("Weight (kg)"), ["weight", "gross weight", "重量"], "0.4"),
            number("scm_nest_height", self.env._("Height when nested (cm)"), ["nested", "nest height", "套疊高度"], ""),
            flag("scm_is_fragile", self.env._("Fragile"), ["fragile", "易碎"]),
            flag("scm_is_liquid", self.env._("Liquid"), ["liquid", "液體", "液体"]),
            flag("scm_is_upright", self.env._("Keep upright"), ["upright", "this side up", "直立"]),
            flag("scm_is_perishable", self.env._("Perishable"), ["perishable", "fresh", "生鮮", "生鲜"]),
        ]

    def _check_access(self):
        self.env["product.template"].check_access("write")

    def _check_rows(self, batch, report):
        products = self._find_products({row.values["product"] for row in batch})
        found = self.env["product.product"].browse({id_ for ids in products.values() for id_ in ids})
        templates = {product.id: product.product_tmpl_id.id for product in found}
        _centimetres, kilograms = self.env["stock.package.type"]._scm_units()
        checked = []
        for row in batch:
            ids = products.get(row.values["product"], [])
            own = sorted({templates[id_] for id_ in ids})
            if len(own) != 1:
                report.error(
                    row,
                    "product",
                    self.env._("Several products have this internal reference or barcode.")
                    if own
                    else self.env._("No product has this internal reference or barcode."),
                )
                continue
            values = self._row_values(row, report, kilograms)
            if values:
                checked.append((row.number, {"template": own[0], "products": sorted(ids), "values": values}))
        return checked

    def _row_values(self, row, report, kilograms):
        """Values of a row, or None when something in it is wrong."""
        values, is_right = {}, True
        for name in NUMBERS:
            number = row.values.get(name)
            if number is None:
                continue
            least_open = name in ("scm_length", "scm_width", "scm_height")
            if number < 0 or (least_open and number == 0):
                report.error(row, name, self.env._("This has to be more than zero."))
                is_right = False
            values[name] = number / kilograms if name == "weight" else number
        for name in FLAGS:
            text = (row.values.get(name) or "").strip().casefold()
            if text not in YES | NO:
                report.error(row, name, self.env._("Write 'yes' or 'no'."))
                is_right = False
            if row.values.get(name) is not None:
                values[name] = text in YES
        return values if is_right else None

    def _finish_check(self, report):
        """A product stands in the file once."""
        rows = self.env.execute_query(
            SQL(
                """SELECT (array_agg(number ORDER BY number))[2:] FROM scm_import_row WHERE import_id = %s
                    GROUP BY data->>'template' HAVING count(*) > 1""",
                self._job().id,
            )
        )
        for (numbers,) in rows:
            for number in numbers:
                report.error(number, "product", self.env._("This product stands in the file twice."))

    def _write_rows(self, rows):
        templates = self.env["product.template"].browse([row["template"] for row in rows])
        templates.fetch(["scm_length"])
        for row, template in zip(rows, templates, strict=True):
            values = dict(row["values"])
            weight = values.pop("weight", None)
            template.write(values)
            if weight is not None:
                self.env["product.product"].browse(row["products"]).write({"weight": weight})

    def _done_action(self, job):
        return self.env["ir.actions.act_window"]._for_xml_id("scm_warehouse.scm_product_dimensions_action")
