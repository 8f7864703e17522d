from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

from .scm_count_record import CLAIM_HOURS, COUNTABLE

#: places that a counter takes at once: enough for a while without a connection, not so many that others stand idle
ROUND = 20


class ScmCountTask(models.Model):
    """What the phone is given: a round of places in walking order, with all that is needed to count them offline."""

    _inherit = "scm.count.task"

    @api.model
    def next_tasks(self, warehouse_id=False, from_location_id=False, limit=ROUND):
        """Take the next places of a warehouse, in walking order from where the counter stands.

        Places that he has already come first; urgent ones before others. They are his for four hours, or until he
        finishes, skips or releases them. For people of the warehouse (Inventory: User).

        :param warehouse_id: empty: the first one that has something to count
        :param from_location_id: the place in which he stands; empty: the start of the walk
        :param limit: how many places he has at most, those he has already included
        :return: ``{'now', 'user', 'warehouse_id', 'warehouses': [{'id', 'name', 'count'}], 'is_blind', 'left', 'tasks':
            [{'id', 'name', 'place', 'barcode', 'state', 'origin', 'is_urgent', 'reason', 'product', 'pickers', 'items':
            [...], 'entries': [...]}]}``; items carry ``expected`` only where the warehouse does not count blind
        """
        self._check_counter()
        warehouses = self._count_by_warehouse()
        warehouse = self.env["stock.warehouse"].browse(warehouse_id or (warehouses[0]["id"] if warehouses else 0))
        warehouse = warehouse.exists()
        warehouse.check_access("read")
        here = self.env["stock.location"].browse(from_location_id or 0).exists()
        tasks = self._take(warehouse, here, max(1, min(int(limit or ROUND), 200))) if warehouse else self.browse()
        # sudo: the setting of a warehouse holds for everybody who counts there
        is_blind = bool(warehouse.sudo().scm_count_is_blind) if warehouse else True
        rows = tasks._phone_rows(is_blind)
        total = next((one["count"] for one in warehouses if one["id"] == warehouse.id), 0)
        return {
            "now": fields.Datetime.to_string(fields.Datetime.now()),
            "user": self.env.user.name,
            "warehouse_id": warehouse.id or False,
            "warehouses": warehouses,
            "is_blind": is_blind,
            "left": max(total - len(rows), 0),
            "tasks": rows,
        }

    @api.model
    def claim(self, task_id):
        """Take one place, for instance the one in front of which the counter stands. For people of the warehouse.

        :return: the place, as in :meth:`next_tasks`
        :raises UserError: where somebody else has it: says who
        """
        self._check_counter()
        task = self._locked({task_id})
        task._check_countable_by_me()
        task.write({"user_id": self.env.uid, "claimed_at": fields.Datetime.now()})
        return task._phone_rows(bool(task.warehouse_id.scm_count_is_blind))[0]

    @api.model
    def release(self, task_ids=False):
        """Give back places that were taken and not finished, so that others may count them.

        :param task_ids: empty: all that the user has
        :return: ``{'released': number}``
        """
        self._check_counter()
        ids = task_ids or self.search([("user_id", "=", self.env.uid), ("state", "in", COUNTABLE)]).ids
        tasks = self._locked(set(ids)).filtered(lambda task: task.user_id == self.env.user and task.state in COUNTABLE)
        tasks.filtered(lambda task: task.state == "counting").state = "todo"
        tasks.write({"user_id": False, "claimed_at": False})
        return {"released": len(tasks)}

    @api.model
    @api.readonly
    def find_code(self, code, task_id=False):
        """What a code stands for that the round does not know: a product found where nobody expected it.

        :param code: barcode or reference of a product, barcode of one of its units, lot or serial number
        :return: list of items as in :meth:`next_tasks`, with ``factor``: units in what was scanned; empty: unknown
        """
        self._check_counter()
        code = (code or "").strip()
        if not code:
            return []
        company = self.browse(task_id).company_id or self.env.company
        within = [("company_id", "in", [False, company.id])]
        storable = [("is_storable", "=", True), *within]
        products = self.env["product.product"].search([("barcode", "=", code), *storable], limit=5)
        if products:
            return [self._item(product, factor=1.0) for product in products]
        units = self.env["product.uom"].search([("barcode", "=", code), ("product_id.is_storable", "=", True)], limit=5)
        if units:
            return [self._item(unit.product_id, factor=self._factor(unit), scanned=unit.uom_id.name) for unit in units]
        lots = self.env["stock.lot"].search([("name", "=", code), *within], limit=5)
        if lots:
            return [self._item(lot.product_id, lot=lot, factor=1.0) for lot in lots]
        products = self.env["product.product"].search([("default_code", "=", code), *storable], limit=5)
        return [self._item(product, factor=1.0) for product in products]

    @api.model
    def find_place(self, code, warehouse_id=False):
        """What is to be counted at a place that was scanned, and is not in the round. Takes it.

        :param code: barcode or name of a place
        :param warehouse_id: two halls may have places of one name
        :return: ``{'location_id', 'name'}``, and ``task`` as in :meth:`next_tasks` where it waits to be counted; empty:
            no such place, or several
        :raises UserError: where somebody else has it: says who
        """
        self._check_counter()
        code, places = (code or "").strip().replace("%", ""), self.env["stock.location"]
        hall = [("usage", "=", "internal"), ("warehouse_id", "=" if warehouse_id else "!=", warehouse_id)]
        for name in ("barcode", "name", "complete_name") if code else ():
            places = places or places.search([(name, "=ilike", code), *hall], limit=2)
        if len(places) != 1:
            return {}
        found = {"location_id": places.id, "name": places.name}
        tasks = self.search([("location_id", "=", places.id), ("state", "in", COUNTABLE)], order="product_id desc")
        return found | {"task": self.claim(tasks[0].id)} if tasks else found

    # Taking

    def _open_domain(self):
        """What may be offered to the user today; the rest of the condition stands in :meth:`_take`."""
        free_since = fields.Datetime.now() - timedelta(hours=CLAIM_HOURS)
        return [
            ("state", "in", COUNTABLE),
            ("company_id", "in", self.env.companies.ids),
            ("location_id.active", "=", True),
            ("location_id.scm_is_locked", "=", False),
            "|",
            ("user_id", "in", [False, self.env.uid]),
            ("claimed_at", "<", free_since),
            "|",
            ("state", "!=", "recount"),
            ("counted_by_id", "!=", self.env.uid),
        ]

    @api.model
    def _count_by_warehouse(self):
        groups = self._read_group(
            [*self._open_domain(), ("date", "<=", local_today(self.env.company))], ["warehouse_id"], ["__count"]
        )
        rows = [{"id": warehouse.id, "name": warehouse.name, "count": count} for warehouse, count in groups]
        return sorted(rows, key=lambda row: -row["count"])

    @api.model
    def _take(self, warehouse, here, limit):
        """Lock and claim; places that another phone takes in this moment are passed over."""
        # sudo: a place is found by whoever stands in it
        rank, name = here.sudo().scm_walk_sequence, here.sudo().complete_name or ""
        domain = [*self._open_domain(), ("warehouse_id", "=", warehouse.id), ("id", "not in", self._skipped_lately())]
        domain += [("date", "<=", local_today(warehouse.company_id, warehouse))]
        query = self._search(domain)
        place = SQL.identifier(query.left_join("scm_count_task", "location_id", "stock_location", "id", "walk"))
        # as the walk is now, not as it was when the count was planned
        walk = SQL("COALESCE(%s.scm_walk_sequence, 0), %s.complete_name", place, place)
        rows = self.env.execute_query(
            SQL(
                "%s ORDER BY (scm_count_task.user_id IS NOT DISTINCT FROM %s "
                "AND scm_count_task.claimed_at IS NOT NULL) DESC, scm_count_task.priority DESC, (%s) < (%s, %s), %s, "
                "scm_count_task.id LIMIT %s FOR UPDATE OF scm_count_task SKIP LOCKED",
                query.select(),
                self.env.uid,
                walk,
                rank,
                name,
                walk,
                limit,
            )
        )
        # sudo: found with the user's own rights; he is a counter, as checked by the caller
        tasks = self.sudo().browse(number for (number,) in rows)
        fresh = tasks.filtered(lambda task: task.user_id != self.env.user or not task.claimed_at)
        fresh.write({"user_id": self.env.uid, "claimed_at": fields.Datetime.now()})
        return tasks.sorted(lambda task: task._walk_key(rank, name))

    def _walk_key(self, rank, name):
        at = (self.location_id.scm_walk_sequence, self.location_id.complete_name or "")
        return (at < (rank, name), *at, self.id)

    @api.model
    def _skipped_lately(self):
        since = fields.Datetime.now() - timedelta(hours=CLAIM_HOURS)
        entries = self.env["scm.count.entry"].search_fetch(
            [("kind", "=", "skip"), ("user_id", "=", self.env.uid), ("create_date", ">=", since)], ["task_id"]
        )
        return entries.task_id.ids

    # What the phone gets

    def _phone_rows(self, is_blind):
        """A few queries for all places together."""
        stock = self._phone_stock()
        pickers = self._phone_pickers()
        entries = self._phone_entries()
        origins = dict(self._fields["origin"]._description_selection(self.env))
        return [
            {
                "id": task.id,
                "name": task.name,
                "place": task.location_id.name or task.location_name,
                "path": task.location_name or "",
                "location_id": task.location_id.id,
                "barcode": task.location_id.barcode or "",
                "state": task.state,
                "origin": origins[task.origin],
                "is_urgent": task.priority == "1",
                "is_zero": task.origin == "zero",
                "is_recount": task.state == "recount",
                "product": task.product_id.display_name or "",
                "pickers": pickers.get(task.location_id.id, []),
                "items": task._phone_items(stock.get(task.location_id.id, []), is_blind),
                "entries": entries.get(task.id, []),
            }
            for task in self
        ]

    def _phone_stock(self):
        """``{place: quants}`` that have something, or less than nothing, on the books."""
        # sudo: what lies in a place is seen by whoever stands before it
        quants = self.env["stock.quant"].sudo().search_fetch(
            [("location_id", "in", self.location_id.ids), ("quantity", "!=", 0), ("product_id.is_storable", "=", True)],
            ["location_id", "product_id", "lot_id", "package_id", "owner_id", "quantity"],
            order="product_id, lot_id, id",
        )  # fmt: skip
        # one query for all units, not one a product
        quants.product_id.product_uom_ids.mapped("barcode")
        found = {}
        for quant in quants:
            found.setdefault(quant.location_id.id, []).append(quant)
        return found

    def _phone_pickers(self):
        """``{place: names of transfers}`` that have goods of the place in hand."""
        # sudo: only the numbers of transfers that are under way in the place
        lines = self.env["stock.move.line"].sudo().search_fetch(
            [
                ("location_id", "in", self.location_id.ids),
                ("picked", "=", True),
                ("state", "not in", ("done", "cancel", "draft")),
            ],
            ["location_id", "picking_id"],
        )  # fmt: skip
        found = {}
        for line in lines:
            names = found.setdefault(line.location_id.id, [])
            if line.picking_id.name and line.picking_id.name not in names:
                names.append(line.picking_id.name)
        return found

    def _phone_entries(self):
        """What the user has entered in this round already: his page goes on where it stopped."""
        entries = self.env["scm.count.entry"].search(
            [("task_id", "in", self.ids), ("user_id", "=", self.env.uid), ("kind", "=", "count")]
        )
        rounds = {task.id: task.round for task in self}
        found = {}
        for entry in entries:
            if entry.round == rounds[entry.task_id.id]:
                found.setdefault(entry.task_id.id, []).append(
                    {
                        **self._item(entry.product_id, entry.lot_id, entry.package_id, entry.owner_id, entry.lot_name),
                        "quantity": entry.quantity,
                    }
                )
        return found

    def _phone_items(self, quants, is_blind):
        if self.product_id:
            quants = [quant for quant in quants if quant.product_id == self.product_id]
        items = [
            self._item(quant.product_id, quant.lot_id, quant.package_id, quant.owner_id)
            | ({} if is_blind else {"expected": quant.quantity})
            for quant in quants
        ]
        if self.product_id and not items:
            items.append(self._item(self.product_id) | ({} if is_blind else {"expected": 0.0}))
        return items

    @api.model
    def _item(self, product, lot=None, package=None, owner=None, lot_name=None, factor=None, scanned=None):
        """One thing to count, as the phone knows it: ids, names, and the codes by which it is scanned."""
        # sudo: the names of what lies in front of the counter
        product = product.sudo()
        lot, package, owner = (record.sudo() if record else record for record in (lot, package, owner))
        codes = {unit.barcode: [self._factor(unit), unit.uom_id.name] for unit in product.product_uom_ids}
        if product.barcode:
            codes[product.barcode] = [1.0, product.uom_id.name]
        item = {
            "product_id": product.id,
            "name": product.name,
            "variant": product.product_template_variant_value_ids._get_combination_name(),
            "code": product.default_code or "",
            "unit": product.uom_id.name,
            "tracking": product.tracking,
            "lot_id": lot.id if lot else False,
            "lot": lot.name if lot else lot_name or "",
            "package_id": package.id if package else False,
            "package": package.name if package else "",
            "owner_id": owner.id if owner else False,
            "owner": owner.name if owner else "",
            "codes": codes,
        }
        return item | ({"factor": factor, "scanned": scanned or ""} if factor else {})

    @api.model
    def _factor(self, unit):
        return unit.uom_id._compute_quantity(1.0, unit.product_id.uom_id, round=False)
