from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

#: days of the line under a figure, and the weeks of the same weekday that it is compared with
TREND_DAYS = 28
#: metrics that are read live for the day that is not over
TODAY_CODES = ("orders", "order_value", "shipped")
TOP_ALERTS = 8


class ScmControlTower(models.AbstractModel):
    """The morning page: how the supply chain stood yesterday, what changed, why, and who does what."""

    _name = "scm.control.tower"
    _description = "Control Tower"

    @api.model
    @api.readonly
    def get_tower(self, date=False, warehouse_id=False):
        """All that the page shows for the present company.

        :param date: the day to look at, as ISO text; by default yesterday
        :param warehouse_id: figures of one warehouse; by default of the company
        :return: ``{"date", "today", "tiles": [...], "areas": [(key, label)], "alerts": [...], "work": [...],
            "warehouses": [...], "currency_id", "frozen"}``; a tile has ``value``, ``weekday`` (same weekday a week
            before), ``target``, ``tone``, ``trend`` (values of the days up to the date, False for a gap), ``today``,
            ``note``
        """
        metrics = self.env["scm.metric"]
        metrics._check_reader()
        company = self.env.company
        today = local_today(company)
        day = fields.Date.to_date(date) if date else today - timedelta(days=1)
        warehouses = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        warehouse = warehouses.filtered(lambda one: one.id == warehouse_id)
        shown = metrics.search([("is_headline", "=", True)])
        return {
            "date": fields.Date.to_string(day),
            "today": fields.Date.to_string(today),
            "warehouse_id": warehouse.id,
            "warehouses": [{"id": one.id, "name": one.name} for one in warehouses],
            "areas": self.env["scm.alert.type"]._fields["area"]._description_selection(self.env),
            "tiles": self._tiles(shown, company, warehouse, day, today),
            "alerts": self._alerts(company),
            "work": self._work(company, today),
            "currency_id": company.currency_id.id,
            "frozen": bool(
                self.env["scm.metric.snapshot"].search_count([("company_id", "=", company.id), ("date", "=", day)], limit=1)
            ),
        }

    def _tiles(self, metrics, company, warehouse, day, today):
        first = day - timedelta(days=TREND_DAYS - 1)
        dimension, subject = ("warehouse", warehouse.id) if warehouse else ("total", 0)
        rows = self.env["scm.metric.snapshot"]._series(metrics, company, first, day, dimension, [subject])
        series = {}
        for metric_id, _subject, date, numerator, denominator, sample in rows:
            series.setdefault(metric_id, {})[date] = (numerator, denominator, sample)
        targets = self.env["scm.metric.target"]._at(company, day)
        notes = self._notes(metrics, company, day)
        live = {}
        if not warehouse:
            live = metrics.filtered(lambda metric: metric.code in TODAY_CODES)._live(company, today)
        return [
            self._tile(metric, series.get(metric.id, {}), day, first)
            | self._judged(metric, series.get(metric.id, {}), day, targets, warehouse)
            | {
                "today": metric._value(*live[metric.id][:2]) if metric.id in live else False,
                "note": notes.get(metric.id, False),
            }
            for metric in metrics
        ]

    def _tile(self, metric, series, day, first):
        def at(moment):
            return metric._value(*series[moment][:2]) if moment in series else False

        shown = day
        if metric.source.startswith(("forecast.", "override.")):
            # a week's figure stands under its Monday
            shown = max((date for date in series if at(date) is not False), default=day)
        return {
            "id": metric.id,
            "code": metric.code,
            "name": metric.name,
            "area": metric.area,
            "unit": metric.unit,
            "direction": metric.direction,
            "formula": metric.formula,
            "date": fields.Date.to_string(shown),
            "value": at(shown),
            "sample": series[shown][2] if shown in series else 0,
            "weekday": at(shown - timedelta(days=7)),
            "trend": [at(first + timedelta(days=offset)) for offset in range((day - first).days + 1)],
        }

    def _judged(self, metric, series, day, targets, warehouse):
        """Target and tone: good, warn, bad or plain where there is no target or no value."""
        target, limit = targets.get((metric.id, warehouse.id)) or targets.get((metric.id, False)) or (False, False)
        value = metric._value(*series[day][:2]) if day in series else False
        if target is False or value is False or metric.direction == "none":
            return {"target": target, "tone": "plain"}
        sign = 1 if metric.direction == "up" else -1
        tone = "good" if sign * (value - target) >= 0 else "warn" if sign * (value - limit) > 0 else "bad"
        return {"target": target, "tone": tone}

    def _notes(self, metrics, company, day):
        """The latest note of each metric for the day, by one query."""
        notes = self.env["scm.metric.note"].search(
            [("metric_id", "in", metrics.ids), ("company_id", "=", company.id), ("date", "=", day)], order="id"
        )
        return {
            note.metric_id.id: {"id": note.id, "text": note.text, "owner": note.user_id.sudo().name} for note in notes
        }  # sudo: the name of a colleague who may be of another company

    def _alerts(self, company):
        """Open alerts with most money at stake."""
        alerts = self.env["scm.alert"].search(
            [("company_id", "=", company.id), ("state", "=", "open")],
            order="severity_rank, money_at_stake DESC, id",
            limit=TOP_ALERTS,
        )
        return [
            {
                "id": alert.id,
                "name": alert.display_name,
                "type": alert.type_id.name,
                "severity": alert.severity,
                "money": alert.money_at_stake,
                "owner": alert.user_id.name or "",
                "date_due": fields.Date.to_string(alert.date_due) or "",
            }
            for alert in alerts
        ]

    def _work(self, company, today):
        """What is to be done by area: alerts due, improvements due, and the money in the alerts."""
        mine = Domain("company_id", "=", company.id)
        due = Domain("date_due", "<=", today)
        alerts = self.env["scm.alert"]._read_group(
            mine & due & Domain("state", "=", "open"), ["area"], ["__count", "money_at_stake:sum"]
        )
        improvements = self.env["scm.improvement"]._read_group(
            mine & due & Domain("state", "not in", ("done", "cancelled")), ["area"], ["__count"]
        )
        rows = {area: {"area": area, "alerts": count, "money": money or 0.0, "improvements": 0} for area, count, money in alerts}
        for area, count in improvements:
            rows.setdefault(area, {"area": area, "alerts": 0, "money": 0.0, "improvements": 0})["improvements"] = count
        return list(rows.values())

    @api.model
    @api.readonly
    def get_split(self, code, date, dimension):
        """A metric by warehouse, category, region, carrier or supplier: that day and the 28 days up to it.

        :return: ``[{"subject_id", "subject", "value", "period", "sample"}]``, most facts first
        """
        metrics = self.env["scm.metric"]
        metrics._check_reader()
        metric = metrics.search([("code", "=", code)], limit=1)
        day = fields.Date.to_date(date)
        rows = self.env["scm.metric.snapshot"]._series(
            metric, self.env.company, day - timedelta(days=TREND_DAYS - 1), day, dimension
        )
        found = {}
        for _metric, subject, at, numerator, denominator, sample in rows:
            cell = found.setdefault(subject, {"sums": [0.0, 0.0, 0], "day": False})
            cell["sums"] = [cell["sums"][0] + (numerator or 0), cell["sums"][1] + (denominator or 0), cell["sums"][2] + sample]
            if at == day:
                cell["day"] = metric._value(numerator, denominator)
        names = self._subject_names(dimension, list(found))
        split = [
            {
                "subject_id": subject,
                "subject": names.get(subject, ""),
                "value": cell["day"],
                "period": metric._value(*cell["sums"][:2]) if metric.kind == "flow" else cell["day"],
                "sample": cell["sums"][2],
            }
            for subject, cell in found.items()
        ]
        return sorted(split, key=lambda row: (-row["sample"], row["subject"]))

    def _subject_names(self, dimension, ids):
        snapshots = self.env["scm.metric.snapshot"]
        rows = snapshots.browse(
            row for (row,) in self.env.execute_query(
                SQL(
                    """SELECT MAX(id) FROM scm_metric_snapshot
                        WHERE company_id = %s AND dimension = %s AND subject_id = ANY(%s) GROUP BY subject_id""",
                    self.env.company.id,
                    dimension,
                    ids,
                )
            )
        )
        return {row.subject_id: row.subject for row in rows}
