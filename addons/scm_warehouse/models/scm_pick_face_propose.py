import json
from collections import Counter, defaultdict

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel.pick_face import NOW, SOON, days_left, refills, share_bulk

_TINY = 1e-6


class ScmPickFacePropose(models.Model):
    """What has to be brought to the pick faces of a warehouse."""

    _inherit = "scm.pick.face"

    @api.model
    def _check_face_manager(self):
        user = self.env.user
        if self.env.su or user.has_group("scm_base.scm_group_manager") or user.has_group("stock.group_stock_manager"):
            return
        raise AccessError(
            self.env._("Pick faces are set up by supply chain managers and managers of the inventory. Ask one of them.")
        )

    @api.model
    def propose(self, warehouse_id=False):
        """Look at all pick faces of a warehouse and propose refills. Proposing twice proposes once.

        Needs the inventory user or the supply chain manager.

        :return: ``{'proposals': [ids], 'now': count, 'soon': count, 'short': count, 'empty': [names of faces]}``:
            needed before the open orders are picked; below the minimum; less in bulk than wanted; nothing in bulk
        """
        self.env["scm.wave.plan"]._check_planner()
        warehouse = self.env["scm.wave.plan"]._checked_warehouse(warehouse_id)
        # sudo: role and company are checked above; nobody writes proposals by himself
        return self.sudo()._propose(warehouse.sudo())

    @api.model
    def propose_all(self):
        """The same for all warehouses of the ticked companies that have pick faces.

        :return: ``{'now': count, 'soon': count, 'short': count, 'empty': count}``
        """
        self.env["scm.wave.plan"]._check_planner()
        # sudo: the role is checked above, and only warehouses of the ticked companies are looked at
        faces, found = self.sudo(), Counter()
        for warehouse in faces._warehouses_with_faces().filtered(lambda one: one.company_id in self.env.companies):
            made = faces._propose(warehouse)
            found.update(now=made["now"], soon=made["soon"], short=made["short"], empty=len(made["empty"]))
        return {key: found[key] for key in ("now", "soon", "short", "empty")}

    @api.model
    def _propose(self, warehouse):
        self._flush_stock()
        self.env["scm.pick.face.proposal"]._follow_transfers(warehouse)
        faces = self.search([("warehouse_id", "=", warehouse.id)], order="id")
        if not faces:
            self.env["scm.pick.face.proposal"]._replace(warehouse, [])
            self._sync_empty(warehouse.company_id)
            return {"proposals": [], "now": 0, "soon": 0, "short": 0, "empty": []}
        rows = self._rows(warehouse, faces)
        self._decide(rows)
        self._store_standing(rows)
        proposals = self.env["scm.pick.face.proposal"]._replace(warehouse, rows)
        self._sync_empty(warehouse.company_id)
        return {
            "proposals": proposals.ids,
            "now": sum(one.urgency == NOW for one in proposals),
            "soon": sum(one.urgency == SOON for one in proposals),
            "short": sum(one.quantity < one.wanted_qty - _TINY for one in proposals),
            "empty": [row["face"].display_name for row in rows if row["status"] == "empty"],
        }

    # By itself

    @api.model
    def _warehouses_with_faces(self):
        groups = self._read_group([("warehouse_id", "!=", False)], ["warehouse_id"])
        return self.env["stock.warehouse"].union(*(warehouse for (warehouse,) in groups))

    @api.model
    def _cron_propose(self):
        """Each hour: propose, and make the transfers where the warehouse wants that."""
        cron = self.env["ir.cron"]
        warehouses = self._warehouses_with_faces()
        cron._commit_progress(remaining=len(warehouses))
        for warehouse in warehouses:
            made = self.with_company(warehouse.company_id)._propose(warehouse)
            if warehouse.scm_face_auto:
                self.env["scm.pick.face.proposal"].browse(made["proposals"])._apply()
            if not cron._commit_progress(1):
                break

    @api.model
    def _cron_limits(self):
        """Each night: limits from demand."""
        cron = self.env["ir.cron"]
        warehouses = self._warehouses_with_faces()
        cron._commit_progress(remaining=len(warehouses))
        for warehouse in warehouses:
            self._refresh_limits(warehouse)
            if not cron._commit_progress(1):
                break

    # First beat

    @api.model
    def _rows(self, warehouse, faces):
        """One dict per face with all that counts; waiting orders go to the first face of their product."""
        stock, waiting = self._read_faces(warehouse), self._read_waiting(warehouse)
        pools, places = self._pools(warehouse, faces)
        multiples = faces._multiples()
        faces.location_id.fetch(["scm_is_locked"])
        rows = []
        for face in faces:
            product_id, bulk = face.product_id.id, face.bulk_location_id.id or warehouse.lot_stock_id.id
            rows.append(
                stock[face.id]
                | {
                    "face": face,
                    "waiting": waiting.pop(product_id, 0.0),
                    "multiple": multiples[face],
                    "bulk_location_id": bulk,
                    "pool": (product_id, bulk),
                    "bulk": pools.get((product_id, bulk), 0.0),
                    "bulk_place_id": places.get((product_id, bulk)),
                    "is_locked": face.location_id.scm_is_locked,
                }
            )
        return rows

    @api.model
    def _pools(self, warehouse, faces):
        """Free bulk and its oldest place, by product and zone from which a face is filled."""
        zones = defaultdict(set)
        for face in faces:
            zones[face.product_id.id].add(face.bulk_location_id or warehouse.lot_stock_id)
        pools, places = defaultdict(float), {}
        for product_id, location_id, path, free in self._read_bulk(warehouse):
            for zone in zones[product_id]:
                if path.startswith(zone.parent_path):
                    pools[product_id, zone.id] += free
                    if free > _TINY:
                        places.setdefault((product_id, zone.id), location_id)
        return pools, places

    # Second beat

    @api.model
    def _decide(self, rows):
        """Add quantity, urgency, days left and status to the rows."""
        column = lambda name: np.array([row[name] for row in rows], float)  # noqa: E731
        field = lambda name: np.array([row["face"][name] for row in rows], float)  # noqa: E731
        wanted, urgency = refills(
            column("on_hand"),
            column("taken"),
            column("waiting"),
            column("coming"),
            field("min_qty"),
            field("max_qty"),
            column("multiple"),
            field("room_qty"),
        )
        wanted = np.where(column("is_locked") > 0, 0.0, wanted)
        left = days_left(column("on_hand"), column("taken") + column("waiting"), field("demand_per_day"))
        pools = {pool: number for number, pool in enumerate(dict.fromkeys(row["pool"] for row in rows))}
        free = np.zeros(len(pools))
        for row in rows:
            free[pools[row["pool"]]] = row["bulk"]
        rank = np.lexsort((np.arange(len(rows)), left, urgency != NOW)).argsort()
        given = share_bulk(wanted, [pools[row["pool"]] for row in rows], free, column("multiple"), rank)
        for row, *found in zip(rows, wanted.tolist(), urgency.tolist(), left.tolist(), given.tolist(), strict=True):
            row["wanted"], row["urgency"], row["days_left"], row["quantity"] = found
            row["quantity"] = row["face"].uom_id.round(row["quantity"])
            row["status"] = self._status(row)

    @api.model
    def _status(self, row):
        if row["is_locked"]:
            return "locked"
        if row["wanted"] <= _TINY:
            return "empty" if self._waits_in_vain(row) else "fine"
        return row["urgency"] if row["quantity"] > _TINY else "empty"

    @api.model
    def _waits_in_vain(self, row):
        """Enough is on its way, but the transfer found nothing in bulk, and without it the face is low."""
        sure = row["on_hand"] - row["taken"] - row["waiting"] + row["sure"]
        return row["coming"] > row["sure"] + _TINY and sure < row["face"].min_qty - _TINY and row["bulk"] <= _TINY

    # Third beat

    @api.model
    def _store_standing(self, rows):
        """What was seen at each face, in one statement."""
        payload = [
            {name: row[name] for name in ("id", "on_hand", "taken", "coming", "days_left", "status")} for row in rows
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_pick_face f
                   SET on_hand = r.on_hand, taken = r.taken, coming = r.coming, days_left = r.days_left,
                       status = r.status, checked_at = %s
                  FROM jsonb_to_recordset(%s::jsonb)
                       AS r(id int, on_hand numeric, taken numeric, coming numeric, days_left numeric, status text)
                 WHERE f.id = r.id
                """,
                fields.Datetime.now(),
                json.dumps(payload),
            )
        )
        self.invalidate_model(["on_hand", "taken", "coming", "days_left", "status", "checked_at"])

    @api.model
    def _sync_empty(self, company):
        """Alert: faces with nothing in bulk that are empty within a day, or before the open orders are picked."""
        faces = self.search(
            [("company_id", "=", company.id), ("status", "=", "empty"), ("days_left", "<", 1.0)], limit=5000
        )
        faces.product_id.fetch(["display_name", "lst_price", "uom_id"])
        rows = [
            {
                "subject_key": f"{face.location_id.id},{face.product_id.id}",
                "name": self.env._(
                    "%(product)s at %(place)s", product=face.product_id.display_name, place=face.location_id.name
                ),
                "product_id": face.product_id.id,
                "warehouse_id": face.warehouse_id.id,
                "res_model": self._name,
                "res_id": face.id,
                "money_at_stake": face.demand_per_day * face.product_id.lst_price,
                "date_due": local_today(company, face.warehouse_id),
                "why": {
                    "method": "face_no_bulk",
                    "value": face.on_hand,
                    "unit": face.uom_id.name,
                    "terms": [
                        {"code": "face_on_hand", "value": face.on_hand, "unit": face.uom_id.name},
                        {"code": "face_taken", "value": face.taken, "unit": face.uom_id.name},
                        {"code": "face_minimum", "value": face.min_qty, "unit": face.uom_id.name},
                        {"code": "face_per_day", "value": face.demand_per_day, "unit": face.uom_id.name},
                        {"code": "face_bulk", "value": 0.0, "unit": face.uom_id.name},
                    ],
                },
            }
            for face in faces
        ]
        self.env["scm.alert"]._sync("pick_face_no_bulk", company, rows)
