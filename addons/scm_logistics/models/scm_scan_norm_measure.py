from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: deliveries of so many days are measured
WINDOW_DAYS = 180


class ScmScanNorm(models.Model):
    """What is usual is measured from delivered parcels, in one query for all lanes of a company."""

    _inherit = "scm.scan.norm"

    @api.model
    def _measure(self, company):
        """Replace the norms of a company by what its parcels of half a year say; number of norms.

        Of each delivered parcel the longest silence between two scans is taken, delivery included; the norm is the
        company's quantile of these. The same of the hours from hand-over to first scan.
        """
        self.env["scm.parcel.event"].flush_model()
        self.env["scm.parcel"].flush_model()
        now = fields.Datetime.now()
        self.env.cr.execute(SQL("DELETE FROM scm_scan_norm WHERE company_id = %s", company.id))
        rows = self.env.execute_query(
            SQL(
                """
                WITH scan AS (
                    SELECT event.parcel_id,
                           event.time - lag(event.time) OVER (PARTITION BY event.parcel_id ORDER BY event.time) AS gap
                      FROM scm_parcel_event event
                      JOIN scm_parcel parcel ON parcel.id = event.parcel_id
                     WHERE parcel.company_id = %(company)s AND parcel.status = 'delivered'
                       AND parcel.direction = 'out' AND parcel.date_delivered >= %(since)s
                       AND event.time BETWEEN parcel.date_first_scan AND parcel.date_delivered
                ), longest AS (
                    SELECT parcel_id, EXTRACT(EPOCH FROM max(gap)) / 3600 AS hours FROM scan GROUP BY parcel_id
                ), measured AS (
                    SELECT parcel.carrier_id, parcel.zone_id, longest.hours,
                           EXTRACT(EPOCH FROM parcel.date_first_scan - parcel.date_handed) / 3600 AS label_hours
                      FROM longest JOIN scm_parcel parcel ON parcel.id = longest.parcel_id
                )
                INSERT INTO scm_scan_norm (company_id, carrier_id, zone_id, sample, silence_hours,
                                           silence_median_hours, label_hours, date_measured,
                                           create_uid, create_date, write_uid, write_date)
                SELECT %(company)s, carrier_id, zone_id, count(*),
                       percentile_cont(%(share)s) WITHIN GROUP (ORDER BY hours),
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY hours),
                       percentile_cont(%(share)s) WITHIN GROUP (ORDER BY GREATEST(label_hours, 0)),
                       %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM measured
              GROUP BY GROUPING SETS ((carrier_id, zone_id), (carrier_id), ())
                HAVING (GROUPING(carrier_id) = 1 OR carrier_id IS NOT NULL)
                   AND (GROUPING(zone_id) = 1 OR zone_id IS NOT NULL) AND count(*) > 0
             RETURNING id
                """,
                company=company.id,
                since=now - timedelta(days=WINDOW_DAYS),
                share=company.scm_silence_quantile,
                now=now,
                uid=self.env.uid,
            )
        )
        self.invalidate_model()
        return len(rows)

    @api.model
    def _norms(self, company):
        """``{(carrier id or None, zone id or None): (silence hours, label hours, sample)}``"""
        rows = self.env.execute_query(
            SQL(
                "SELECT carrier_id, zone_id, silence_hours, label_hours, sample FROM scm_scan_norm"
                " WHERE company_id = %s",
                company.id,
            )
        )
        return {(carrier, zone): (silence, label, sample) for carrier, zone, silence, label, sample in rows}
