import json
from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel.pick_face import busy_day, face_limits


class ScmPickFaceLimits(models.Model):
    """Minimum and maximum from demand."""

    _inherit = "scm.pick.face"

    @api.model
    def refresh_limits(self, warehouse_id=False):
        """Reckon minimum and maximum of the faces "from demand" anew; typed ones stay.

        For supply chain or inventory managers.

        :return: number of faces whose limits changed
        """
        self._check_face_manager()
        warehouse = self.env["scm.wave.plan"]._checked_warehouse(warehouse_id)
        # sudo: role and company are checked above; demand is read for whoever may set the limits
        return self.sudo()._refresh_limits(warehouse.sudo())

    def action_refresh_limits(self):
        """The same for the warehouses of these faces."""
        for warehouse in self.warehouse_id:
            self.refresh_limits(warehouse.id)
        return True

    @api.model
    def _busy(self, daily):
        return busy_day(daily)

    @api.model
    def _refresh_limits(self, warehouse):
        faces = self.search([("warehouse_id", "=", warehouse.id)])
        if not faces:
            return 0
        demand = self._face_demand(warehouse, faces.product_id)
        sharing = Counter(faces.mapped("product_id.id"))
        multiples = faces._multiples()
        rows = []
        for face in faces:
            found, share = demand.get(face.product_id.id), sharing[face.product_id.id]
            rows.append(
                {
                    "id": face.id,
                    "per_day": found["per_day"] / share if found else 0.0,
                    "busy": found["busy"] / share if found else 0.0,
                    "source": found["source"] if found else "none",
                    "multiple": multiples[face],
                }
            )
        low, high = face_limits(
            [row["per_day"] for row in rows],
            [row["busy"] for row in rows],
            faces.mapped("cover_days"),
            faces.mapped("reserve_days"),
            [row["multiple"] for row in rows],
            faces.mapped("room_qty"),
        )
        changed = 0
        for row, face, minimum, maximum in zip(rows, faces, low.tolist(), high.tolist(), strict=True):
            follows = face.is_auto and row["source"] != "none"
            row["min_qty"], row["max_qty"] = (minimum, maximum) if follows else (face.min_qty, face.max_qty)
            row["why"] = self._limit_why(face, row, demand.get(face.product_id.id), sharing[face.product_id.id])
            changed += (row["min_qty"], row["max_qty"]) != (face.min_qty, face.max_qty)
        self._write_limits(rows)
        return changed

    @api.model
    def _limit_why(self, face, row, found, share):
        unit = face.product_id.uom_id.name
        notes = {"picks": "face_from_picks", "forecast": "face_from_forecast", "none": "face_no_demand"}
        why = {
            "method": "face_limits",
            "formula": "face_limit_rule",
            "value": row["max_qty"],
            "unit": unit,
            "sample": found["sample"] if found else 0,
            "terms": [
                {"code": "face_per_day", "value": round(row["per_day"], 2), "unit": unit},
                {"code": "face_busy", "value": round(row["busy"], 2), "unit": unit},
                {"code": "face_reserve", "value": face.reserve_days, "unit": "days"},
                {"code": "face_cover", "value": face.cover_days, "unit": "days"},
                {"code": "face_case", "value": row["multiple"], "unit": unit},
                {"code": "face_room", "value": face.room_qty, "unit": unit},
                {"code": "face_faces", "value": share},
                {"code": "face_minimum", "value": row["min_qty"], "unit": unit},
            ],
            "notes": [notes[row["source"]]] + (["small_sample"] if found and found["sample"] < 5 else []),
        }
        return why | ({"window": found["window"]} if found and found.get("window") else {})

    @api.model
    def _write_limits(self, rows):
        """All faces in one statement: there may be tens of thousands."""
        self.flush_model()
        payload = [row | {"why": json.dumps(row["why"])} for row in rows]
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_pick_face f
                   SET min_qty = r.min_qty, max_qty = r.max_qty, demand_per_day = r.per_day, busy_qty = r.busy,
                       demand_source = r.source, why = r.why::jsonb, write_date = %s, write_uid = %s
                  FROM jsonb_to_recordset(%s::jsonb)
                       AS r(id int, min_qty numeric, max_qty numeric, per_day numeric, busy numeric, source text,
                            why text)
                 WHERE f.id = r.id
                """,
                fields.Datetime.now(),
                self.env.uid,
                json.dumps(payload),
            )
        )
        self.invalidate_model()
