import numpy as np
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.date_utils import end_of, start_of

from odoo.addons.scm_base.tools.zones import local_day_sql, local_today, zone_sql

from ..kernel import carrier_choice, carrier_replay

#: months before the period from which the choice learns
_LEARN_MONTHS = 12


class ScmCarrierReplay(models.Model):
    """Works off a replay month by month."""

    _inherit = "scm.carrier.replay"

    @api.model
    def start_replay(self, date_from=False, date_to=False):
        """Replay the choices of a past period; for supply chain managers, also over RPC.

        :param date_from: first day of hand-over, date or ISO text; without days: the last quarter that is over
        :return: id of the run, which a scheduled job works off
        """
        company = self.env.company
        first, last = (fields.Date.to_date(day or False) for day in (date_from, date_to))
        if not first or not last:
            last = fields.Date.subtract(start_of(local_today(company), "quarter"), days=1)
            first = start_of(last, "quarter")
        if first > last or last > local_today(company):
            raise UserError(self.env._("Choose a period that is over: its first day before its last one."))
        learned = fields.Date.subtract(first, months=_LEARN_MONTHS)
        return self._start(company, date_from=first, date_to=last, learned_from=learned).id

    @api.model
    def action_replay_last_quarter(self):
        run = self.browse(self.start_replay())
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": run.id, "views": [(False, "form")]}

    def _next_batch(self):
        months = (self.result or {}).get("months", [])
        todo = [month for month in self._months() if month.isoformat() not in months]
        if not self.total_count:
            self.total_count = self._count_parcels()
        while todo:
            month = todo.pop(0)
            months = [*months, month.isoformat()]
            self.result = {"months": months}
            if count := self._replay_month(month):
                return count
        return 0

    def _months(self):
        month, months = start_of(self.date_from, "month"), []
        while month <= self.date_to:
            months.append(month)
            month = fields.Date.add(month, months=1)
        return months

    # Reading

    def _from_sql(self):
        """Parcels that went to customers and came to an end, with their local day of hand-over."""
        return SQL(
            """
            FROM (SELECT p.*, %(day)s AS day_handed, COALESCE(NULLIF(p.cost_invoiced, 0), p.cost_expected, 0) AS freight
                    FROM scm_parcel p JOIN res_company c ON c.id = p.company_id
                    JOIN res_partner company_partner ON company_partner.id = c.partner_id
                    LEFT JOIN stock_warehouse w ON w.id = p.warehouse_id
                    LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = w.partner_id
                   WHERE p.company_id = %(company)s AND p.direction = 'out' AND p.carrier_id IS NOT NULL
                     AND (p.date_delivered IS NOT NULL OR p.is_lost OR p.is_final)
                 ) parcel
            """,
            day=local_day_sql(SQL("p.date_handed"), zone_sql("company_partner", "warehouse_partner")),
            company=self.company_id.id,
        )

    def _count_parcels(self):
        [(count,)] = self.env.execute_query(
            SQL("SELECT count(*) %s WHERE day_handed BETWEEN %s AND %s", self._from_sql(), self.date_from, self.date_to)
        )
        return count

    def _sums(self, first, last):
        """Rows of sums by carrier, zone and band of the parcels handed over in a time."""
        return self.env.execute_query(
            SQL(
                """
                SELECT carrier_id, COALESCE(zone_id, 0), COALESCE(band_id, 0), count(*), sum(freight)::float8,
                       sum(CASE WHEN is_late THEN 1 ELSE 0 END),
                       sum(CASE WHEN is_late THEN GREATEST(days_late, 0) ELSE 0 END),
                       sum(CASE WHEN is_lost OR is_damaged THEN 1 ELSE 0 END)
                %s WHERE day_handed BETWEEN %s AND %s GROUP BY 1, 2, 3
                """,
                self._from_sql(),
                first,
                last,
            )
        )

    def _parcel_rows(self, first, last):
        default = self.env["scm.carrier.case"]._lateness_cost(self.company_id, self.env["scm.customer.class"])
        return self.env.execute_query(
            SQL(
                """
                SELECT parcel.carrier_id, COALESCE(parcel.zone_id, 0), COALESCE(parcel.band_id, 0), parcel.day_handed,
                       COALESCE(parcel.value, 0)::float8, COALESCE(class.cost_late, %(late)s)::float8,
                       COALESCE(class.cost_late_day, %(day)s)::float8, parcel.freight::float8,
                       COALESCE(parcel.is_late, FALSE)::int, CASE WHEN parcel.is_late THEN GREATEST(parcel.days_late, 0)
                       ELSE 0 END, (COALESCE(parcel.is_lost, FALSE) OR COALESCE(parcel.is_damaged, FALSE))::int,
                       COALESCE(parcel.weight, 0)::float8
                %(parcels)s LEFT JOIN res_partner partner ON partner.id = parcel.partner_id
                  LEFT JOIN res_partner customer ON customer.id = partner.commercial_partner_id
                  LEFT JOIN scm_customer_class class
                    ON class.id = (customer.scm_customer_class_id ->> %(company)s::text)::int
                 WHERE day_handed BETWEEN %(first)s AND %(last)s
                """,
                late=default["cost_late"],
                day=default["cost_late_day"],
                parcels=self._from_sql(),
                company=str(self.company_id.id),
                first=first,
                last=last,
            )
        )

    # Computing

    def _replay_month(self, month):
        """Replay one month and write its lines; returns how many parcels it had."""
        self.env.flush_all()
        first, last = max(month, self.date_from), min(end_of(month, "month"), self.date_to)
        rows = self._parcel_rows(first, last)
        if not rows:
            return 0
        before = self._sums(self.learned_from, fields.Date.subtract(self.date_from, days=1))
        during = self._sums(self.date_from, self.date_to)
        index = [sorted({row[place] for row in (*before, *during)}) for place in range(3)]
        columns = list(zip(*rows, strict=True))
        place = [{key: number for number, key in enumerate(keys)} for keys in index]
        lane = [np.array([place[axis][key] for key in columns[axis]]) for axis in range(3)]
        *numbers, weight = (np.array(column, dtype=float) for column in columns[4:])
        parcels = carrier_replay.Parcels(*lane, *numbers)
        days = np.array(columns[3], dtype="datetime64[D]")
        outcome = carrier_replay.replay(
            parcels,
            self._lanes(before, place),
            self._lanes(during, place),
            self._allowed(weight, lane[0], index[0]),
            limits=lambda parcel, carrier: self._replay_limits(parcel, carrier, days, index[0]),
        )
        self._write_lines(parcels, outcome, index)
        return len(rows)

    @api.model
    def _lanes(self, rows, place):
        sums = np.zeros((5, *(len(keys) for keys in place)))
        for carrier_id, zone_id, band_id, *amounts in rows:
            sums[:, place[0][carrier_id], place[1][zone_id], place[2][band_id]] = amounts
        return carrier_replay.measure(*sums)

    @api.model
    def _allowed(self, weight, carrier, carrier_ids):
        """(n, C): what the customer chose stays, and so does what is too heavy for another carrier."""
        # sudo: a manager started the replay; what carriers take are their settings
        carriers = self.env["delivery.carrier"].sudo().browse(carrier_ids)
        chosen_for = np.array([one.scm_in_choice and one.active for one in carriers])
        most = np.array([one.max_weight or np.inf for one in carriers])
        return chosen_for[None, :] & chosen_for[carrier][:, None] & (weight[:, None] <= most[None, :])

    def _replay_limits(self, parcel, carrier, days, carrier_ids):
        """Today's guard rails, laid on the month: parcels per day, share of the month."""
        limits = []
        # sudo: a manager started the replay; limits are settings of the carriers
        for number, one in enumerate(self.env["delivery.carrier"].sudo().browse(carrier_ids)):
            mine = np.nonzero(carrier == number)[0]
            if one.scm_capacity_day:
                by_day = days[parcel[mine]]
                limits += [(mine[by_day == day], one.scm_capacity_day) for day in np.unique(by_day)]
            if one.scm_share_max:
                limits.append((mine, carrier_choice.share_limit(one.scm_share_max, len(days), 0)))
        return limits

    # Writing

    def _write_lines(self, parcels, outcome, index):
        carriers, zones, _bands = index
        key = (parcels.zone * len(carriers) + parcels.carrier) * len(carriers) + outcome.carrier
        found, inverse = np.unique(key, return_inverse=True)
        names = ("freight_was", "freight_would", "late_was", "late_would", "cost_was", "cost_would")
        sums = {name: np.bincount(inverse, getattr(outcome, name)) for name in names}
        counts = np.bincount(inverse)
        values = []
        for number, code in enumerate(found):
            rest, suggested = divmod(int(code), len(carriers))
            zone, carrier = divmod(rest, len(carriers))
            amounts = {name: round(float(sums[name][number]), 4) for name in names}
            values.append(
                amounts
                | {
                    "replay_id": self.id,
                    "zone_id": zones[zone] or False,
                    "carrier_id": carriers[carrier],
                    "suggested_id": carriers[suggested],
                    "parcels": int(counts[number]),
                    "saving": amounts["cost_was"] - amounts["cost_would"],
                }
            )
        self.env["scm.carrier.replay.line"].create(values)

    def _publish(self):
        names = ("freight_was", "freight_would", "late_was", "late_would", "cost_was", "cost_would")
        sums = {name: sum(self.line_ids.mapped(name)) for name in names}
        changed = self.line_ids.filtered(lambda line: line.carrier_id != line.suggested_id)
        parcels = sum(self.line_ids.mapped("parcels"))
        self.write(
            sums
            | {
                "parcels": parcels,
                "changed": sum(changed.mapped("parcels")),
                "result": {"carriers": self._by_carrier()},
                "why": self._why(parcels, sums),
            }
        )

    def _by_carrier(self):
        """Rows per carrier: parcels, freight and lateness as they were and as they would have been."""
        rows = {}
        for line in self.line_ids:
            for carrier, side in ((line.carrier_id, "was"), (line.suggested_id, "would")):
                row = rows.setdefault(
                    carrier.id,
                    {"carrier_id": carrier.id, "carrier": carrier.name}
                    | {f"{name}_{one}": 0.0 for name in ("parcels", "freight", "late") for one in ("was", "would")},
                )
                row[f"parcels_{side}"] += line.parcels
                row[f"freight_{side}"] += line[f"freight_{side}"]
                row[f"late_{side}"] += line[f"late_{side}"]
        return sorted(rows.values(), key=lambda row: (-row["parcels_was"], row["carrier_id"]))

    def _why(self, parcels, sums):
        money = self.company_id.currency_id.name
        return {
            "value": round(sums["cost_was"] - sums["cost_would"], 2),
            "unit": money,
            "method": "replay_method",
            "formula": "replay_formula",
            "sample": parcels,
            "window": {"from": self.date_from.isoformat(), "to": self.date_to.isoformat()},
            "terms": [
                {"code": "replay_learned_from", "value": self.learned_from.isoformat()},
                {"code": "replay_cost_was", "value": round(sums["cost_was"], 2), "unit": money},
                {"code": "replay_cost_would", "value": round(sums["cost_would"], 2), "unit": money},
            ],
            "notes": ["replay_note_learned", "replay_note_judged"],
        }
