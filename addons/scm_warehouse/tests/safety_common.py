"""Cases for safety: a short checklist, a picture, and what phones send."""

import base64
import io

from odoo.fields import Command
from PIL import Image

from .warehouse_common import WarehouseCase


class SafetyCase(WarehouseCase):
    """Adds ``template`` (questions: critical, with limits, of damage, with photo) and ``store_manager``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store_manager = cls._create_user("store_manager", "stock.group_stock_manager")
        cls.template = cls.env["scm.safety.template"].create(
            {
                "name": "Round",
                "subject": "rack",
                "item_ids": [
                    Command.create({"name": "Way out is free", "kind": "ok", "is_critical": True, "sequence": 1}),
                    Command.create(
                        {
                            "name": "Chilled room",
                            "kind": "number",
                            "unit": "°C",
                            "has_minimum": True,
                            "minimum": 2.0,
                            "has_maximum": True,
                            "maximum": 8.0,
                            "sequence": 2,
                        }
                    ),
                    Command.create({"name": "Uprights", "kind": "damage", "is_locking": True, "sequence": 3}),
                    Command.create({"name": "Floor is clean", "kind": "ok", "needs_photo": True, "sequence": 4}),
                ],
            }
        )
        cls.way, cls.cold, cls.rack, cls.floor = cls.template.item_ids
        cls.kind = cls.env["scm.safety.incident.type"]._by_code()["rack_damage"]

    @staticmethod
    def _picture(form="PNG", size=(40, 30)):
        written = io.BytesIO()
        Image.new("RGB", size, "white").save(written, form)
        return base64.b64encode(written.getvalue()).decode()

    @classmethod
    def _schedule(cls, **values):
        return cls.env["scm.safety.schedule"].create(
            {
                "template_id": cls.template.id,
                "warehouse_id": cls.warehouse_a.id,
                "every": 1,
                "unit": "day",
                "date_start": "2026-11-23",
                **values,
            }
        )

    @classmethod
    def _answers(cls, way="ok", cold=5, rack="none", floor="ok", **more):
        """What a phone sends: all OK, but for what is named; ``rack_place`` and so on give more of an answer."""
        values = {cls.way: way, cls.cold: cold, cls.rack: rack, cls.floor: floor}
        names = {"way": cls.way, "cold": cls.cold, "rack": cls.rack, "floor": cls.floor}
        rows = {item: {"item_id": item.id, "value": value} for item, value in values.items()}
        for key, value in more.items():
            name, field = key.split("_")
            rows[names[name]][field] = value
        return list(rows.values())

    @classmethod
    def _report(cls, user=None, **values):
        incidents = cls._as(user or cls.packer, cls.env["scm.safety.incident"])
        answer = incidents.report_incident(
            {"type": "rack_damage", "description": "Bent", "warehouse_id": cls.warehouse_a.id, **values}
        )
        return cls.env["scm.safety.incident"].browse(answer["id"])
