from collections import defaultdict
from datetime import datetime, time, timedelta

import numpy as np
import pytz
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, utc_moment, zone_name

#: movements are counted over so many days, errors over so many
MOVE_DAYS = 90
ERROR_DAYS = 365
#: counts that nobody asked for because he doubted the book: only these say how good the books are
PLANNED = ("plan", "manual")
#: quantile of the interval of an accuracy: 95 %
Z = 1.96

#: a counted record was right: the first count agrees with the book, or the count that was made again does
ACCURATE = SQL("(line.in_tolerance IS TRUE OR (line.is_recounted IS TRUE AND COALESCE(line.difference, 0) = 0))")


class ScmCountPlanRead(models.AbstractModel):
    """What the plan of a warehouse has to know, each by one query."""

    _name = "scm.count.plan.read"
    _description = "Reading for the Count Plan"

    @api.model
    def _read_stock(self, warehouse):
        """Rows (place, product, quantity, value at cost, class) of what lies in the places of a warehouse."""
        letter = SQL.identifier("class", warehouse.scm_count_class_by)
        return self.env.execute_query(
            SQL(
                """SELECT stock.location_id, stock.product_id, stock.quantity,
                          stock.quantity * COALESCE((product.standard_price ->> %(company)s)::float8, 0),
                          COALESCE(%(letter)s, '')
                     FROM (SELECT quant.location_id, quant.product_id, SUM(quant.quantity)::float8 AS quantity,
                                  MIN(quant.quantity) AS least
                             FROM stock_quant quant
                             JOIN stock_location place ON place.id = quant.location_id
                            WHERE place.warehouse_id = %(warehouse)s AND place.usage = 'internal' AND place.active
                              AND place.scm_is_locked IS NOT TRUE
                            GROUP BY 1, 2
                           HAVING SUM(quant.quantity) != 0 OR MIN(quant.quantity) < 0) stock
                     JOIN product_product product ON product.id = stock.product_id
                     LEFT JOIN scm_product_class class
                       ON class.product_id = stock.product_id AND class.warehouse_id = %(warehouse)s
                    ORDER BY 1, 2""",
                company=str(warehouse.company_id.id),
                letter=letter,
                warehouse=warehouse.id,
            )
        )

    @api.model
    def _read_moves(self, warehouse, today):
        """Rows (place, product, movements a day) of the last 90 days; corrections of stock are none."""
        since = utc_moment(
            datetime.combine(today - timedelta(days=MOVE_DAYS), time()), zone_name(warehouse.company_id, warehouse)
        )
        side = "SELECT %s AS place_id, %s AS other_id, product_id FROM stock_move_line line WHERE %s"
        done = SQL("line.state = 'done' AND line.company_id = %s AND line.date >= %s", warehouse.company_id.id, since)
        return self.env.execute_query(
            SQL(
                """SELECT moved.place_id, moved.product_id, COUNT(*)::float8 / %(days)s
                     FROM (%(out)s UNION ALL %(into)s) moved
                     JOIN stock_location place ON place.id = moved.place_id AND place.warehouse_id = %(warehouse)s
                     JOIN stock_location other ON other.id = moved.other_id AND other.usage != 'inventory'
                    WHERE place.usage = 'internal' AND moved.place_id != moved.other_id
                    GROUP BY 1, 2""",
                days=MOVE_DAYS,
                out=SQL(side, SQL("line.location_id"), SQL("line.location_dest_id"), done),
                into=SQL(side, SQL("line.location_dest_id"), SQL("line.location_id"), done),
                warehouse=warehouse.id,
            )
        )

    @api.model
    def _read_places(self, warehouse, today):
        """Rows (place, zone, day of the last count, day due as stored, records counted, records wrong)."""
        return self.env.execute_query(
            SQL(
                """SELECT place.id, COALESCE(place.scm_zone_id, 0), COALESCE(counted.day, place.last_inventory_date),
                          place.scm_count_due, COALESCE(errors.checked, 0), COALESCE(errors.wrong, 0)
                     FROM stock_location place
                     LEFT JOIN (SELECT location_id, MAX(%(day)s) AS day FROM scm_count_task task
                                 WHERE warehouse_id = %(warehouse)s AND state = 'done' AND product_id IS NULL
                                 GROUP BY 1) counted ON counted.location_id = place.id
                     LEFT JOIN (SELECT line.location_id, COUNT(*) AS checked,
                                      COUNT(*) FILTER (WHERE NOT %(right)s) AS wrong
                                  FROM scm_count_line line
                                 WHERE line.warehouse_id = %(warehouse)s AND line.state = 'done'
                                   AND line.counted_at >= %(since)s
                                 GROUP BY 1) errors ON errors.location_id = place.id
                    WHERE place.warehouse_id = %(warehouse)s AND place.usage = 'internal' AND place.active
                    ORDER BY place.id""",
                day=local_day_sql(
                    SQL("COALESCE(task.counted_at, task.done_at)"),
                    SQL("%s", zone_name(warehouse.company_id, warehouse)),
                ),
                right=ACCURATE,
                warehouse=warehouse.id,
                since=today - timedelta(days=ERROR_DAYS),
            )
        )

    @api.model
    def _read_tasks(self, warehouse, today):
        """Rows (id, place, product, date, origin, state) of counts that are open, or were done today."""
        zone = zone_name(warehouse.company_id, warehouse)
        return self.env.execute_query(
            SQL(
                """SELECT id, location_id, product_id, date, origin, state FROM scm_count_task
                    WHERE warehouse_id = %s
                      AND (state IN ('todo', 'counting', 'recount', 'approval')
                           OR (state = 'done' AND COALESCE(counted_at, done_at) >= %s))
                    ORDER BY id""",
                warehouse.id,
                utc_moment(datetime.combine(today, time()), zone),
            )
        )

    @api.model
    def _working_days(self, warehouse, today):
        """The next working days of a warehouse, today included; without a calendar, Monday to Friday."""
        count, calendar = warehouse.scm_count_days, warehouse.scm_count_calendar_id
        calendar = calendar or warehouse.company_id.resource_calendar_id
        # a third of the days may be weekends, and a feast may close for three weeks
        span = [today + timedelta(days=number) for number in range(count * 2 + 30)]
        if not calendar:
            return [day for day in span if day.weekday() < 5][:count]
        zone = pytz.timezone(zone_name(warehouse.company_id, warehouse))
        begin, end = (zone.localize(datetime.combine(day, time())) for day in (span[0], span[-1]))
        # the calendar's hours are those on the wall of the warehouse
        intervals = calendar._work_intervals_batch(begin, end, tz=zone)[False]
        return sorted({start.astimezone(zone).date() for start, _stop, _meta in intervals})[:count]

    @api.model
    def _by_place(self, warehouse, today):
        """Stock with its movements per row, as arrays, and the places that hold stock; four queries."""
        moves = {(place, product): rate for place, product, rate in self._read_moves(warehouse, today)}
        stock = self._read_stock(warehouse)
        rows = {row[0]: row for row in self._read_places(warehouse, today)}
        places = sorted({row[0] for row in stock} & rows.keys())
        position = {place: number for number, place in enumerate(places)}
        stock = [row for row in stock if row[0] in position]
        pace = defaultdict(float)
        for (place, _product), rate in moves.items():
            pace[place] += rate
        return {
            "places": places,
            "rows": [rows[place] for place in places],
            "pace": np.array([pace[place] for place in places], dtype=float),
            "at": np.array([position[row[0]] for row in stock], dtype=int),
            "quantity": np.array([row[2] for row in stock], dtype=float),
            "value": np.array([row[3] for row in stock], dtype=float),
            "letter": np.array([row[4] or "Z" for row in stock], dtype="U1"),
            "moves": np.array([moves.get(row[:2], 0.0) for row in stock], dtype=float),
        }
