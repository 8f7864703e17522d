"""First beat of the scorecards: the facts of one company and period, a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd
import pytz
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, zone_name, zone_sql

from ..kernel.working_hours import working_hours


@dataclass(frozen=True)
class ScorecardFacts:
    """Facts by source, each a table with ``partner_id`` (commercial) and ``res_id``, the record behind the fact.

    :ivar receipts: purchase lines promised in the period; ``movements``: lines received or returned in it
    :ivar inspections, rfqs, orders, actions, surveys, rush, prices: see the methods of ``scm.scorecard.facts``
    """

    company: models.BaseModel
    date_from: date
    date_to: date
    as_of: date
    receipts: pd.DataFrame
    movements: pd.DataFrame
    inspections: pd.DataFrame
    rfqs: pd.DataFrame
    orders: pd.DataFrame
    actions: pd.DataFrame
    surveys: pd.DataFrame
    rush: pd.DataFrame
    prices: pd.DataFrame


#: record that stands behind a fact of each source
SOURCE_MODELS = {
    "receipts": "purchase.order.line",
    "movements": "purchase.order.line",
    "inspections": "scm.receipt.inspection",
    "rfqs": "purchase.order",
    "orders": "purchase.order",
    "actions": "scm.improvement",
    "surveys": "scm.buyer.survey",
    "rush": "purchase.order",
    "prices": "purchase.order.line",
}


class ScmScorecardFacts(models.AbstractModel):
    _name = "scm.scorecard.facts"
    _description = "Facts of Scorecards"

    @api.model
    def _read(self, company, date_from, date_to, partner_ids=None):
        """:class:`ScorecardFacts` of a company and period, of all suppliers or only some."""
        self.env.flush_all()
        # compiling these queries takes PostgreSQL longer than running them
        self.env.cr.execute("SET LOCAL jit = off")
        as_of = self._judged_on(company, date_to)
        asked = (company, date_from, date_to, partner_ids)
        orders = self._read_orders(*asked)
        return ScorecardFacts(
            company=company,
            date_from=date_from,
            date_to=date_to,
            as_of=as_of,
            receipts=self._read_receipts(*asked, as_of),
            movements=self._read_movements(*asked),
            inspections=self._read_inspections(*asked),
            rfqs=self._read_rfqs(*asked, as_of),
            orders=orders,
            actions=self._read_actions(*asked, as_of),
            surveys=self._read_surveys(*asked),
            rush=self._read_rush(*asked),
            prices=self._read_prices(*asked),
        )

    @api.model
    def _judged_on(self, company, date_to):
        """The day on which all that was promised in the period is due, or today if that is earlier."""
        tolerance = company.scm_on_time_tolerance_days or 0
        return min(date_to + timedelta(days=tolerance + 1), company._scm_local_today())

    @api.model
    def _of_partners(self, column, partner_ids):
        return SQL("TRUE") if partner_ids is None else SQL("%s = ANY(%s)", column, list(partner_ids))

    # Delivery and quality

    @api.model
    def _read_receipts(self, company, date_from, date_to, partner_ids, as_of):
        """Lines promised in the period: due, otif, ordered, on_time, received, days_late, lead_days, notice_days."""
        names = {
            "partner_id": "partner_id", "line_id": "res_id", "is_due": "due", "is_otif": "otif",
            "qty_ordered": "ordered", "qty_on_time": "on_time", "qty_received": "received", "days_late": "days_late",
            "lead_time_days": "lead_days", "notice_days": "notice_days",
        }  # fmt: skip
        rows = self.env.execute_query(
            SQL(
                """SELECT %(columns)s FROM (%(facts)s) fact
                    WHERE company_id = %(company)s AND promise_date BETWEEN %(first)s AND %(last)s
                      AND (date_confirmed IS NULL OR date_confirmed <= %(last)s) AND %(some)s""",
                columns=SQL(", ").join(SQL.identifier(name) for name in names),
                facts=self.env["scm.receipt.fact"].with_context(scm_promised_since=date_from)._query_as_of(as_of),
                company=company.id,
                first=date_from,
                last=date_to,
                some=self._of_partners(SQL("partner_id"), partner_ids),
            )
        )
        table = pd.DataFrame(rows, columns=list(names.values()))
        numbers = ["ordered", "on_time", "received", "days_late", "lead_days", "notice_days"]
        table["complete"] = table["received"].astype(float) >= table["ordered"].astype(float) - 1e-6
        return table.astype(dict.fromkeys(numbers, float) | {"due": bool, "otif": bool})

    @api.model
    def _read_movements(self, company, date_from, date_to, partner_ids):
        """Lines received or sent back in the period: received, returned (units), value (money per unit)."""
        facts = self.env["scm.receipt.fact"]
        rows = self.env.execute_query(
            SQL(
                """SELECT vendor.commercial_partner_id, line.id,
                          SUM(movement.quantity) FILTER (WHERE movement.kind = 'receipt')::float8,
                          SUM(movement.quantity) FILTER (WHERE movement.kind = 'return')::float8,
                          (line.price_subtotal / NULLIF(line.product_uom_qty, 0)
                           / COALESCE(NULLIF(purchase.currency_rate, 0), 1))::float8
                     FROM %(lines)s
                     JOIN LATERAL (%(movements)s) movement
                       ON movement.moment > %(first)s::date - 2 AND movement.moment < %(last)s::date + 2
                      AND movement.day BETWEEN %(first)s AND %(last)s
                    WHERE %(where)s AND line.company_id = %(company)s AND %(some)s
                    GROUP BY vendor.commercial_partner_id, line.id, purchase.currency_rate""",
                lines=facts._from(),
                movements=facts._movements(),
                where=facts._where(),
                first=date_from,
                last=date_to,
                company=company.id,
                some=self._of_partners(SQL("vendor.commercial_partner_id"), partner_ids),
            )
        )
        table = pd.DataFrame(rows, columns=["partner_id", "res_id", "received", "returned", "value"])
        return table.astype(dict.fromkeys(["received", "returned", "value"], float)).fillna(0.0)

    @api.model
    def _read_inspections(self, company, date_from, date_to, partner_ids):
        """Inspections of the period: received, rejected (units), value (cost per unit)."""
        rows = self.env.execute_query(
            SQL(
                """SELECT COALESCE(v.commercial_partner_id, i.partner_id), i.id, i.qty_received::float8,
                          i.qty_rejected::float8, COALESCE((p.standard_price->>%(key)s)::float8, 0), i.move_id
                     FROM scm_receipt_inspection i
                     JOIN res_partner v ON v.id = i.partner_id
                     JOIN product_product p ON p.id = i.product_id
                    WHERE i.company_id = %(company)s AND i.state = 'done' AND i.date BETWEEN %(first)s AND %(last)s
                      AND %(some)s""",
                key=str(company.id),
                company=company.id,
                first=date_from,
                last=date_to,
                some=self._of_partners(SQL("v.commercial_partner_id"), partner_ids),
            )
        )
        columns = ["partner_id", "res_id", "received", "rejected", "value", "move_id"]
        table = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:5], float))
        return self._received_once(table.sort_values("res_id", ignore_index=True))

    @api.model
    def _received_once(self, table):
        """A receipt may have an inspection per kind of defect: together they weigh as much as came."""
        others = table.groupby("move_id")["rejected"].transform("sum") - table["rejected"]
        first = ~table["move_id"].duplicated()
        return table.assign(received=np.where(first, table["received"] - others, table["rejected"]))

    # Response

    @api.model
    def _read_rfqs(self, company, date_from, date_to, partner_ids, as_of):
        """RFQs sent in the period: hours (working hours to the answer, or waited so far), answered."""
        rows = self._order_rows(company, date_from, date_to, partner_ids, "scm_rfq_sent_at", ["scm_answered_at"])
        table = pd.DataFrame(rows, columns=["partner_id", "res_id", "start", "end"])
        table["answered"] = table["end"].notna()
        table["hours"] = self._working_hours(company, table["start"], table["end"], as_of)
        return table

    @api.model
    def _read_orders(self, company, date_from, date_to, partner_ids):
        """Orders confirmed in the period: acknowledged, hours (working hours to it, NaN without)."""
        rows = self._order_rows(company, date_from, date_to, partner_ids, "date_approve", ["scm_acknowledged_at"])
        table = pd.DataFrame(rows, columns=["partner_id", "res_id", "start", "end"])
        table["acknowledged"] = table["end"].notna()
        if not table["acknowledged"].any():
            # nobody acknowledges here: that says nothing of any supplier
            return table.iloc[:0].assign(hours=0.0)
        hours = self._working_hours(company, table["start"], table["end"], date_to)
        return table.assign(hours=np.where(table["acknowledged"], hours, np.nan))

    @api.model
    def _read_rush(self, company, date_from, date_to, partner_ids):
        """Rush orders asked for in the period that were answered: accepted."""
        rows = self._order_rows(
            company, date_from, date_to, partner_ids, "date_order", ["scm_rush_answer"], SQL("o.scm_is_rush")
        )
        table = pd.DataFrame(rows, columns=["partner_id", "res_id", "start", "answer"])
        table = table[table["answer"].notna()]
        return table.assign(accepted=table["answer"] == "accepted")

    @api.model
    def _order_rows(self, company, date_from, date_to, partner_ids, moment, names, condition=None):
        """(supplier, order, moment, further columns) of orders whose ``moment`` lies in the period, local days."""
        state = SQL("o.state = 'purchase'") if moment == "date_approve" else SQL("TRUE")
        return self.env.execute_query(
            SQL(
                """SELECT v.commercial_partner_id, o.id, %(moment)s, %(columns)s
                     FROM purchase_order o
                     JOIN res_partner v ON v.id = o.partner_id
                     JOIN res_company company ON company.id = o.company_id
                     JOIN res_partner company_partner ON company_partner.id = company.partner_id
                    WHERE o.company_id = %(company)s AND %(state)s AND %(condition)s
                      AND %(moment)s BETWEEN %(first)s::date - 2 AND %(last)s::date + 2
                      AND %(day)s BETWEEN %(first)s AND %(last)s AND %(some)s""",
                moment=SQL.identifier("o", moment),
                columns=SQL(", ").join(SQL.identifier("o", name) for name in names),
                company=company.id,
                state=state,
                condition=condition or SQL("TRUE"),
                day=local_day_sql(SQL.identifier("o", moment), zone_sql("company_partner")),
                first=date_from,
                last=date_to,
                some=self._of_partners(SQL("v.commercial_partner_id"), partner_ids),
            )
        )

    @api.model
    def _working_hours(self, company, start, end, as_of):
        """Working hours of the company's calendar between two columns of moments; what has no end ends on ``as_of``."""
        if not len(start):
            return np.zeros(0)
        zone = pytz.timezone(zone_name(company))
        last = zone.localize(datetime.combine(as_of, time.max)).astimezone(pytz.utc).replace(tzinfo=None)
        first = pd.to_datetime(start)
        until = pd.to_datetime(end).fillna(pd.Timestamp(min(last, fields.Datetime.now())))
        begin, finish = first.min(), max(until.max(), first.max())
        opened, closed = self._open_hours(company, begin.to_pydatetime(), finish.to_pydatetime(), zone)
        origin = pd.Timestamp(begin)
        hours = ((column - origin).dt.total_seconds().to_numpy() / 3600 for column in (first, until))
        return working_hours(*hours, opened, closed)

    @api.model
    def _open_hours(self, company, begin, finish, zone):
        """(from, to) of the calendar's open intervals in hours since ``begin``; all hours without a calendar."""
        calendar = company.resource_calendar_id
        span = (finish - begin).total_seconds() / 3600
        if not calendar:
            return np.array([0.0]), np.array([span])
        aware = [pytz.utc.localize(moment).astimezone(zone) for moment in (begin, finish + timedelta(days=1))]
        intervals = calendar._work_intervals_batch(*aware)[False]
        base = pytz.utc.localize(begin)
        pairs = [((a - base).total_seconds() / 3600, (b - base).total_seconds() / 3600) for a, b, _meta in intervals]
        return np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])

    @api.model
    def _read_actions(self, company, date_from, date_to, partner_ids, as_of):
        """Corrective actions whose answer fell due in the period: in_time."""
        rows = self.env.execute_query(
            SQL(
                """SELECT v.commercial_partner_id, i.id,
                          COALESCE(%(day)s <= i.date_answer_due, FALSE)
                     FROM scm_improvement i
                     JOIN res_partner v ON v.id = i.partner_id
                    WHERE i.company_id = %(company)s AND i.area = 'supplier' AND i.state <> 'cancelled'
                      AND i.date_answer_due BETWEEN %(first)s AND %(last)s
                      AND (i.date_answered IS NOT NULL OR i.date_answer_due < %(as_of)s) AND %(some)s""",
                company=company.id,
                first=date_from,
                last=date_to,
                as_of=as_of,
                day=local_day_sql(SQL("i.date_answered"), SQL("%s", zone_name(company))),
                some=self._of_partners(SQL("v.commercial_partner_id"), partner_ids),
            )
        )
        return pd.DataFrame(rows, columns=["partner_id", "res_id", "in_time"]).astype({"in_time": bool})

    # Cooperation

    @api.model
    def _read_surveys(self, company, date_from, date_to, partner_ids):
        """Answered buyer surveys of the period: score (0 to 100), answers (1 each)."""
        rows = self.env["scm.buyer.survey"]._cooperation_rows(company, date_from, date_to)
        table = pd.DataFrame(
            [(row["partner_id"], row["survey_id"], 25.0 * (row["mean"] - 1)) for row in rows],
            columns=["partner_id", "res_id", "score"],
        )
        if partner_ids is not None:
            table = table[table["partner_id"].isin(partner_ids)]
        return table.assign(answers=1)

    # Price

    @api.model
    def _read_prices(self, company, date_from, date_to, partner_ids):
        """Lines confirmed in the period: quantity, price, last, agreed, best (money per unit of the product)."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH rate (currency_id, factor) AS (%(rates)s),
                paid AS (
                    SELECT line.id, v.commercial_partner_id AS partner_id, line.product_id, purchase.date_approve,
                           line.product_uom_qty AS quantity,
                           line.price_subtotal / NULLIF(line.product_uom_qty, 0)
                               / COALESCE(NULLIF(purchase.currency_rate, 0), 1) AS price
                      FROM purchase_order_line line
                      JOIN purchase_order purchase ON purchase.id = line.order_id
                      JOIN res_partner v ON v.id = purchase.partner_id
                     WHERE line.company_id = %(company)s AND purchase.state = 'purchase' AND line.display_type IS NULL
                       AND line.product_id IS NOT NULL AND purchase.date_approve < %(last)s::date + 2
                       AND line.product_uom_qty > 0 AND %(some)s
                ),
                ordered AS (
                    SELECT paid.*,
                           lag(price) OVER (PARTITION BY partner_id, product_id ORDER BY date_approve, id) AS last
                      FROM paid
                )
                SELECT o.partner_id, o.id, o.quantity::float8, o.price::float8, o.last::float8,
                       agreed.price::float8, best.price::float8
                  FROM ordered o
                  JOIN product_product p ON p.id = o.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom own ON own.id = t.uom_id
             LEFT JOIN LATERAL (%(agreed)s) agreed ON TRUE
             LEFT JOIN LATERAL (%(best)s) best ON TRUE
                 WHERE o.date_approve >= %(first)s::date - 1
                   AND %(day)s BETWEEN %(first)s AND %(last)s
                """,
                rates=self._rates_query(company),
                company=company.id,
                first=date_from,
                last=date_to,
                some=self._of_partners(SQL("v.commercial_partner_id"), partner_ids),
                agreed=self._list_price_query(company, SQL("= o.partner_id"), SQL("line.sequence, ")),
                best=self._list_price_query(company, SQL("<> o.partner_id"), SQL("")),
                day=local_day_sql(SQL("o.date_approve"), SQL("%s", zone_name(company))),
            )
        )
        columns = ["partner_id", "res_id", "quantity", "price", "last", "agreed", "best"]
        return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:], float))

    @api.model
    def _list_price_query(self, company, vendor, first):
        """Price per unit of the product that a price list names at the day and quantity of the line ``o``."""
        price = SQL("line.price * (1 - COALESCE(line.discount, 0) / 100) * rate.factor * own.factor / unit.factor")
        return SQL(
            """SELECT %(price)s AS price
                 FROM product_supplierinfo line
                 JOIN res_partner vendor ON vendor.id = line.partner_id
                 JOIN uom_uom unit ON unit.id = line.product_uom_id
                 JOIN rate ON rate.currency_id = line.currency_id
                WHERE line.product_tmpl_id = t.id AND (line.product_id IS NULL OR line.product_id = p.id)
                  AND (line.company_id IS NULL OR line.company_id = %(company)s) AND line.price > 0
                  AND (line.date_start IS NULL OR line.date_start <= o.date_approve::date)
                  AND (line.date_end IS NULL OR line.date_end >= o.date_approve::date)
                  AND line.min_qty * unit.factor / own.factor <= o.quantity + 1e-6
                  AND vendor.commercial_partner_id %(vendor)s
             ORDER BY %(first)s %(price)s LIMIT 1""",
            price=price,
            company=company.id,
            vendor=vendor,
            first=first,
        )

    @api.model
    def _rates_query(self, company):
        """Rows (currency, amount in company currency of one unit) of the currencies of price lists, today."""
        used = self.env["product.supplierinfo"]._read_group([], ["currency_id"])
        today = company._scm_local_today()
        currencies = self.env["res.currency"].browse([currency.id for [currency] in used]) | company.currency_id
        own = company.currency_id
        rates = {currency.id: currency._get_conversion_rate(currency, own, company, today) for currency in currencies}
        return SQL("VALUES %s", SQL(", ").join(SQL("(%s, %s::float8)", *pair) for pair in rates.items()))
