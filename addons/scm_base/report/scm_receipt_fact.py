from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.date_utils import parse_date

from ..tools.zones import local_day_sql, zone_sql

#: quantities closer than this are equal, as in kernel/on_time.py
QUANTITY_EPS = 1e-6


class ScmReceiptFact(models.Model):
    """What was promised and what came, one row per confirmed purchase line of goods; as kernel/on_time.py defines it.

    The day T on which it is judged is today in the company's time zone. The context key ``scm_as_of`` (a day) looks at
    any other day: receipts after it are not seen. ``scm_promised_since`` (a day) leaves out what was promised before
    it, which an index finds; a search sets it by itself when its domain says so. ``scm_received_since`` (a day) leaves
    out lines of which nothing came on that day or later.

    Built of small parts, which an extension may override: :meth:`_columns` (name -> expression), :meth:`_from`,
    :meth:`_where`, :meth:`_movements` (what counts as receipt and as return).
    """

    _name = "scm.receipt.fact"
    _description = "Receipt Fact"
    _auto = False
    _order = "promise_date DESC, id DESC"
    _rec_name = "line_id"
    # what the ORM writes to the database before the SQL below reads it
    _depends = {
        "purchase.order": ["state", "partner_id", "picking_type_id", "date_approve", "scm_date_cancelled"],
        "purchase.order.line": [
            "order_id",
            "company_id",
            "display_type",
            "product_id",
            "product_uom_qty",
            "date_planned",
            "scm_promise_original",
            "scm_promise_date",
            "scm_promise_estimated",
            "scm_date_confirmed",
            "scm_is_split",
            "product_qty",
        ],
        "scm.purchase.promise": ["line_id", "requested_by", "date_to", "date_changed", "date_promised"],
        "scm.promise.part": ["line_id", "kind", "sequence", "date", "quantity"],
        "stock.move": [
            "purchase_line_id",
            "product_id",
            "product_uom",
            "quantity",
            "state",
            "date",
            "location_id",
            "location_dest_id",
            "origin_returned_move_id",
            "picking_id",
        ],
        "stock.picking": ["return_id"],
        "stock.location": ["usage", "company_id"],
        "stock.picking.type": ["warehouse_id"],
        "stock.warehouse": ["partner_id"],
        "res.company": ["partner_id", "scm_on_time_tolerance_days"],
        "res.partner": ["commercial_partner_id", "tz"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["type", "uom_id", "categ_id"],
        "uom.uom": ["factor"],
    }

    line_id = fields.Many2one("purchase.order.line", "Order Line", readonly=True)
    order_id = fields.Many2one("purchase.order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Vendor", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Category", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    status = fields.Selection(
        [
            ("waiting", "Not due"),
            ("overdue", "Overdue"),
            ("late", "Late"),
            ("on_time", "On time"),
        ],
        readonly=True,
    )
    date_confirmed = fields.Date("Confirmed on", readonly=True)
    date_cancelled = fields.Date("Cancelled on", readonly=True)
    promise_original = fields.Date("Original Promise", readonly=True)
    promise_date = fields.Date(
        "Promised Date", readonly=True, help="The day that counts: it moves only when we asked for another day."
    )
    promise_last = fields.Date("Expected now", readonly=True, help="The latest date that the vendor gave.")
    promise_estimated = fields.Boolean(readonly=True)
    notice_days = fields.Float(
        "Notice (days)",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Days before the promised date on which the vendor first said that he would be later. "
        "Negative: said when it was already overdue. Empty: he said nothing.",
    )
    is_moved = fields.Boolean("Moved by Vendor", readonly=True, help="The vendor said that he would be later.")
    qty_ordered = fields.Float("Ordered", readonly=True, digits="Product Unit")
    qty_due = fields.Float("Due", readonly=True, digits="Product Unit")
    qty_received = fields.Float("Received", readonly=True, digits="Product Unit")
    qty_on_time = fields.Float("On Time", readonly=True, digits="Product Unit")
    qty_late = fields.Float(
        "Late", readonly=True, digits="Product Unit", help="Received after the promised date, up to what was ordered."
    )
    qty_missing = fields.Float("Missing", readonly=True, digits="Product Unit", help="Due and not received.")
    qty_over = fields.Float("Over-delivered", readonly=True, digits="Product Unit")
    qty_returned = fields.Float("Returned to Vendor", readonly=True, digits="Product Unit")
    qty_replaced = fields.Float(
        "Replaced", readonly=True, digits="Product Unit", help="Received in exchange for what was returned."
    )
    is_due = fields.Boolean(readonly=True)
    is_otif = fields.Boolean("On Time in Full", readonly=True)
    due_count = fields.Integer("Lines Due", readonly=True)
    otif_rate = fields.Float(
        "OTIF", readonly=True, aggregator="avg", help="Share of due lines that came on time and in full."
    )
    on_time_rate = fields.Float(
        "On-time Quantity", readonly=True, aggregator="avg", help="Share of the due quantity that came on time."
    )
    good_rate = fields.Float(
        "Good Quantity",
        readonly=True,
        aggregator="avg",
        help="Share of the quantity received on due lines that was not returned to the vendor.",
    )
    days_late = fields.Float(readonly=True, digits=(16, 1), aggregator="avg")
    lead_time_days = fields.Float(
        "Lead Time (days)",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="From confirmation to the day on which the ordered quantity was reached, else to the last receipt.",
    )
    date_first_receipt = fields.Date("First Receipt", readonly=True)
    date_last_receipt = fields.Date("Last Receipt", readonly=True)

    @property
    def _table_query(self):
        return self._query_as_of(fields.Date.to_date(self.env.context.get("scm_as_of")))

    def _query_as_of(self, day=None):
        """SQL of all facts as they stood at the end of a day; None = today where the company is."""
        columns = SQL(", ").join(
            SQL("%s AS %s", expression, SQL.identifier(name)) for name, expression in self._columns().items()
        )
        return SQL(
            "SELECT %(columns)s FROM %(lines)s LEFT JOIN LATERAL (%(judged)s) receipt ON TRUE WHERE %(where)s",
            columns=columns,
            lines=self._from(day),
            judged=self._judged(),
            where=self._where(),
        )

    def _columns(self):
        """{column: SQL expression} over the aliases of :meth:`_from` and ``receipt``."""
        return {
            "id": SQL("line.id"),
            "line_id": SQL("line.id"),
            "order_id": SQL("line.order_id"),
            "partner_id": SQL("vendor.commercial_partner_id"),
            "product_id": SQL("line.product_id"),
            "categ_id": SQL("template.categ_id"),
            "uom_id": SQL("template.uom_id"),
            "warehouse_id": SQL("operation.warehouse_id"),
            "company_id": SQL("line.company_id"),
            "date_confirmed": SQL("fact.date_confirmed"),
            "date_cancelled": SQL("purchase.scm_date_cancelled"),
            "promise_original": SQL("COALESCE(line.scm_promise_original, fact.promise)"),
            "promise_date": SQL("fact.promise"),
            "promise_last": SQL("fact.promise_last"),
            "promise_estimated": SQL("line.scm_promise_original IS NULL OR line.scm_promise_estimated IS TRUE"),
            "notice_days": self._notice(),
            "is_moved": SQL("%s IS NOT NULL", self._notice()),
            **self._quantity_columns(),
            **self._verdict_columns(),
        }

    def _quantity_columns(self):
        return {
            "qty_ordered": SQL("fact.ordered"),
            "qty_due": SQL("receipt.due"),
            "qty_received": SQL("receipt.received"),
            "qty_on_time": SQL("receipt.on_time"),
            "qty_late": SQL("receipt.late"),
            "qty_missing": SQL("receipt.missing"),
            "qty_over": SQL("GREATEST(0, receipt.received - fact.ordered)"),
            "qty_returned": SQL("receipt.returned"),
            "qty_replaced": SQL("receipt.replaced"),
        }

    def _verdict_columns(self):
        return {
            "status": SQL(
                "CASE WHEN NOT receipt.is_due THEN 'waiting' WHEN receipt.is_otif THEN 'on_time'"
                " WHEN receipt.missing > %s THEN 'overdue' ELSE 'late' END",
                QUANTITY_EPS,
            ),
            "is_due": SQL("receipt.is_due"),
            "is_otif": SQL("receipt.is_otif"),
            "due_count": SQL("receipt.is_due::int"),
            "otif_rate": SQL("CASE WHEN receipt.is_due THEN receipt.is_otif::int END"),
            "on_time_rate": SQL("CASE WHEN receipt.is_due THEN receipt.on_time / receipt.due END"),
            "good_rate": SQL(
                "CASE WHEN receipt.is_due AND receipt.received > 0"
                " THEN GREATEST(0, receipt.received - receipt.returned) / receipt.received END"
            ),
            "days_late": SQL("receipt.days_late::numeric"),
            "lead_time_days": SQL(
                "(COALESCE(receipt.date_complete, receipt.date_last) - fact.date_confirmed)::numeric"
            ),
            "date_first_receipt": SQL("receipt.date_first"),
            "date_last_receipt": SQL("receipt.date_last"),
        }

    def _from(self, day=None):
        """Order lines with all that does not depend on receipts; ``fact`` holds what is computed per line."""
        zone = zone_sql("company_partner", "warehouse_partner")
        today = SQL("%s::date", day) if day else local_day_sql(SQL("%s::timestamp", fields.Datetime.now()), zone)
        planned = local_day_sql(SQL("line.date_planned"), zone)
        confirmed = local_day_sql(SQL("purchase.date_approve"), zone)
        return SQL(
            """purchase_order_line line
            JOIN purchase_order purchase ON purchase.id = line.order_id
            JOIN res_partner vendor ON vendor.id = purchase.partner_id
            JOIN product_product product ON product.id = line.product_id
            JOIN product_template template ON template.id = product.product_tmpl_id
            JOIN uom_uom unit ON unit.id = template.uom_id
            JOIN res_company company ON company.id = line.company_id
            JOIN res_partner company_partner ON company_partner.id = company.partner_id
            LEFT JOIN stock_picking_type operation ON operation.id = purchase.picking_type_id
            LEFT JOIN stock_warehouse warehouse ON warehouse.id = operation.warehouse_id
            LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = warehouse.partner_id
            CROSS JOIN LATERAL (
                SELECT line.product_uom_qty AS ordered,
                       %(zone)s AS zone,
                       COALESCE(line.scm_promise_date, %(planned)s) AS promise,
                       COALESCE(line.scm_promise_date, %(planned)s)
                           + COALESCE(company.scm_on_time_tolerance_days, 0) AS promise_limit,
                       %(planned)s AS promise_last,
                       COALESCE(line.scm_date_confirmed, %(confirmed)s) AS date_confirmed,
                       LEAST(%(today)s, purchase.scm_date_cancelled) AS judged_on
            ) fact""",
            zone=zone,
            planned=planned,
            confirmed=confirmed,
            today=today,
        )

    def _where(self):
        """Confirmed lines of goods; a cancelled order counts only when the vendor was already overdue.

        A kit comes in as moves of its components, which say nothing about kits on a day: such lines are left out.
        """
        return SQL(
            """line.display_type IS NULL AND template.type = 'consu' AND line.product_uom_qty >= 0 AND %s
            AND (purchase.state = 'purchase'
                 OR purchase.state = 'cancel'
                    AND COALESCE((SELECT MIN(part.date) + (fact.promise_limit - fact.promise)
                                    FROM scm_promise_part part
                                   WHERE line.scm_is_split AND part.line_id = line.id AND part.kind = 'promise'),
                                 fact.promise_limit) < purchase.scm_date_cancelled)
            AND NOT EXISTS (SELECT FROM stock_move part
                             WHERE part.purchase_line_id = line.id AND part.product_id <> line.product_id)""",
            SQL(
                "%s AND %s",
                self._promised(fields.Date.to_date(self.env.context.get("scm_promised_since"))),
                self._received(fields.Date.to_date(self.env.context.get("scm_received_since"))),
            ),
        )

    @api.model
    def _promised(self, since):
        """Lines that can have been promised for that day or later, in words that the index of the dates knows."""
        if not since:
            return SQL("TRUE")
        return SQL("(line.scm_promise_date >= %s OR line.scm_promise_date IS NULL)", since)

    @api.model
    def _received(self, since):
        """Lines of which something can have come on that day or later: a day of slack for the time zone."""
        if not since:
            return SQL("TRUE")
        return SQL(
            """line.id IN (SELECT purchase_line_id FROM stock_move
                            WHERE purchase_line_id IS NOT NULL AND state = 'done' AND date >= %s::date - 1)""",
            since,
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        since = self._since_of(Domain(domain))
        facts = self.with_context(scm_promised_since=since) if since else self
        return super(ScmReceiptFact, facts)._search(domain, *args, **kwargs)

    @api.model
    def _since_of(self, domain):
        """The promised day from which on a domain wants rows, else None."""
        parts = domain.children if getattr(domain, "OPERATOR", None) == "&" else [domain]
        days = [
            self._day_of(part.value)
            for part in parts
            if getattr(part, "field_expr", None) == "promise_date" and part.operator in (">", ">=", "=")
        ]
        return max(filter(None, days), default=None)

    @api.model
    def _day_of(self, value):
        """The day that a domain means, also in words ("today -1y"); None where the ORM will find none either."""
        try:
            day = parse_date(value, self.env) if isinstance(value, str) else value
        except ValueError:
            return None
        return fields.Date.to_date(day) if isinstance(day, date) else None

    def _movements(self):
        """Done moves of the line: ``kind`` receipt, return or replacement, ``day``, ``quantity`` in the product's unit.

        From the vendor (or from another company in transit) is a receipt, wherever it goes: dropshipping too. What
        comes in exchange for a return is a replacement; it was neither ordered nor promised.
        """
        outside = SQL(
            "ARRAY(SELECT id FROM stock_location"
            " WHERE usage = 'supplier' OR (usage = 'transit' AND company_id IS NULL))"
        )
        # no joins: uncorrelated parts are read once and looked up, so that one line costs one index scan
        return SQL(
            """SELECT CASE WHEN move.location_dest_id = ANY(ARRAY(
                                SELECT id FROM stock_location WHERE usage = 'supplier'))
                             OR (move.origin_returned_move_id IS NOT NULL AND move.location_dest_id = ANY(%(outside)s))
                           THEN 'return'
                           WHEN move.location_id <> ALL(%(outside)s) THEN NULL
                           WHEN move.origin_returned_move_id IS NOT NULL
                             OR move.picking_id IN (SELECT id FROM stock_picking WHERE return_id IS NOT NULL)
                           THEN 'replacement'
                           ELSE 'receipt' END AS kind,
                      move.date AS moment,
                      %(day)s AS day,
                      CASE WHEN move.product_uom = template.uom_id THEN move.quantity
                           ELSE move.quantity * (SELECT factor FROM uom_uom WHERE id = move.product_uom) / unit.factor
                           END::float8 AS quantity
                 FROM stock_move move
                WHERE move.purchase_line_id = line.id AND move.product_id = line.product_id AND move.state = 'done'""",
            outside=outside,
            day=local_day_sql(SQL("move.date"), SQL("fact.zone")),
        )

    def _seen(self):
        """Receipts and returns up to the day of judgement, with the running sum of what was received."""
        return SQL(
            """SELECT movement.*, SUM(quantity) FILTER (WHERE kind = 'receipt') OVER (ORDER BY day) AS running
                 FROM (%s) movement
                WHERE day <= fact.judged_on""",
            self._movements(),
        )

    def _judged(self):
        """One row per line: its receipts added up and judged as of the day."""
        sums = SQL(
            """SELECT COALESCE(SUM(quantity) FILTER (WHERE kind = 'receipt'), 0) AS received,
                      LEAST(fact.ordered, COALESCE(SUM(quantity) FILTER (
                          WHERE kind = 'receipt' AND day <= fact.promise_limit), 0)) AS on_time,
                      COALESCE(SUM(quantity) FILTER (WHERE kind = 'return'), 0) AS returned,
                      COALESCE(SUM(quantity) FILTER (WHERE kind = 'replacement'), 0) AS replaced,
                      MIN(day) FILTER (WHERE kind = 'receipt') AS date_first,
                      MAX(day) FILTER (WHERE kind = 'receipt') AS date_last,
                      MIN(day) FILTER (WHERE kind = 'receipt' AND fact.ordered > %(eps)s
                                         AND running >= fact.ordered - %(eps)s) AS date_complete
                 FROM (%(seen)s) seen""",
            eps=QUANTITY_EPS,
            seen=self._seen(),
        )
        # a line with one date is judged as a whole, one with several by its parts (both as the kernels say)
        return SQL(
            """SELECT summed.received, summed.returned, summed.replaced, summed.date_first, summed.date_last,
                      summed.date_complete, verdict.*,
                      verdict.is_due AND verdict.on_time >= verdict.due - %(eps)s AS is_otif
                 FROM (%(sums)s) summed
                CROSS JOIN LATERAL (
                    SELECT fact.ordered > %(eps)s
                       AND (fact.promise_limit < fact.judged_on OR summed.date_complete IS NOT NULL) AS is_due
                ) plain
                LEFT JOIN LATERAL (%(parts)s) part ON TRUE
                CROSS JOIN LATERAL (
                    SELECT COALESCE(part.is_due, plain.is_due) AS is_due,
                           COALESCE(part.due, CASE WHEN plain.is_due THEN fact.ordered ELSE 0 END) AS due,
                           COALESCE(part.on_time, summed.on_time) AS on_time,
                           COALESCE(part.late, LEAST(fact.ordered, summed.received) - summed.on_time) AS late,
                           COALESCE(part.missing, CASE WHEN plain.is_due
                               THEN GREATEST(0, fact.ordered - summed.received) ELSE 0 END) AS missing,
                           CASE WHEN part.is_due IS NOT NULL THEN part.days_late WHEN plain.is_due
                               THEN GREATEST(0, COALESCE(summed.date_complete, fact.judged_on) - fact.promise)
                               END AS days_late
                ) verdict""",
            eps=QUANTITY_EPS,
            sums=sums,
            parts=self._judged_parts(),
        )

    def _judged_parts(self):
        """A line with split dates, as kernel/promise_parts.py judges it; no row for a line without parts."""
        return SQL(
            """SELECT BOOL_OR(is_due) AS is_due,
                      COALESCE(SUM(size) FILTER (WHERE is_due), 0) AS due,
                      SUM(punctual) FILTER (WHERE is_due OR NOT any_due) AS on_time,
                      COALESCE(SUM(filled - punctual) FILTER (WHERE is_due), 0) AS late,
                      COALESCE(SUM(size - filled) FILTER (WHERE is_due), 0) AS missing,
                      MAX(late_days) FILTER (WHERE is_due) AS days_late
                 FROM (SELECT each.*, BOOL_OR(is_due) OVER () AS any_due
                         FROM (SELECT bound.upper - bound.lower AS size,
                                      GREATEST(0, LEAST(upper, came.punctual) - lower) AS punctual,
                                      GREATEST(0, LEAST(upper, summed.received) - lower) AS filled,
                                      upper - lower > %(eps)s
                                          AND (limit_day < fact.judged_on OR came.complete IS NOT NULL) AS is_due,
                                      GREATEST(0, COALESCE(came.complete, fact.judged_on) - bound.date) AS late_days
                                 FROM (%(bounds)s) bound
                                CROSS JOIN LATERAL (
                                      SELECT COALESCE(SUM(quantity) FILTER (
                                                 WHERE kind = 'receipt' AND day <= limit_day), 0) AS punctual,
                                             MIN(day) FILTER (
                                                 WHERE kind = 'receipt' AND running >= upper - %(eps)s) AS complete
                                        FROM (%(seen)s) seen
                                ) came
                              ) each
                      ) flagged
               HAVING COUNT(*) > 0""",
            eps=QUANTITY_EPS,
            bounds=self._part_bounds(),
            seen=self._seen(),
        )

    def _part_bounds(self):
        """Which units, in the product's unit, each part of the promise is."""
        return SQL(
            """SELECT split.date, split.date + (fact.promise_limit - fact.promise) AS limit_day,
                      LEAST(fact.ordered, running - size) AS lower,
                      CASE WHEN is_last THEN fact.ordered ELSE LEAST(fact.ordered, running) END AS upper
                 FROM (SELECT item.date, size, SUM(size) OVER (ORDER BY item.date, item.sequence) AS running,
                              LEAD(size) OVER (ORDER BY item.date, item.sequence) IS NULL AS is_last
                         FROM (SELECT part.date, part.sequence,
                                      (part.quantity * line.product_uom_qty / NULLIF(line.product_qty, 0))::float8
                                          AS size
                                 FROM scm_promise_part part
                                WHERE line.scm_is_split AND part.line_id = line.id AND part.kind = 'promise') item
                      ) split"""
        )

    def _notice(self):
        """Days of notice of the vendor's first change to a day later than the promise; NULL when he gave none."""
        return SQL(
            """(SELECT COALESCE(change.date_promised, fact.promise) - %s
                  FROM scm_purchase_promise change
                 WHERE change.line_id = line.id AND change.requested_by = 'vendor'
                   AND change.date_to > COALESCE(change.date_promised, fact.promise)
                 ORDER BY change.date_changed, change.id LIMIT 1)""",
            local_day_sql(SQL("change.date_changed"), SQL("fact.zone")),
        )

    def _read_group_select(self, aggregate_spec, query):
        """Rates of quantities are sums over sums, not means of rates."""
        if aggregate_spec not in ("on_time_rate:avg", "good_rate:avg"):
            return super()._read_group_select(aggregate_spec, query)
        on_time, due, received, returned = (
            self._field_to_sql(self._table, name, query)
            for name in ("qty_on_time", "qty_due", "qty_received", "qty_returned")
        )
        if aggregate_spec == "on_time_rate:avg":
            return SQL("SUM(%s) FILTER (WHERE %s > 0) / NULLIF(SUM(%s), 0)", on_time, due, due)
        return SQL(
            "SUM(GREATEST(0, %s - %s)) FILTER (WHERE %s > 0) / NULLIF(SUM(%s) FILTER (WHERE %s > 0), 0)",
            received,
            returned,
            due,
            received,
            due,
        )

    def _lead_times(self, companies, date_from=None, date_to=None):
        """Measured lead times: one row per receipt of a line.

        :param companies: ``res.company`` records
        :param date_from, date_to: only receipts from this day on, and up to that one
        :return: list of ``(partner_id, product_id, company_id, days, quantity)``; days from confirmation to receipt,
            quantity in the product's unit; days below zero (received before confirmation) are left to the reader
        """
        since = SQL("TRUE")
        if date_from:
            # the moment first, roughly: the planner knows how many moves that leaves
            since = SQL("movement.moment > %s::date - 2 AND movement.day >= %s::date", date_from, date_from)
        if date_to:
            since = SQL("%s AND movement.moment < %s::date + 2 AND movement.day <= %s::date", since, date_to, date_to)
        query = SQL(
            """SELECT vendor.commercial_partner_id, line.product_id, line.company_id,
                      movement.day - fact.date_confirmed, SUM(movement.quantity)
                 FROM %(lines)s
                 JOIN LATERAL (%(movements)s) movement ON %(since)s
                WHERE %(where)s AND line.company_id = ANY(%(companies)s) AND fact.date_confirmed IS NOT NULL
                GROUP BY vendor.commercial_partner_id, line.id, line.product_id, line.company_id, fact.date_confirmed,
                         movement.day, movement.kind
               HAVING movement.kind = 'receipt' AND SUM(movement.quantity) > 0
                ORDER BY line.id, movement.day""",
            lines=self._from(),
            movements=self._movements(),
            since=since,
            where=self._where(),
            companies=companies.ids,
        )
        for model, names in self._depends.items():
            self.env[model].flush_model(names)
        return self.env.execute_query(query)

    def action_open_order(self):
        """Open the purchase order of the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "purchase.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }
