from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .scm_parcel import STATUSES
from .scm_tracking_key import BLANKS, tracking_key_sql

#: days for which events of unknown parcels are kept
KEEP_DAYS = 90
#: events that the sweep hands to the intake at once
BATCH_EVENTS = 5000


class ScmTrackingOrphan(models.Model):
    """An event of a parcel that we do not know (yet). When the parcel appears it takes its events over."""

    _name = "scm.tracking.orphan"
    _description = "Event of an Unknown Parcel"
    _order = "create_date DESC, id DESC"
    _rec_name = "tracking_ref"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    tracking_ref = fields.Char("Tracking Number", required=True, readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True, ondelete="cascade")
    source = fields.Char(required=True, readonly=True)
    provider = fields.Char(readonly=True)
    time = fields.Datetime(required=True, readonly=True)
    raw_code = fields.Char("Carrier's Code", required=True, readonly=True, default="")
    text = fields.Char(required=True, readonly=True, default="")
    status = fields.Selection(STATUSES, readonly=True)
    sub_status = fields.Char(readonly=True)
    place = fields.Char(readonly=True)
    expected = fields.Date(readonly=True)

    # both expressions are those of tracking_key_sql
    _told_once = models.UniqueIndex(
        f"(company_id, upper(regexp_replace(tracking_ref, '{BLANKS}', '', 'g')), source, time, "
        "raw_code, md5(text))"
    )

    @api.model
    def _keep(self, company, rows):
        """Keep events for later; an event that is told twice is kept once. Returns how many are new."""
        if not rows:
            return 0
        now, uid = fields.Datetime.now(), self.env.uid
        kinds = {
            "tracking_ref": "text",
            "carrier_id": "int4",
            "source": "text",
            "provider": "text",
            "time": "timestamp",
            "raw_code": "text",
            "text": "text",
            "status": "text",
            "sub_status": "text",
            "place": "text",
            "expected": "date",
        }
        self.env.cr.execute(
            SQL(
                """INSERT INTO scm_tracking_orphan (%s, company_id, create_date, create_uid, write_date, write_uid)
                   SELECT new.*, %s, %s, %s, %s, %s FROM unnest(%s) AS new ON CONFLICT DO NOTHING""",
                SQL(", ").join(SQL.identifier(name) for name in kinds),
                *(company.id, now, uid, now, uid),
                SQL(", ").join(
                    SQL(
                        "%s::" + kind + "[]",
                        [row.get(name) or ("" if name in ("raw_code", "text") else None) for row in rows],
                    )
                    for name, kind in kinds.items()
                ),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _adopt(self, parcels):
        """Hand the events of these parcels to the intake, if any came before them. Returns how many."""
        if not parcels:
            return 0
        parcels.flush_model(["tracking_ref", "company_id"])
        return self._hand_over(SQL("parcel.id = ANY(%s)", parcels.ids))

    @api.model
    def _cron_sweep(self):
        """Adopt what appeared while its parcel was being made, and forget what is old."""
        adopted = self._hand_over(SQL("TRUE"))
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.env.cr.execute(SQL("DELETE FROM scm_tracking_orphan WHERE create_date < %s", limit))
        return adopted

    @api.model
    def _hand_over(self, where):
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT orphan.id, orphan.company_id, orphan.tracking_ref, orphan.carrier_id, orphan.source,
                          orphan.provider, orphan.time, orphan.raw_code, orphan.text, orphan.status,
                          orphan.sub_status, orphan.place, orphan.expected,
                          orphan.create_date AS received
                     FROM scm_tracking_orphan orphan
                    WHERE EXISTS (SELECT FROM scm_parcel parcel
                                   WHERE parcel.company_id = orphan.company_id
                                     AND %(parcel_key)s = %(orphan_key)s
                                     AND (orphan.carrier_id IS NULL OR parcel.carrier_id IS NULL
                                          OR parcel.carrier_id = orphan.carrier_id)
                                     AND %(where)s)
                    ORDER BY orphan.id LIMIT %(limit)s""",
                parcel_key=tracking_key_sql("parcel.tracking_ref"),
                orphan_key=tracking_key_sql("orphan.tracking_ref"),
                where=where,
                limit=BATCH_EVENTS,
            )
        )
        if not rows:
            return 0
        self.env.cr.execute(SQL("DELETE FROM scm_tracking_orphan WHERE id = ANY(%s)", [row["id"] for row in rows]))
        by_company = {}
        for row in rows:
            by_company.setdefault(row["company_id"], []).append(row)
        for company_id, theirs in by_company.items():
            self.env["scm.parcel.event"]._ingest(self.env["res.company"].browse(company_id), theirs)
        self.invalidate_model()
        return len(rows)
