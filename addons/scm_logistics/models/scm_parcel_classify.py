import bisect

from odoo import api, models
from odoo.tools import SQL

CHUNK = 50_000


class ScmParcel(models.Model):
    _inherit = "scm.parcel"

    def _classify(self):
        """Set zone and weight band of these parcels from their frozen address and weight, in bulk."""
        self.flush_recordset(["company_id", "country_id", "state_id", "zip", "weight", "zone_id", "band_id"])
        for start in range(0, len(self), CHUNK):
            self._classify_chunk(self.ids[start : start + CHUNK])
        self.invalidate_recordset(["zone_id", "band_id"])

    @api.model
    def _classify_chunk(self, ids):
        rows = self.env.execute_query(
            SQL(
                "SELECT id, company_id, country_id, state_id, zip, weight, zone_id, band_id FROM scm_parcel"
                " WHERE id = ANY(%s)",
                ids,
            )
        )
        zones = self.env["scm.zone"]._resolve([row[1:5] for row in rows])
        bands = self.env["scm.weight.band"]._bands_of([(row[1], row[5]) for row in rows])
        changed = [
            (row[0], zone or None, band or None)
            for row, zone, band in zip(rows, zones, bands, strict=True)
            if (zone or None, band or None) != (row[6], row[7])
        ]
        if changed:
            self.env.cr.execute(
                """UPDATE scm_parcel SET zone_id = new.zone, band_id = new.band
                     FROM unnest(%s::int[], %s::int[], %s::int[]) AS new(id, zone, band)
                    WHERE scm_parcel.id = new.id""",
                [list(column) for column in zip(*changed, strict=True)],
            )


class ScmWeightBand(models.Model):
    _inherit = "scm.weight.band"

    @api.model
    def _bands_of(self, rows):
        """Band of each (company_id, weight in kg): the company's own bands, else those for all; False for none."""
        # sudo: bands are borders of weights, they hold nothing of anybody
        by_company = {}
        for band in self.sudo().search([("weight_from", ">=", 0)], order="weight_from, id"):
            by_company.setdefault(band.company_id.id, []).append((band.weight_from, band.id))
        found = []
        for company, weight in rows:
            bands = by_company.get(company) or by_company.get(False) or []
            place = bisect.bisect_right(bands, (weight or 0.0, float("inf")))
            found.append(bands[place - 1][1] if place else False)
        return found
