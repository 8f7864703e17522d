from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day, local_today, zone_name

from ..kernel.watch import Facts, judge, pick_norm
from .scm_parcel_watch import CAUSES

#: causes that raise an alert; a disruption is known already, and listed by itself
ALERT_CAUSES = [code for code, _label in CAUSES if code != "disruption"]
#: parcels that ended badly stay on the list for so many days
ENDED_DAYS = 14
_COLUMNS = {
    "watch_cause": "text",
    "watch_all": "text",
    "p_late": "float8",
    "silent_hours": "float8",
    "date_suggested": "date",
    "money_at_stake": "numeric",
    "watch_why": "jsonb",
}


class ScmParcel(models.Model):
    """The check of what is on its way: read once, judged by the kernel, written in bulk, alerts made true."""

    _inherit = "scm.parcel"

    @api.model
    def check_exceptions(self):
        """Look at every open parcel of the user's companies now, instead of within the hour.

        :return: ``{cause: number of parcels}``
        """
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply chain managers check all parcels at once."))
        found = {}
        for company in self.env.companies:
            for cause, count in self._check_exceptions(company).items():
                found[cause] = found.get(cause, 0) + count
        return found

    @api.model
    def _cron_check_exceptions(self):
        """Each hour, for each company in its own day."""
        companies = self.env["res.company"].search([("active", "=", True)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self.env["scm.disruption"]._refresh_company(company)
            self._check_exceptions(company)
            if not cron._commit_progress(1):
                break

    @api.model
    def _cron_measure_norms(self):
        """Each night: what is usual may have changed."""
        companies = self.env["res.company"].search([("active", "=", True)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self.env["scm.scan.norm"]._measure(company)
            if not cron._commit_progress(1):
                break

    @api.model
    def _check_exceptions(self, company):
        """Find what is wrong with each open parcel of a company; a constant number of queries.

        :return: ``{cause: number of parcels}``
        """
        self = self.sudo()  # checks run for everyone, and their callers decide who may start them
        rows = self._watch_rows(company)
        found = self._judge_rows(company, rows)
        self._write_findings(company, found)
        counts = {}
        for one in found:
            if one["watch_cause"]:
                counts[one["watch_cause"]] = counts.get(one["watch_cause"], 0) + 1
        for cause in ALERT_CAUSES:
            self.env["scm.alert"]._sync(f"parcel_{cause}", company, self._watch_alert_rows(found, cause))
        return counts

    # Read

    @api.model
    def _watch_rows(self, company):
        self.flush_model()
        self.env["scm.disruption.impact"].flush_model()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT parcel.id, parcel.name, parcel.status, COALESCE(parcel.sub_status, '') AS sub_status,
                       COALESCE(parcel.is_lost, FALSE) AS is_lost, COALESCE(parcel.is_damaged, FALSE) AS is_damaged,
                       parcel.carrier_id, parcel.warehouse_id, parcel.zone_id, parcel.band_id, parcel.partner_id,
                       COALESCE(parcel.date_handed, parcel.create_date) AS handed, parcel.date_first_scan,
                       COALESCE(parcel.last_event_at, parcel.date_first_scan, parcel.date_handed, parcel.create_date)
                           AS last_news,
                       parcel.date_promised, parcel.date_expected, COALESCE(parcel.value, 0) AS value,
                       (commercial.scm_customer_class_id ->> %(company_key)s)::int AS class_id,
                       impact.disruption_id
                  FROM scm_parcel parcel
             LEFT JOIN res_partner partner ON partner.id = parcel.partner_id
             LEFT JOIN res_partner commercial ON commercial.id = partner.commercial_partner_id
             LEFT JOIN LATERAL (
                       SELECT one.disruption_id FROM scm_disruption_impact one
                        WHERE one.parcel_id = parcel.id AND one.state = 'applied' LIMIT 1) impact ON TRUE
                 WHERE parcel.direction = 'out' AND parcel.id IN (
                       SELECT id FROM scm_parcel WHERE company_id = %(company)s AND is_final IS NOT TRUE
                        UNION ALL
                       SELECT id FROM scm_parcel
                        WHERE company_id = %(company)s AND is_final AND status_at >= %(ended)s
                          AND status IN ('returned', 'expired', 'exception'))
                """,
                company=company.id,
                company_key=str(company.id),
                ended=fields.Datetime.now() - timedelta(days=ENDED_DAYS),
            )
        )

    # Judge

    @api.model
    def _judge_rows(self, company, rows):
        if not rows:
            return []
        now = fields.Datetime.now()
        warehouses = self.env["stock.warehouse"].browse({row["warehouse_id"] for row in rows} - {None})
        zones = {one.id: zone_name(company, one) for one in warehouses} | {None: zone_name(company)}
        todays = {zone: local_day(now, zone) for zone in set(zones.values())}
        calendar = self._watch_calendar(company, rows, min(todays.values()))
        norms = self.env["scm.scan.norm"]._norms(company)
        lanes = self.env["scm.lane"]._lookup(company, {_lane_key(row) for row in rows})
        costs = self._lateness_costs(company, {row["class_id"] for row in rows})
        found = []
        for row in rows:
            zone = zones[row["warehouse_id"]]
            today, started = todays[zone], local_day(row["handed"], zone)
            facts = self._facts(row, now, today, started, calendar, norms, lanes[_lane_key(row)], costs)
            facts = facts._replace(tail=1.0 - company.scm_silence_quantile)
            finding = judge(facts, company.scm_late_probability)
            lane = lanes[_lane_key(row)]
            found.append(self._finding_row(company, row, facts, finding, today, started, calendar, lane))
        return found

    @api.model
    def _watch_calendar(self, company, rows, today):
        days = [row["date_promised"] for row in rows if row["date_promised"]]
        days += [row["handed"].date() for row in rows] + [today]
        first = max(min(days), today - timedelta(days=400)) - timedelta(days=2)
        last = min(max(days), today + timedelta(days=400)) + timedelta(days=120)
        carriers = self.env["delivery.carrier"].browse({row["carrier_id"] for row in rows} - {None})
        return carriers._scm_calendar(company, carriers, first, last)

    @api.model
    def _facts(self, row, now, today, started, calendar, norms, lane, costs):
        promised, expected, carrier = row["date_promised"], row["date_expected"], row["carrier_id"]
        cost_late, cost_late_day = costs[row["class_id"]]
        late = calendar.between(carrier, promised, expected) if promised and expected else 0
        days_left = calendar.between(carrier, today, promised) if promised else None
        if promised and promised < today:
            days_left = min(days_left, -1)
        return Facts(
            status=row["status"],
            sub_status=row["sub_status"],
            is_lost=row["is_lost"],
            is_damaged=row["is_damaged"],
            is_scanned=bool(row["date_first_scan"]),
            hours_since_handed=(now - row["handed"]).total_seconds() / 3600,
            hours_silent=max((now - row["last_news"]).total_seconds() / 3600, 0.0),
            norm=pick_norm(norms, carrier, row["zone_id"]),
            pmf=tuple(lane["pmf"] or ()),
            elapsed=max(calendar.between(carrier, started, today), 0),
            days_left=days_left,
            days_expected_late=max(late, 0),
            in_disruption=bool(row["disruption_id"]),
            lost_rate=lane["lost"] or 0.0,
            cost_late=cost_late,
            cost_late_day=cost_late_day,
            value=float(row["value"]),
        )

    @api.model
    def _lateness_costs(self, company, class_ids):
        """``{class id or None: (cost of a late parcel, cost per day)}``; a class that is gone counts as none."""
        classes = self.env["scm.customer.class"].search([("company_id", "=", company.id)])
        usual = classes.filtered("is_default")[:1]
        costs = {one.id: (one.cost_late, one.cost_late_day) for one in classes}
        # the figure of the choice of carriers, where that is set up without classes
        default = costs.get(usual.id) or (getattr(company, "scm_cost_late", 0.0), 0.0)
        return {id_: costs.get(id_, default) for id_ in class_ids}

    @api.model
    def _finding_row(self, company, row, facts, finding, today, started, calendar, lane):
        cause = finding.causes[0] if finding.causes else None
        suggested = None
        if cause and finding.transit_90 is not None and facts.status not in ("returned", "expired"):
            suggested = max(calendar.after(row["carrier_id"], started, finding.transit_90), today)
            if facts.in_disruption and row["date_expected"]:
                suggested = max(suggested, row["date_expected"])
        money = company.currency_id.round(finding.money) if cause else 0.0
        return {
            "id": row["id"],
            "row": row,
            "watch_cause": cause,
            "watch_all": ",".join(finding.causes) or None,
            "p_late": round(finding.p_late, 4),
            "silent_hours": round(facts.hours_silent, 1) if cause else 0.0,
            "date_suggested": suggested,
            "money_at_stake": money,
            "watch_why": self._watch_why(company, row, facts, finding, lane, money) if cause else None,
        }

    @api.model
    def _watch_why(self, company, row, facts, finding, lane, money):
        currency = company.currency_id.name
        terms = [
            ("watch_silent", round(facts.hours_silent, 1), "watch_hours"),
            ("watch_norm", round(facts.norm.silence_hours, 1), "watch_hours"),
            ("watch_norm_label", round(facts.norm.label_hours, 1), "watch_hours"),
            ("watch_norm_level", f"watch_level_{facts.norm.level}", None),
            ("watch_norm_sample", facts.norm.sample, None),
            ("watch_elapsed", facts.elapsed, "days"),
            ("watch_days_left", facts.days_left, "days"),
            ("watch_p_late", round(finding.p_late, 3), "percent"),
            ("watch_lane_level", f"watch_lane_{lane['level']}", None),
            ("watch_transit_90", finding.transit_90, "days"),
            ("watch_days_late", finding.days_late, "days"),
            ("watch_p_lost", round(finding.p_lost, 3), "percent"),
            ("watch_cost_late", facts.cost_late, currency),
            ("watch_cost_late_day", facts.cost_late_day, currency),
            ("watch_value", facts.value, currency),
        ]
        notes = [f"watch_cause_{cause}" for cause in finding.causes]
        if facts.days_expected_late > 0:
            notes.append("watch_note_expected_late")
        return {
            "value": money,
            "unit": currency,
            "method": "watch_method",
            "formula": "watch_formula",
            "sample": int(lane["sample"] or 0),
            "terms": [
                {"code": code, "value": value} | ({"unit": unit} if unit else {})
                for code, value, unit in terms
                if value is not None
            ],
            "notes": notes,
        }

    # Write

    @api.model
    def _write_findings(self, company, found):
        """Write what changed; parcels that left the list are emptied."""
        json = fields.Json()
        columns = {
            name: [json.convert_to_column(one[name], self) if kind == "jsonb" else one[name] for one in found]
            for name, kind in _COLUMNS.items()
        }
        today = local_today(company)
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_parcel parcel
                   SET %(sets)s,
                       watch_since = CASE WHEN new.watch_cause IS NULL THEN NULL
                                          WHEN parcel.watch_cause IS NULL THEN %(now)s ELSE parcel.watch_since END,
                       watch_until = CASE WHEN new.watch_cause IS NULL OR parcel.watch_until <= %(today)s
                                          THEN NULL ELSE parcel.watch_until END,
                       watch_user_id = CASE WHEN new.watch_cause IS NULL THEN NULL ELSE parcel.watch_user_id END
                  FROM unnest(%(ids)s::int4[], %(values)s) AS new(id, %(names)s)
                 WHERE parcel.id = new.id
                   AND (new.watch_cause IS NOT NULL OR parcel.watch_cause IS NOT NULL
                        OR parcel.p_late IS DISTINCT FROM new.p_late)
                """,
                sets=SQL(", ").join(SQL("%s = new.%s", SQL.identifier(name), SQL.identifier(name)) for name in columns),
                now=fields.Datetime.now(),
                today=today,
                ids=[one["id"] for one in found],
                values=SQL(", ").join(SQL("%s::" + _COLUMNS[name] + "[]", values) for name, values in columns.items()),
                names=SQL(", ").join(SQL.identifier(name) for name in columns),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_parcel
                   SET watch_cause = NULL, watch_all = NULL, watch_since = NULL, watch_why = NULL, p_late = 0,
                       silent_hours = 0, date_suggested = NULL, money_at_stake = 0, watch_until = NULL,
                       watch_user_id = NULL
                 WHERE company_id = %s AND watch_cause IS NOT NULL AND NOT id = ANY(%s)
                """,
                company.id,
                [one["id"] for one in found],
            )
        )
        self.invalidate_model()

    @api.model
    def _watch_alert_rows(self, found, cause):
        return [
            {
                "subject_key": f"parcel:{one['id']}",
                "name": one["row"]["name"],
                "warehouse_id": one["row"]["warehouse_id"],
                "partner_id": one["row"]["partner_id"],
                "res_model": "scm.parcel",
                "res_id": one["id"],
                "money_at_stake": one["money_at_stake"],
                "why": one["watch_why"],
            }
            for one in found
            if one["watch_cause"] == cause
        ]


def _lane_key(row):
    return tuple(row[name] or False for name in ("carrier_id", "warehouse_id", "zone_id", "band_id"))
