from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, local_today, zone_sql

from ..kernel import carrier_choice


class ScmCarrierChoice(models.Model):
    """Guard rails: what carriers may still get per day and per month, next to what they have."""

    _inherit = "scm.carrier.choice"

    @api.model
    def _limits(self, company, cases, pairs):
        """[(name, indices of pairs, at most)] for the kernel.

        :param pairs: [(index of the case, carrier id)]
        """
        days = {case["date_ship"] for case in cases}
        # sudo: limits are the company's measures, whoever asks for a proposal
        carriers = self.env["delivery.carrier"].sudo().browse({carrier_id for _case, carrier_id in pairs})
        if not days or not any(one.scm_capacity_day or one.scm_share_max or one.scm_peak_ids for one in carriers):
            return []
        taken = self._taken(company, min(days), [case["key"] for case in cases if self._is_delivery(case)])
        by_day, by_month = defaultdict(list), defaultdict(list)
        for index, (number, carrier_id) in enumerate(pairs):
            by_day[carrier_id, cases[number]["date_ship"]].append(index)
            by_month[carrier_id, cases[number]["date_ship"].replace(day=1)].append(index)
        return [
            *self._day_limits(company, carriers, by_day, taken),
            *self._month_limits(carriers, by_month, taken, cases),
        ]

    @api.model
    def _is_delivery(self, case):
        return case["source"]._name == "stock.picking"

    @api.model
    def _day_limits(self, company, carriers, by_day, taken):
        for (carrier_id, day), pairs in by_day.items():
            carrier = carriers.browse(carrier_id)
            peak = carrier.scm_peak_ids.filtered(
                lambda one, day=day: one.company_id == company and one.date_from <= day <= one.date_to
            )[:1]
            most = peak.capacity_day if peak else carrier.scm_capacity_day
            if peak or most:
                yield (f"day:{carrier_id}", pairs, most - taken.get((carrier_id, day), 0))

    @api.model
    def _month_limits(self, carriers, by_month, taken, cases):
        open_cases, had, total = defaultdict(int), defaultdict(int), defaultdict(int)
        for case in cases:
            open_cases[case["date_ship"].replace(day=1)] += 1
        for (carrier_id, day), count in taken.items():
            had[carrier_id, day.replace(day=1)] += count
            total[day.replace(day=1)] += count
        for (carrier_id, month), pairs in by_month.items():
            share = carriers.browse(carrier_id).scm_share_max
            if share:
                all_parcels = total[month] + open_cases[month]
                yield (
                    f"month:{carrier_id}",
                    pairs,
                    carrier_choice.share_limit(share, all_parcels, had[carrier_id, month]),
                )

    @api.model
    def _taken(self, company, first, own_ids):
        """{(carrier or False, local day): parcels handed over, or open deliveries that are not of this proposal}

        From the first day of the first month on: shares are shares of months.
        """
        self.env.flush_all()
        first = first.replace(day=1)
        zone = zone_sql("company_partner", "warehouse_partner")
        joins = SQL(
            """JOIN res_company c ON c.id = %s JOIN res_partner company_partner ON company_partner.id = c.partner_id
               LEFT JOIN stock_warehouse w ON w.id = one.warehouse_id
               LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = w.partner_id""",
            company.id,
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT one.carrier_id, %(handed)s AS day, count(*) FROM scm_parcel one %(joins)s
                 WHERE one.company_id = %(company)s AND one.direction = 'out'
                   AND one.date_handed >= %(first)s::date - 1 GROUP BY 1, 2
                UNION ALL
                SELECT one.carrier_id, GREATEST(%(planned)s, %(today)s) AS day, count(*)
                  FROM (SELECT p.*, t.warehouse_id FROM stock_picking p
                          JOIN stock_picking_type t ON t.id = p.picking_type_id
                         WHERE p.company_id = %(company)s AND t.code = 'outgoing'
                           AND p.state IN ('waiting', 'confirmed', 'assigned') AND NOT p.id = ANY(%(own)s)) one
                  %(joins)s GROUP BY 1, 2
                """,
                handed=local_day_sql(SQL("one.date_handed"), zone),
                planned=local_day_sql(SQL("one.scheduled_date"), zone),
                today=local_today(company),
                joins=joins,
                company=company.id,
                first=first,
                own=own_ids,
            )
        )
        taken = defaultdict(int)
        for carrier_id, day, count in rows:
            if day >= first:
                taken[carrier_id or False, day] += count
        return taken
