import base64
import io
from datetime import datetime

import openpyxl
from odoo.exceptions import AccessError

from .parcel_common import ParcelCase


class TestTrackingImport(ParcelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stocker = cls._create_user("stocker", "stock.group_stock_user", "scm_base.scm_group_user")
        cls.parcels = [cls._create_parcel(ref) for ref in ("F1", "F2")]

    def _import(self, name, content, user=None):
        jobs = self._as(user or self.stocker, self.env["scm.import"])
        job = jobs.create(
            {"importer": "tracking_events", "filename": name, "file": base64.b64encode(content)}
        )
        job.action_preview()
        job.action_check()
        return job

    def _csv(self, *rows):
        heads = "Tracking number,Time,Status,Text,Place"
        return "\n".join([heads, *rows]).encode()

    def test_csv_in_the_companys_zone(self):
        rows = [
            "F1,2026-11-22 08:00,in_transit,Hub,Ghent",
            "f 2,2026-11-22T08:00:00Z,Delivered,,",
            "F1,2026-11-22,X9,Day,",
        ]
        job = self._import("events.csv", self._csv(*rows))
        self.assertEqual((job.error_count, job.valid_count), (0, 3))
        job.action_confirm()
        self.env.invalidate_all()
        self.assertRecordValues(
            self.parcels[0].event_ids.sorted("time"),
            [
                {"time": datetime(2026, 11, 22, 7), "status": "in_transit", "place": "Ghent", "source": "file"},
                {"time": datetime(2026, 11, 22, 11), "status": False, "place": False, "source": "file"},
            ],
        )
        self.assertEqual(self.parcels[1].status, "delivered")
        self.assertEqual(self.parcels[0].event_ids.user_id, self.stocker)
        again = self._import("events.csv", self._csv(*rows))
        again.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(len(self.parcels[0].event_ids), 2, "twice imported is once told")

    def test_excel_with_real_times(self):
        book = openpyxl.Workbook()
        book.active.append(["Waybill", "Scan time", "Event", "Remark"])
        book.active.append(["F1", datetime(2026, 11, 22, 8, 30), "out_for_delivery", "Van 7"])
        content = io.BytesIO()
        book.save(content)
        job = self._import("events.xlsx", content.getvalue())
        self.assertEqual((job.error_count, job.valid_count), (0, 1))
        job.action_confirm()
        self.assertEqual(self.parcels[0].event_ids.time, datetime(2026, 11, 22, 7, 30))

    def test_all_faults_are_listed_and_nothing_is_written(self):
        rows = ["F1,yesterday,delivered,,", "F1,2026-11-22 08:00,,,", "NEW,2026-11-22 08:00,delivered,<b>x</b>,"]
        job = self._import("events.csv", self._csv(*rows))
        self.assertEqual((job.error_count, job.warning_count), (2, 1))
        self.assertEqual(job.finding_ids.filtered(lambda found: found.level == "warning").row, 4)

    def test_as_many_queries_for_many_as_for_few(self):
        importer = self.env["scm.importer.tracking_events"]
        counts = []
        for size in (1, 2, 200):
            one = {"time": "2026-11-22T08:00:00", "raw_code": "delivered", "status": "delivered", "place": ""}
            rows = [one | {"tracking_ref": f"Q{n}", "text": str(n), "carrier_id": False} for n in range(size)]
            counts.append(self._query_count(importer._write_rows, rows))
        self.assertEqual(counts[1], counts[2])

    def test_rights(self):
        importer = self.env["scm.importer.tracking_events"]
        self._as(self.stocker, importer)._check_access()
        with self.assertRaises(AccessError):
            self._as(self.planner, importer)._check_access()
