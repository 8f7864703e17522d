from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel import carrier_month as kernel

#: what is drawn for each carrier: field, the count that stands behind it, which way is better
MEASURES = (
    ("on_time_rate", "due", 1),
    ("first_scan_hours", "scanned", -1),
    ("damaged_rate", "parcels", -1),
    ("lost_rate", "parcels", -1),
    ("cost_parcel", "parcels", -1),
    ("claims_paid", None, 0),
)
MAX_MONTHS = 24
#: months that are always drawn, so that a line looks like one
FEWEST_MONTHS = 6


class ScmCarrierMonth(models.Model):
    """The carrier scorecard: all carriers beside each other, month by month."""

    _inherit = "scm.carrier.month"

    @api.model
    @api.readonly
    def get_scorecard(self, month=False, months=12):
        """Carriers of the present company up to a month; public, also over RPC.

        :param month: first day of the month as text; by default the latest that is over and has figures
        :param months: how many months to show, at most 24
        :return: ``{"month", "months": [{"key", "label", "frozen"}], "choices", "measures": [{"key", "label", "unit",
            "better", "max"}], "carriers": [{"id", "name", "now": {...}, "series": {measure: [value or False]},
            "low": [...], "high": [...], "counts": [...]}], "total": {...}, "currency_id", "can_manage"}``
        """
        self._check_reader()
        company = self.env.company
        choices = [day for (day,) in self._read_group([("company_id", "=", company.id)], ["month:month"])]
        empty = {"month": False, "months": [], "choices": [], "measures": [], "carriers": [], "total": {}}
        common = {"currency_id": company.currency_id.id, "can_manage": self._can_manage()}
        if not choices:
            return empty | common
        chosen = self._chosen_month(month, choices, company)
        window = [chosen - relativedelta(months=back) for back in reversed(range(self._checked_months(months)))]
        rows = self.search([("company_id", "=", company.id), ("month", "in", window)], order="month")
        # months before the first figures say nothing
        first = min(rows.mapped("month"), default=chosen)
        window = [day for day in window if day >= first or window.index(day) >= len(window) - FEWEST_MONTHS]
        series = self._series(rows, window)
        return common | {
            "month": chosen.isoformat(),
            "months": self._month_labels(window, rows),
            "choices": [self._month_label(day) for day in sorted(choices, reverse=True)],
            "measures": self._measures(series),
            "carriers": self._ranked(series, chosen),
            "total": self._total(rows.filtered(lambda row: row.month == chosen)),
        }

    @api.model
    def _check_reader(self):
        if not self.has_access("read"):
            raise AccessError(
                self.env._("The carrier scorecard is for supply chain and inventory users. Ask for one of these roles.")
            )

    @api.model
    def _can_manage(self):
        return self.env.user.has_group("scm_base.scm_group_manager")

    @api.model
    def _checked_months(self, months):
        if not isinstance(months, int) or not 1 <= months <= MAX_MONTHS:
            raise UserError(self.env._("Ask for 1 to %(most)s months.", most=MAX_MONTHS))
        return months

    @api.model
    def _chosen_month(self, month, choices, company):
        if month:
            try:
                return fields.Date.to_date(month).replace(day=1)
            except (TypeError, ValueError) as error:
                raise UserError(
                    self.env._("“%(month)s” is no month: write its first day as 2026-11-01.", month=month)
                ) from error
        if not choices:
            raise UserError(self.env._("No month of carriers has been counted yet."))
        this = local_today(company).replace(day=1)
        return max((day for day in choices if day < this), default=max(choices))

    @api.model
    def _month_label(self, day):
        return {"key": day.isoformat(), "label": format_date(self.env, day, date_format="MMM yyyy")}

    @api.model
    def _month_labels(self, window, rows):
        frozen = {row.month for row in rows if row.is_frozen}
        return [
            {**self._month_label(day), "short": format_date(self.env, day, date_format="MMM"), "frozen": day in frozen}
            for day in window
        ]

    @api.model
    def _series(self, rows, window):
        """{carrier id: what is drawn of it}; False where a month has nothing to say."""
        # sudo: names of the carriers of figures that the user may read, for planners without an inventory role
        names = {carrier.id: carrier.name for carrier in rows.carrier_id.sudo()}
        by_carrier = defaultdict(dict)
        for row in rows:
            by_carrier[row.carrier_id.id][row.month] = row
        return {
            carrier_id: {
                "id": carrier_id,
                "name": names[carrier_id],
                "rows": own,
                "series": {
                    name: [self._value(own.get(day), name, count) for day in window]
                    for name, count, _better in MEASURES
                },
                "low": [self._value(own.get(day), "on_time_low", "due") for day in window],
                "high": [self._value(own.get(day), "on_time_high", "due") for day in window],
                "counts": [own[day].due if day in own else 0 for day in window],
            }
            for carrier_id, own in by_carrier.items()
        }

    @api.model
    def _value(self, row, name, count):
        if not row or (count and not row[count]):
            return False
        return row[name]

    @api.model
    def _ranked(self, series, chosen):
        """Carriers by parcels of the month; each with its figures of it."""
        trends = dict(self._fields["trend"]._description_selection(self.env))
        carriers = []
        for one in series.values():
            row = one.pop("rows").get(chosen)
            now = {
                "row_id": row.id if row else False,
                "parcels": row.parcels if row else 0,
                "due": row.due if row else 0,
                "on_time": row.on_time if row else 0,
                "late_ours": row.late_ours if row else 0,
                "lost": row.lost if row else 0,
                "damaged": row.damaged if row else 0,
                "cost": row.cost if row else 0.0,
                "cost_kg": row.cost_kg if row else 0.0,
                "difference": row.difference if row else 0.0,
                "claims_made": row.claims_made if row else 0.0,
                "trend": (row.trend if row and row.due else False) or False,
                "trend_label": trends.get(row.trend, "") if row and row.due else "",
                "why": row.why or False if row else False,
            }
            carriers.append(one | {"now": now})
        return sorted(carriers, key=lambda one: (-one["now"]["parcels"], one["name"]))

    @api.model
    def _measures(self, series):
        """What is drawn, with the scale that all carriers share."""
        labels = {
            "on_time_rate": (self.env._("On time"), "percent"),
            "first_scan_hours": (self.env._("First scan after"), "hours"),
            "damaged_rate": (self.env._("Damaged"), "percent"),
            "lost_rate": (self.env._("Lost"), "percent"),
            "cost_parcel": (self.env._("Freight per parcel"), "money"),
            "claims_paid": (self.env._("Claims paid"), "money"),
        }
        tops = {
            name: max((value for one in series.values() for value in one["series"][name] if value), default=0.0)
            for name, _count, _better in MEASURES
        }
        return [
            {
                "key": name,
                "label": labels[name][0],
                "unit": labels[name][1],
                "better": better,
                "max": 1.0 if name == "on_time_rate" else tops[name],
            }
            for name, _count, better in MEASURES
        ]

    @api.model
    def _total(self, rows):
        """The month of all carriers together."""
        sums = {
            name: sum(rows.mapped(name))
            for name in ("parcels", "due", "on_time", "late_ours", "damaged", "lost", "cost", "weight", "claims_made",
                         "claims_paid")
        }  # fmt: skip
        rate, low, high = (bound[0] for bound in kernel.wilson([sums["on_time"]], [sums["due"]]))
        known = sums["due"] > 0
        return sums | {
            "on_time_rate": float(rate) if known else False,
            "on_time_low": float(low) if known else False,
            "on_time_high": float(high) if known else False,
            "cost_parcel": sums["cost"] / sums["parcels"] if sums["parcels"] else False,
            "cost_kg": sums["cost"] / sums["weight"] if sums["weight"] else False,
        }

    @api.model
    @api.readonly
    def open_parcels(self, carrier_id, month, measure=False):
        """Action with the parcels behind a figure; public, also over RPC.

        :param carrier_id: id of the carrier
        :param month: first day of the month as text
        :param measure: a key of ``measures`` of :meth:`get_scorecard`, else all parcels of the month
        """
        self._check_reader()
        first = self._chosen_month(month, [], self.env.company)
        last = first + relativedelta(months=1) - timedelta(days=1)
        if measure == "claims_paid":
            action = self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_freight_claim_action")
            domain = [("state", "=", "paid"), ("date_closed", ">=", first), ("date_closed", "<=", last)]
        else:
            action = self._parcel_action()
            domain = [("date_handed", "!=", False), ("date_promised", ">=", first), ("date_promised", "<=", last)]
            domain += {
                "on_time_rate": [("is_late", "=", True)],
                "damaged_rate": [("is_damaged", "=", True)],
                "lost_rate": [("is_lost", "=", True)],
            }.get(measure, [])
        own = [("company_id", "=", self.env.company.id), ("carrier_id", "=", carrier_id)]
        domain = [
            [name, operator, value.isoformat() if hasattr(value, "isoformat") else value]
            for name, operator, value in own + domain
        ]
        return action | {"domain": domain, "context": {}}

    @api.model
    def _parcel_action(self):
        action = self.env.ref("scm_logistics.scm_parcel_action", raise_if_not_found=False)
        if action:
            return self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_parcel_action")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Parcels"),
            "res_model": "scm.parcel",
            "views": [[False, "list"], [False, "form"]],
        }
