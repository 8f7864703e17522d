from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel import nearby

_YEAR_DAYS = 365


class ScmShipFrom(models.Model):
    """The yearly view: which region would gain from stock nearby."""

    _inherit = "scm.ship.from"

    @api.model
    @api.readonly
    def get_regions(self, days=_YEAR_DAYS):
        """Zones with the gain per year that stock nearby would bring, best first; public, also over RPC.

        Parcels that stayed within the zone of their own warehouse say what nearby costs and takes; without such
        parcels there is nothing to compare with, and ``local`` is False.
        :param days: how far to look back, 30 to 1,100
        :return: ``{"regions": [...], "local": {...} or False, "cost_late", "parcels", "days", "currency_id"}``
        """
        if not self.env.user.has_groups("scm_base.scm_group_user,stock.group_stock_user"):
            raise AccessError(self.env._("Regions are for supply chain users. Ask your administrator for the role."))
        days, company = min(max(int(days), 30), 1100), self.env.company
        rows = self._region_rows(company, days)
        homes = self._warehouse_zones(company)
        is_local = [bool(row["zone"]) and homes.get(row["warehouse"]) == row["zone"] for row in rows]
        local = [row for row, near in zip(rows, is_local, strict=True) if near]
        far = [row for row, near in zip(rows, is_local, strict=True) if row["zone"] and not near]
        cost_late = self.env["scm.carrier.case"]._lateness_cost(company, self.env["scm.customer.class"])["cost_late"]
        first = min((row["first"] for row in rows), default=local_today(company))
        measured = min(days, (local_today(company) - first).days + 1)
        regions = nearby.gains(far, {row["warehouse"]: row for row in local}, cost_late, measured)
        names = {one.id: one.display_name for one in self.env["scm.zone"].browse([row["zone"] for row in regions])}
        near = {name: round(nearby.weighted(local, name), 4) for name in ("cost", "late", "transit")}
        return {
            "regions": [row | {"name": names[row["zone"]]} for row in regions],
            "local": near | {"parcels": sum(row["parcels"] for row in local)} if local else False,
            "cost_late": cost_late,
            "parcels": sum(row["parcels"] for row in rows),
            "days": measured,
            "currency_id": company.currency_id.id,
        }

    @api.model
    def _region_rows(self, company, days):
        """Delivered parcels by zone and warehouse: count, mean freight, share late, mean days on the way."""
        self.env.flush_all()
        since = fields.Date.subtract(local_today(company), days=days)
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT COALESCE(zone_id, 0) AS zone, COALESCE(warehouse_id, 0) AS warehouse, count(*) AS parcels,
                       min(date_delivered)::date AS first,
                       COALESCE(avg(COALESCE(NULLIF(cost_invoiced, 0), cost_expected)), 0)::float8 AS cost,
                       avg(CASE WHEN is_late THEN 1 ELSE 0 END)::float8 AS late,
                       COALESCE(avg(EXTRACT(EPOCH FROM date_delivered - date_handed)) / 86400, 0)::float8 AS transit
                  FROM scm_parcel
                 WHERE company_id = %s AND direction = 'out' AND date_delivered >= %s GROUP BY 1, 2
                """,
                company.id,
                since,
            )
        )

    @api.model
    def _warehouse_zones(self, company):
        """{warehouse: zone in which it stands}"""
        # sudo: addresses of the own warehouses, read to compute figures for who may see them (checked by the caller)
        warehouses = self.env["stock.warehouse"].sudo().search([("company_id", "=", company.id)])
        address = self.env["scm.carrier.case"]._address
        rows = {
            one.id: (company.id, *(address(one.partner_id)[name] for name in ("country_id", "state_id", "zip")))
            for one in warehouses
        }
        zones = self.env["scm.zone"]._resolve(list(rows.values()))
        return dict(zip(rows, zones, strict=True))
