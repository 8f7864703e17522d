from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import utc_moment

#: facts of a running event are read again when they are older than this, and always by the cron
STALE = timedelta(minutes=5)
#: an event is read on for so long, for orders that are changed or entered late
SETTLE_DAYS = 14


class ScmEventWatch(models.Model):
    """Reads the sales of an event by the hour: all at first, then the hours of which a document changed.

    What no document tells (an order moved to another hour and back between two readings, a new time zone) is put
    right by the nightly reading, which takes all hours anew.
    """

    _inherit = "scm.event.watch"

    @api.model
    def _ensure(self, company, occurrence, anew=False):
        """The watch of an occurrence, made where there is none; moved dates begin anew.

        :param anew: look at the time zones of the warehouses too, which takes a while
        """
        watch = self.search([("company_id", "=", company.id), ("occurrence_id", "=", occurrence.id)])
        if watch and not anew and occurrence.write_date < watch.write_date:
            return watch
        first, last = self._window(company, occurrence)
        if not watch:
            # two readers may open the page in the same moment
            self.env.cr.execute(
                SQL(
                    """INSERT INTO scm_event_watch (company_id, occurrence_id, event_id, date_start, date_end,
                                                    create_uid, create_date, write_uid, write_date)
                       VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
                    company.id,
                    occurrence.id,
                    occurrence.event_id.id,
                    first,
                    last,
                    *(self.env.uid, fields.Datetime.now()) * 2,
                )
            )
            return self.search([("company_id", "=", company.id), ("occurrence_id", "=", occurrence.id)])
        if (watch.date_start, watch.date_end) != (first, last):
            watch.write({"date_start": first, "date_end": last, "watermark": False, "basis": False})
        elif occurrence.write_date >= watch.write_date:
            watch.write({"date_end": last})  # looked at since the occurrence was written
        return watch

    @api.model
    def _window(self, company, occurrence):
        """UTC moments at which the first warehouse begins the event and the last one ends it."""
        zones = set(self.env["stock.warehouse"]._scm_zones(company).values()) or {"UTC"}
        days = occurrence.date_start, occurrence.date_end + timedelta(days=1)
        first, last = (
            {utc_moment(datetime.combine(day, time()), zone).replace(tzinfo=None) for zone in zones} for day in days
        )
        return min(first), max(last)

    def _is_stale(self, now):
        """Whether facts may be missing: never read, or the event runs and it was a while ago."""
        self.ensure_one()
        if not self.watermark:
            return True
        return now < self.date_end + timedelta(days=1) and now - self.date_read > STALE

    def _read(self, full=False):
        """Bring the hours up to date; hours whose orders changed are taken anew as a whole."""
        self.ensure_one()
        self.env.flush_all()
        full = full or not self.watermark
        watermark = self.env["scm.demand.state"]._next_watermark()
        ((last_line_id,),) = self.env.execute_query(SQL("SELECT COALESCE(max(id), 0) FROM sale_order_line"))
        hours = None if full else self._changed_hours()
        if hours is None or hours:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM scm_event_hour WHERE watch_id = %s AND (%s OR date_hour = ANY(%s::timestamp[]))",
                    self.id,
                    hours is None,
                    hours or [],
                )
            )
            self._collect(self.date_start, self.date_end, hours)
            self._insert_hours()
            self.env["scm.event.hour"].invalidate_model()
        self.write({"watermark": watermark, "last_line_id": last_line_id, "date_read": fields.Datetime.now()})

    @api.model
    def _slot(self, moment, start):
        """SQL: beginning of the hour, counted from the event's beginning, in which a moment lies."""
        return SQL(
            "%(start)s::timestamp + floor(extract(epoch FROM %(moment)s - %(start)s::timestamp) / 3600)"
            " * interval '1 hour'",
            start=start,
            moment=moment,
        )

    def _changed_hours(self):
        """Hours of the event with an order that was written, or got a new line, since the last reading."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT %(slot)s
                  FROM (SELECT id FROM sale_order WHERE write_date >= %(since)s
                         UNION
                        SELECT order_id FROM sale_order_line WHERE write_date >= %(since)s
                         UNION
                        SELECT order_id FROM sale_order_line WHERE id > %(last_id)s) touched
                  JOIN sale_order so ON so.id = touched.id
                 WHERE so.company_id = %(company)s
                   AND so.date_order >= %(start)s AND so.date_order < %(end)s
                """,
                slot=self._slot(SQL("so.date_order"), self.date_start),
                since=self.watermark,
                last_id=self.last_line_id,
                company=self.company_id.id,
                start=self.date_start,
                end=self.date_end,
            )
        )
        return [hour for (hour,) in rows]

    # The lines of orders, as demand counts them

    def _collect(self, start, end, hours=None):
        """Put the sales of goods of the event between two moments into the table ``scm_event_sale``.

        One row per product of an order line (kits as components) as ``scm.demand.line`` counts it, with the local
        ``moment`` of its warehouse. ``order_count`` is 1 in one row of each order.

        :param hours: only these hours
        """
        company, cr = self.company_id, self.env.cr
        self.env["scm.demand.line"]._make_work_tables(company)
        cr.execute(
            SQL(
                """
                INSERT INTO scm_touched (kind, source_id)
                SELECT 'sale', sol.id FROM sale_order so JOIN sale_order_line sol ON sol.order_id = so.id
                 WHERE so.company_id = %(company)s AND so.state = 'sale'
                   AND so.date_order >= %(start)s AND so.date_order < %(end)s
                   AND (%(whole)s OR %(slot)s = ANY(%(hours)s::timestamp[]))
                """,
                company=company.id,
                start=start,
                end=end,
                whole=hours is None,
                slot=self._slot(SQL("so.date_order"), self.date_start),
                hours=hours or [],
            )
        )
        cr.execute("DROP TABLE IF EXISTS pg_temp.scm_event_sale; ANALYZE scm_touched, scm_kit, scm_zone")
        cr.execute(
            SQL(
                "CREATE TEMP TABLE scm_event_sale ON COMMIT DROP AS %s; ANALYZE scm_event_sale",
                self._sales_query(company),
            )
        )

    def _sales_query(self, company):
        return SQL(
            """
            SELECT sol.order_id, line.warehouse_id, COALESCE(kit.component_id, line.product_id) AS product_id,
                   COALESCE(ship.state_id, -ship.country_id, 0) AS region_id, so.date_order AS at, line.moment,
                   (line.quantity * COALESCE(kit.factor, 1))::float8 AS quantity,
                   (line.revenue * COALESCE(kit.share, 1))::float8 AS revenue,
                   (row_number() OVER (PARTITION BY sol.order_id ORDER BY sol.id, kit.component_id) = 1)::int
                       AS order_count
              FROM (%(sales)s) line
              JOIN sale_order_line sol ON sol.id = line.id
              JOIN sale_order so ON so.id = sol.order_id
              JOIN res_partner ship ON ship.id = so.partner_shipping_id
         LEFT JOIN scm_kit kit ON kit.company_id = line.company_id AND kit.product_id = line.product_id
             WHERE line.problem IS NULL
               AND %(scope)s
            """,
            sales=self.env["scm.demand.line"]._sale_query(company, False),
            scope=self._scope(SQL("COALESCE(kit.component_id, line.product_id)"), SQL("line.warehouse_id")),
        )

    def _scope(self, product, warehouse):
        """SQL: whether a product in a warehouse takes part in the event."""
        event = self.occurrence_id.event_id
        parts = [SQL("TRUE")]
        if event.warehouse_ids:
            parts.append(SQL("%s = ANY(%s)", warehouse, event.warehouse_ids.ids))
        if event.product_ids or event.category_ids:
            inside = self.env["product.category"].search(Domain("id", "child_of", event.category_ids.ids))
            parts.append(
                SQL(
                    """(%(product)s = ANY(%(products)s) OR %(product)s IN (
                        SELECT p.id FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id
                         WHERE t.categ_id = ANY(%(categories)s)))""",
                    product=product,
                    products=event.product_ids.ids,
                    categories=inside.ids,
                )
            )
        return SQL(" AND ").join(parts)

    def _insert_hours(self):
        """Add the collected sales up by hour; only those on a local day of the event."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO scm_event_hour (company_id, watch_id, warehouse_id, product_id, region_id, date_hour,
                                            quantity, revenue, order_count)
                SELECT %(company)s, %(watch)s, warehouse_id, product_id, region_id, %(slot)s,
                       sum(quantity), sum(revenue), sum(order_count)
                  FROM scm_event_sale
                 WHERE moment::date BETWEEN %(first)s AND %(last)s
              GROUP BY warehouse_id, product_id, region_id, 6
              ORDER BY 6
                """,
                company=self.company_id.id,
                watch=self.id,
                slot=self._slot(SQL("at"), self.date_start),
                first=self.occurrence_id.date_start,
                last=self.occurrence_id.date_end,
            )
        )
