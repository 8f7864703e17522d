from odoo import models
from odoo.exceptions import AccessError

from odoo.addons.scm_base.tools.zones import utc_moment, zone_name

from ..kernel.tracking_payload import MAX_CODE, MAX_PLACE, MAX_REF, clean, read_time, same_number
from .scm_parcel import STATUSES


class ScmImporterTrackingEvents(models.AbstractModel):
    """What a carrier without an interface sends as a list: where its parcels were, and when."""

    _name = "scm.importer.tracking_events"
    _inherit = "scm.importer"
    _description = "Importer of Parcel Events"

    def _label(self):
        return self.env._("Events of parcels")

    def _import_fields(self):
        return [
            {
                "name": "tracking_ref",
                "label": self.env._("Tracking number"),
                "required": True,
                "aliases": ["tracking no", "tracking", "waybill", "awb", "運單號", "追蹤號碼", "运单号", "快递单号"],
                "example": "1Z999AA10123456784",
            },
            {
                "name": "time",
                "label": self.env._("Time"),
                "kind": "moment",
                "required": True,
                "aliases": ["date", "event time", "scan time", "timestamp", "時間", "时间", "日期"],
                "help": self.env._("Day and time. Without a zone it is the company's; a day alone is its noon."),
                "example": "2026-03-15 14:30",
            },
            {
                "name": "code",
                "label": self.env._("Status or code"),
                "aliases": ["status", "code", "event", "event code", "狀態", "状态"],
                "help": self.env._("One of our statuses (delivered, in_transit...), or the carrier's own code."),
                "example": "delivered",
            },
            {
                "name": "text",
                "label": self.env._("Text"),
                "aliases": ["description", "message", "remark", "說明", "描述", "轨迹"],
                "example": "Left with neighbour",
            },
            {
                "name": "place",
                "label": self.env._("Place"),
                "aliases": ["location", "city", "depot", "地點", "地点"],
                "example": "Ghent",
            },
            {
                "name": "carrier",
                "label": self.env._("Carrier"),
                "aliases": ["carrier name", "delivery method", "courier", "物流商", "快递公司"],
                "help": self.env._("Name of the delivery method. Needed only where two carriers use the same numbers."),
                "example": "",
            },
            {
                "name": "expected",
                "label": self.env._("Expected day"),
                "kind": "date",
                "aliases": ["eta", "expected delivery", "delivery date", "預計到達", "预计到达"],
                "example": "",
            },
        ]

    def _check_access(self):
        user = self.env.user
        if not (user.has_group("stock.group_stock_user") or user.has_group("scm_base.scm_group_manager")):
            raise AccessError(
                self.env._("Only people of the warehouse and supply chain managers can import events of parcels.")
            )

    def _check_rows(self, batch, report):
        statuses = self._statuses()
        carriers = self._carriers({row.values.get("carrier") for row in batch})
        parcels = self._known_numbers(batch)
        to_utc = self._to_utc()
        checked = []
        for row in batch:
            values = self._check_row(row, carriers, to_utc, report)
            if values:
                if same_number(values["tracking_ref"]) not in parcels:
                    report.warning(
                        row, "tracking_ref", self.env._("No parcel has this number yet. The event waits for it.")
                    )
                status = statuses.get(values["raw_code"].casefold())
                checked.append((row.number, values | ({"status": status} if status else {})))
        return checked

    def _statuses(self):
        """{our status, by its key and by its label in the user's language and in English: key}"""
        field = self.env["scm.parcel"]._fields["status"]
        own = {label.casefold(): key for key, label in field._description_selection(self.env)}
        english = {label.casefold(): key for key, label in STATUSES}
        return english | own | {key: key for key, _label in STATUSES}

    def _carriers(self, names):
        """{name: ids of the delivery methods that the company may use}"""
        names = [name for name in names if name]
        domain = [("name", "in", names), ("company_id", "in", (False, self.env.company.id))]
        return dict(self.env["delivery.carrier"]._read_group(domain, ["name"], ["id:array_agg"])) if names else {}

    def _known_numbers(self, batch):
        numbers = {clean(row.values["tracking_ref"], MAX_REF) for row in batch}
        found = self.env["scm.parcel"]._find_by_tracking(
            self.env.company, {(number, None, None) for number in numbers}
        )
        return {same_number(number) for number, _carrier, _time in found}

    def _to_utc(self):
        zone = zone_name(self.env.company)
        return lambda local: utc_moment(local, zone)

    def _check_row(self, row, carriers, to_utc, report):
        values = row.values
        time = read_time(values["time"], to_utc)
        code, text = clean(values.get("code"), MAX_CODE), clean(values.get("text"))
        found = carriers.get(values.get("carrier"), [])
        if time is None:
            report.error(row, "time", self.env._("This is no time. Write it like 2026-03-15 14:30."))
        if not code and not text:
            report.error(row, "code", self.env._("Neither a status nor a text: the row says nothing."))
        if values.get("carrier") and len(found) != 1:
            report.error(
                row,
                "carrier",
                self.env._("Several delivery methods have this name.")
                if found
                else self.env._("There is no delivery method of this name."),
            )
        if row.number in report.bad_rows:
            return None
        expected = values.get("expected")
        return {
            "tracking_ref": clean(values["tracking_ref"], MAX_REF),
            "time": time.isoformat(),
            "raw_code": code,
            "text": text,
            "place": clean(values.get("place"), MAX_PLACE),
            "carrier_id": found[0] if found else False,
            "expected": expected.isoformat() if expected else False,
        }

    def _write_rows(self, rows):
        # sudo: _check_access has let the user import events; nobody writes events by himself
        events = self.env["scm.parcel.event"].sudo()
        user = {"source": "file", "provider": "file", "user_id": self.env.uid}
        events._ingest(self.env.company, [row | user for row in rows])

    def _done_action(self, job):
        return self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_parcel_action")
