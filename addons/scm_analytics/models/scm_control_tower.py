from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.scm_base.tools.zones import local_today

#: days of the line under a figure, and the weeks of the same weekday that it is compared with
TREND_DAYS = 28
TREND_WEEKS = 13
#: metrics that are read live for the day that is not over
TODAY_CODES = ("orders", "order_value", "shipped")


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
        day = metrics._parse_day(date) if date else today - timedelta(days=1)
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
            "alerts": self.env["scm.overview"]._top_alerts([("company_id", "=", company.id), ("state", "=", "open")]),
            "work": self._work(company, today),
            "currency_id": company.currency_id.id,
            "frozen": bool(
                self.env["scm.metric.snapshot"].search_count(
                    [("company_id", "=", company.id), ("metric_id", "in", shown.ids), ("date", "=", day)], limit=1
                )
            ),
        }

    def _tiles(self, metrics, company, warehouse, day, today):
        first = day - timedelta(weeks=TREND_WEEKS)
        dimension, subject = ("warehouse", warehouse.id) if warehouse else ("total", 0)
        series = {}
        for metric_id, _subject, date, numerator, denominator, sample in self.env["scm.metric.snapshot"]._series(
            metrics, company, first, day, dimension, [subject]
        ):
            value = metrics.browse(metric_id)._value(numerator, denominator)
            series.setdefault(metric_id, {})[date] = (value, sample)
        targets = self.env["scm.metric.target"]._at(company, day)
        notes = self._notes(metrics, company, day)
        # what is still happening is read of the company alone: one small query per source
        live = {} if warehouse else metrics.filtered(lambda metric: metric.code in TODAY_CODES)._live(company, today)
        tiles = []
        for metric in metrics:
            own, target = series.get(metric.id, {}), self._target(metric, targets, warehouse)
            tiles.append(
                self._tile(metric, own, day)
                | {
                    "target": target[0],
                    "tone": self._tone(metric, own, day, target),
                    "today": metric._value(*live[metric.id][:2]) if metric.id in live else False,
                    "note": notes.get(metric.id, False),
                }
            )
        return tiles

    @api.model
    def _shown_day(self, metric, series, day):
        """The day whose value is shown: of a weekly figure the last week that is known."""
        if metric.grain == "day":
            return day
        return max((date for date, (value, _sample) in series.items() if value is not False), default=day)

    def _tile(self, metric, series, day):
        shown = self._shown_day(metric, series, day)
        step, count = (1, TREND_DAYS) if metric.grain == "day" else (7, TREND_WEEKS)

        def at(back):
            return series.get(shown - timedelta(days=back), (False, 0))[0]

        return {
            "id": metric.id,
            "code": metric.code,
            "name": metric.name,
            "area": metric.area,
            "unit": metric.unit,
            "direction": metric.direction,
            "formula": metric.formula,
            "date": fields.Date.to_string(shown),
            "value": at(0),
            "sample": series.get(shown, (False, 0))[1],
            "weekday": at(7),
            "trend": [at(step * back) for back in reversed(range(count))],
        }

    @api.model
    def _target(self, metric, targets, warehouse):
        """``(target, limit)`` of the warehouse, else of the company, else False twice."""
        return targets.get((metric.id, warehouse.id)) or targets.get((metric.id, False)) or (False, False)

    def _tone(self, metric, series, day, target):
        """good, warn, bad, or plain where there is no target or no value."""
        value = series.get(self._shown_day(metric, series, day), (False, 0))[0]
        wanted, limit = target
        if wanted is False or value is False or metric.direction == "none":
            return "plain"
        sign = 1 if metric.direction == "up" else -1
        return "good" if sign * (value - wanted) >= 0 else "warn" if sign * (value - limit) > 0 else "bad"

    def _notes(self, metrics, company, day):
        """The latest note of each metric for the day, by one query."""
        notes = self.env["scm.metric.note"].search(
            [("metric_id", "in", metrics.ids), ("company_id", "=", company.id), ("date", "=", day)], order="id"
        )
        # sudo: the name of a colleague, who may be of another company; the notes themselves were read with own rights
        return {
            note.metric_id.id: {"id": note.id, "text": note.text, "owner": note.user_id.sudo().name} for note in notes
        }

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
        rows = {
            area: {"area": area, "alerts": count, "money": money or 0.0, "improvements": 0}
            for area, count, money in alerts
        }
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
        metric = metrics._of_code(code)
        day = metrics._parse_day(date)
        rows = self.env["scm.metric.snapshot"]._series(
            metric, self.env.company, day - timedelta(days=TREND_DAYS - 1), day, dimension
        )
        found = {}
        for _metric, subject, at, numerator, denominator, sample in rows:
            cell = found.setdefault(subject, {"sums": [0.0, 0.0, 0], "day": False})
            cell["sums"] = [
                cell["sums"][0] + (numerator or 0),
                cell["sums"][1] + (denominator or 0),
                cell["sums"][2] + sample,
            ]
            if at == day:
                cell["day"] = metric._value(numerator, denominator)
        names = self.env["scm.metric.snapshot"]._subject_names(dimension, list(found))
        split = [
            {
                "subject_id": subject,
                "subject": names.get(subject) or self.env._("None"),
                "value": cell["day"],
                "period": metric._value(*cell["sums"][:2]) if metric.kind == "flow" else cell["day"],
                "sample": cell["sums"][2],
            }
            for subject, cell in found.items()
        ]
        return sorted(split, key=lambda row: (-row["sample"], row["subject"]))
