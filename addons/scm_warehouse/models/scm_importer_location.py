from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

#: what a hall can hold at most; beyond these a cell holds something else
MAX_METRES, MAX_NUMBER = 1e5, 10_000
#: column of the file: (column of the table, type in SQL)
COLUMNS = {
    "aisle": ("scm_aisle", "varchar"),
    "bay": ("scm_bay", "int4"),
    "level": ("scm_level", "int4"),
    "x": ("scm_x", "numeric"),
    "y": ("scm_y", "numeric"),
    "z": ("scm_z", "numeric"),
    "category": ("storage_category_id", "int4"),
}


class ScmImporterLocation(models.AbstractModel):
    """Where places are: aisle, bay and level, or coordinates, from a list. Empty cells leave what is there."""

    _name = "scm.importer.location"
    _inherit = "scm.importer"
    _description = "Importer of Places"

    def _label(self):
        return self.env._("Places in the warehouse")

    def _create_label(self):
        return self.env._("Create places that do not exist, in the stock of their warehouse")

    def _import_fields(self):
        return [
            {
                "name": "place",
                "label": self.env._("Place"),
                "required": True,
                "aliases": [
                    *("location", "location name", "barcode", "bin", "code", "full location name", "storage bin"),
                    *("庫位", "库位", "儲位", "储位", "貨位", "货位", "位置"),
                ],
                "help": self.env._("Barcode, full name (WH/Stock/A-01-0) or name."),
                "example": "A-01-0",
            },
            {
                "name": "aisle",
                "label": self.env._("Aisle"),
                "aliases": ["row", "corridor", "巷道", "走道", "通道"],
                "example": "A",
            },
            self._number("bay", self.env._("Bay"), "1", ["column", "position", "列", "格"]),
            self._number("level", self.env._("Level"), "0", ["tier", "height level", "shelf level", "層", "层"]),
            self._number("x", self.env._("X (m)"), "2.0", ["x", "pos x", "x 座標", "x坐标"]),
            self._number("y", self.env._("Y (m)"), "5.8", ["y", "pos y", "y 座標", "y坐标"]),
            self._number("z", self.env._("Z (m)"), "0", ["z", "height", "pos z", "z 座標", "z坐标"]),
            {
                "name": "category",
                "label": self.env._("Storage category"),
                "aliases": ["capacity", "storage type", "儲存類別", "存储类别"],
                "help": self.env._("Name of the storage category, which holds the limits of the place."),
                "example": "",
            },
            {
                "name": "warehouse",
                "label": self.env._("Warehouse"),
                "aliases": ["warehouse code", "倉庫", "仓库"],
                "help": self.env._("Short name or name. Needed only where two warehouses name a place alike."),
                "example": "WH",
            },
        ]

    def _number(self, name, label, example, aliases):
        return {"name": name, "label": label, "kind": "number", "aliases": aliases, "example": example}

    def _check_access(self):
        if not self.env.user.has_group("stock.group_stock_manager"):
            raise AccessError(self.env._("Only inventory managers may import places. Ask one of them."))

    # Check

    def _check_rows(self, batch, report):
        warehouses = self._warehouses()
        categories = self._categories({row.values.get("category") for row in batch})
        places = self._find_places({row.values["place"] for row in batch})
        checked = []
        for row in batch:
            wrong = len(report.entries)
            data = self._geometry(row, report)
            if name := row.values.get("category"):
                data["category"] = categories.get(name.casefold())
                if not data["category"]:
                    report.error(row, "category", self.env._("There is no storage category of this name."))
            data |= self._target(row, places, warehouses, report)
            if not any(entry[0] == "error" for entry in report.entries[wrong:]):
                checked.append((row.number, data))
        return checked

    def _geometry(self, row, report):
        data = {"aisle": (row.values.get("aisle") or "").strip() or None}
        for name, least in (("bay", 1), ("level", 0)):
            value = data[name] = row.values.get(name)
            if value is not None:
                if value != int(value) or not least <= value <= MAX_NUMBER:
                    report.error(row, name, self.env._("Write a whole number from %(least)s on.", least=least))
                data[name] = int(value)
        for name in ("x", "y", "z"):
            value = data[name] = row.values.get(name)
            if value is not None and abs(value) > MAX_METRES:
                report.error(row, name, self.env._("This is too far to be metres in a hall."))
        if all(value is None for value in data.values()) and not row.values.get("category"):
            report.error(row, "place", self.env._("This row says nothing about its place."))
        return data

    def _target(self, row, places, warehouses, report):
        """``{"id": place}``, or ``{"name", "warehouse"}`` of one to create."""
        wanted = row.values.get("warehouse")
        warehouse = warehouses.get(wanted.casefold()) if wanted else None
        if wanted and not warehouse:
            report.error(row, "warehouse", self.env._("There is no warehouse of this name."))
            return {}
        found = places.get(row.values["place"].strip().casefold(), [])
        found = [place for place, at in found if not warehouse or at == warehouse.id]
        if len(found) == 1:
            return {"id": found[0]}
        if found:
            report.error(
                row,
                "place",
                self.env._("Several places are called so. Write the full name or the barcode, or add the warehouse."),
            )
        elif not self._job().create_missing:
            report.error(row, "place", self.env._("No place has this barcode, full name or name."))
        elif not warehouse and len(set(warehouses.values())) != 1:
            report.error(row, "warehouse", self.env._("In which warehouse is it to be created?"))
        elif "/" in row.values["place"]:
            report.error(row, "place", self.env._("A new place has a simple name, without “/”."))
        else:
            return {
                "name": row.values["place"].strip(),
                "warehouse": (warehouse or next(iter(set(warehouses.values())))).id,
            }
        return {}

    def _warehouses(self):
        """{short name and name, in small letters: warehouse} of the company."""
        found = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)])
        return {each.name.casefold(): each for each in found} | {each.code.casefold(): each for each in found}

    def _categories(self, names):
        names = [name for name in names if name]
        domain = Domain("company_id", "in", (False, self.env.company.id))
        domain &= Domain.OR([Domain("name", "=ilike", name.replace("%", r"\%").replace("_", r"\_")) for name in names])
        found = self.env["stock.storage.category"].search(domain) if names else self.env["stock.storage.category"]
        return {category.name.casefold(): category.id for category in found}

    def _find_places(self, words):
        """{word in small letters: [(place, its warehouse)]}: by barcode, else by full name, else by name."""
        words = [word.strip().casefold() for word in words]
        found = {}
        for column in ("barcode", "complete_name", "name"):
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT lower(l.%(column)s), array_agg(l.id), array_agg(l.warehouse_id)
                      FROM stock_location l
                     WHERE l.usage = 'internal' AND l.active AND l.company_id = %(company)s
                       AND l.warehouse_id IS NOT NULL AND lower(l.%(column)s) = ANY(%(words)s)
                  GROUP BY 1
                    """,
                    column=SQL.identifier(column),
                    company=self.env.company.id,
                    words=[word for word in words if word not in found],
                )
            )
            found |= {word: list(zip(ids, at, strict=True)) for word, ids, at in rows}
        return found

    def _finish_check(self, report):
        """A place is named once in a file."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT number, first FROM (
                    SELECT number, min(number) OVER (PARTITION BY COALESCE(data->>'id', lower(data->>'name')),
                                                                  data->>'warehouse') AS first
                      FROM scm_import_row WHERE import_id = %s) r
                 WHERE number > first ORDER BY number
                """,
                self._job().id,
            )
        )
        for number, first in rows:
            report.error(number, "place", self.env._("The place is in row %(row)s too.", row=first))

    # Write

    def _write_staged(self, job):
        result = super()._write_staged(job)
        self.env["stock.location"].invalidate_model()
        warehouses = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)])
        warehouses._scm_refresh_travel()
        return result

    def _write_rows(self, rows):
        self._create_places([row for row in rows if "id" not in row])
        known = [row for row in rows if "id" in row]
        self.env.flush_all()
        columns = [[row["id"] for row in known], *([row.get(name) for row in known] for name in COLUMNS)]
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_location l SET %s, write_uid = %s, write_date = now() AT TIME ZONE 'UTC'
                  FROM unnest(%s::int4[], %s) AS r (id, %s) WHERE l.id = r.id
                """,
                SQL(", ").join(
                    SQL("%s = COALESCE(r.%s, l.%s)", *(SQL.identifier(name),) * 3) for name, _kind in COLUMNS.values()
                ),
                self.env.uid,
                columns[0],
                SQL(", ").join(
                    SQL("%s::%s[]", values, SQL(kind))
                    for values, (_name, kind) in zip(columns[1:], COLUMNS.values(), strict=True)
                ),
                SQL(", ").join(SQL.identifier(name) for name, _kind in COLUMNS.values()),
            )
        )

    def _create_places(self, rows):
        stocks = {each.id: each.lot_stock_id.id for each in self._warehouses().values()}
        self.env["stock.location"].create(
            [
                {
                    "name": row["name"],
                    "usage": "internal",
                    "location_id": stocks[row["warehouse"]],
                    "company_id": self.env.company.id,
                }
                | {COLUMNS[name][0]: row[name] for name in COLUMNS if row.get(name) is not None}
                for row in rows
            ]
        )

    def _done_action(self, job):
        return self.env["ir.actions.act_window"]._for_xml_id("scm_warehouse.scm_place_action")
