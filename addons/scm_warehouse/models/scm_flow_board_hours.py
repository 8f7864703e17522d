from collections import Counter
from datetime import timedelta

import numpy as np
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_moment, utc_moment

from ..kernel import flow, hour_load
from .scm_flow_board import _midnight
from .scm_flow_fact import STAGES

PROFILE_DAYS = 56
LOAD_DAYS = 7
#: for an older day nothing is said of the days to come
RECENT_DAYS = 28
#: what moves inside has no flow of its own
BOARD_STAGES = [code for code, _label in STAGES if code != "internal"]
#: the stage at which orders enter the floor: the first of these that the warehouse has
ENTRANCES = ("pick", "pack", "ship")


class ScmFlowBoard(models.AbstractModel):
    """What came in and went out in each hour, where it piles up, and what to expect."""

    _inherit = "scm.flow.board"

    @api.model
    def _flow(self, warehouse, zone, now, shown, today, is_free):
        """Keys ``day``, ``hours``, ``stages``, ``bottleneck``, ``main_stage`` and ``load`` of the board."""
        is_recent = (today - shown).days <= RECENT_DAYS
        past = self._past(warehouse, zone, shown - timedelta(days=PROFILE_DAYS), today if is_recent else shown)
        if is_free and not _moved(past)[:, past["days"].index(shown)].any():
            # nothing has moved as yet today: the last day with work says more
            active = np.flatnonzero(_moved(past).any(axis=(0, 2)))
            shown = past["days"][active[-1]] if active.size else shown
        waiting = self._waiting_at(warehouse, utc_moment(_midnight(shown), zone))
        columns = self._columns(zone, shown, now)
        stages = {
            code: self._stage_hours(code, past, waiting.get(code, 0), columns, shown)
            for number, code in enumerate(BOARD_STAGES)
            if _moved(past)[number].any() or waiting.get(code)
        }
        main = next((code for code in ENTRANCES if code in stages), "ship")
        return {
            "day": shown.isoformat(),
            "hours": [column["label"] for column in columns],
            "hour_now": next((n for n, column in enumerate(columns) if column["is_now"]), False),
            "main_stage": main,
            "stages": [self._stage_line(code, *stages[code]) for code in stages],
            "bottleneck": flow.bottleneck([stage for stage, _path, _in, _out in stages.values()]),
            "expected": self._expected(past, main, shown, columns),
            "load": self._load(warehouse, past, main, today, stages[main][0].capacity if main in stages else 0.0)
            if is_recent
            else {"days": [], "why": False, "capacity": 0.0},
        }

    # Reading

    @api.model
    def _past(self, warehouse, zone, first_day, last_day):
        """Counts per stage, day and local hour from one day to another, exact over a change of the clock.

        :return: ``days``; ``in`` and ``out`` (stages, days, 24); ``exact``: ``{(stage, kind, UTC hour): count}``
        """
        days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
        first, last = (utc_moment(_midnight(day), zone) for day in (first_day, last_day + timedelta(days=1)))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT stage, 'in', %(hour_ready)s, count(*) FROM scm_flow_fact
                 WHERE warehouse_id = %(id)s AND ready_at >= %(first)s AND ready_at < %(last)s GROUP BY 1, 3
                UNION ALL
                SELECT stage, 'in', %(hour_done)s, count(*) FROM scm_flow_fact
                 WHERE warehouse_id = %(id)s AND stage = 'receive' AND ready_at IS NULL
                   AND done_at >= %(first)s AND done_at < %(last)s GROUP BY 1, 3
                UNION ALL
                SELECT stage, 'out', %(hour_done)s, count(*) FROM scm_flow_fact
                 WHERE warehouse_id = %(id)s AND done_at >= %(first)s AND done_at < %(last)s GROUP BY 1, 3
                """,
                id=warehouse.id,
                first=first,
                last=last,
                hour_ready=SQL("floor(extract(epoch FROM ready_at - %s::timestamp) / 3600)::int", first),
                hour_done=SQL("floor(extract(epoch FROM done_at - %s::timestamp) / 3600)::int", first),
            )
        )
        shape = (len(BOARD_STAGES), len(days), 24)
        found = {"days": days, "in": np.zeros(shape, int), "out": np.zeros(shape, int), "exact": Counter()}
        for stage, kind, hour, count in rows:
            if stage in BOARD_STAGES:
                moment = first + timedelta(hours=hour)
                local = local_moment(moment, zone)
                found[kind][BOARD_STAGES.index(stage), (local.date() - first_day).days, local.hour] += count
                found["exact"][stage, kind, moment] += count
        return found

    @api.model
    def _waiting_at(self, warehouse, moment):
        """``{stage: transfers}`` that were ready and not done at a moment."""
        rows = self.env.execute_query(
            SQL(
                """SELECT stage, count(*) FROM scm_flow_fact
                    WHERE warehouse_id = %(id)s AND ready_at < %(moment)s AND (done_at IS NULL OR done_at >= %(moment)s)
                    GROUP BY stage""",
                id=warehouse.id,
                moment=moment,
            )
        )
        return dict(rows)

    # What the hours say

    @api.model
    def _columns(self, zone, shown, now):
        """The hours of the day as its clock has them: 23 or 25 where the clock changes."""
        moment, end = (utc_moment(_midnight(day), zone) for day in (shown, shown + timedelta(days=1)))
        columns, seen = [], set()
        while moment < end:
            label = local_moment(moment, zone).strftime("%H:%M")
            columns.append(
                {
                    "moment": moment,
                    "hour": int(label[:2]),
                    # the hour that comes twice
                    "label": f"{label}*" if label in seen else label,
                    "is_now": moment <= now < moment + timedelta(hours=1),
                    "is_past": moment <= now,
                }
            )
            seen.add(label)
            moment += timedelta(hours=1)
        return columns

    @api.model
    def _stage_hours(self, code, past, waiting, columns, shown):
        """A stage on the shown day up to now: its measures, queue, and what came in and went out in each hour."""
        upto = [column["moment"] for column in columns if column["is_past"]]
        entering, leaving = ([past["exact"][code, kind, moment] for moment in upto] for kind in ("in", "out"))
        before = past["out"][BOARD_STAGES.index(code), : past["days"].index(shown)]
        capacity = flow.demonstrated_capacity(before.ravel())
        path = flow.queue_path(waiting, entering, leaving).tolist() if entering else []
        return flow.measure_stage(code, waiting, entering, leaving, capacity), path, entering, leaving

    @api.model
    def _stage_line(self, code, stage, path, entering, leaving):
        labels = dict(self.env["scm.flow.fact"]._fields["stage"]._description_selection(self.env))
        return {
            "code": code,
            "label": labels[code],
            "in": entering,
            "out": leaving,
            "queue": path,
            "entered": stage.entered,
            "left": stage.left,
            "end": stage.queue,
            "peak": stage.peak,
            "capacity": stage.capacity,
            "utilisation": round(stage.utilisation, 3),
            "clear_hours": round(stage.clear_hours, 2),
            "wait_hours": round(stage.wait_hours, 2),
        }

    # What to expect

    @api.model
    def _expected_scales(self, warehouse, days, totals, weekdays):
        """Hook: by how much each of these days differs from its weekday: list of ``{'scale', 'source'}``.

        Here it is the trend of the last two weeks. An addon that knows more of a day replaces its entry; ``source`` is
        a code that the board knows words for: usual, recent, forecast.

        :param totals: transfers of the past days, oldest first; ``weekdays``: of these days
        """
        factor = hour_load.trend(totals, weekdays)
        return [{"scale": factor, "source": "usual" if factor == 1.0 else "recent"} for _day in days]

    @api.model
    def _expected(self, past, main, shown, columns):
        """What was to be expected in each hour of the shown day, from the days before it."""
        counts, weekdays = _history(past, main, shown)
        if not counts.sum():
            return {"mean": [], "low": [], "high": []}
        factor = hour_load.trend(counts.sum(axis=1), weekdays)
        load = hour_load.expected_load(counts, weekdays, [shown.weekday()], [factor])
        hours = [column["hour"] for column in columns]
        return {
            name: [round(float(getattr(load, name)[0, hour]), 1) for hour in hours] for name in ("mean", "low", "high")
        }

    @api.model
    def _load(self, warehouse, past, main, today, capacity):
        """Expected transfers per hour of today and the next days."""
        counts, weekdays = _history(past, main, today)
        if not counts.sum():
            return {"days": [], "why": False, "capacity": 0.0}
        days = [today + timedelta(days=n) for n in range(LOAD_DAYS)]
        scales = self._expected_scales(warehouse, days, counts.sum(axis=1), weekdays)
        load = hour_load.expected_load(
            counts, weekdays, [day.weekday() for day in days], [each["scale"] for each in scales]
        )
        return {
            "days": [
                {
                    "date": day.isoformat(),
                    "total": round(float(load.mean[n].sum()), 1),
                    "hours": [round(float(each), 1) for each in load.mean[n]],
                    "over": int((load.mean[n] > capacity).sum()) if capacity else 0,
                    "scale": float(scales[n]["scale"]),
                    "source": scales[n]["source"],
                }
                for n, day in enumerate(days)
            ],
            "capacity": capacity,
            "why": self._load_why(counts, weekdays, load, scales, capacity),
        }

    @api.model
    def _load_why(self, counts, weekdays, load, scales, capacity):
        return {
            "value": round(float(load.mean[0].sum()), 1),
            "unit": "flow_transfers",
            "method": f"flow_load_{scales[0]['source']}",
            "formula": "flow_load_formula",
            "sample": int(counts.sum()),
            "terms": [
                {"code": "flow_load_days", "value": len(counts)},
                {"code": "flow_load_scale", "value": round(float(scales[0]["scale"]), 3)},
                {"code": "flow_load_spread", "value": round(hour_load.dispersion(counts, weekdays), 2)},
                {"code": "flow_capacity", "value": capacity, "unit": "flow_per_hour"},
            ],
            "notes": ["flow_load_range"] + ([] if capacity else ["flow_capacity_unknown"]),
        }


def _moved(past):
    return past["in"] + past["out"]


def _history(past, main, day):
    """Counts (days, 24) of what entered a stage on the 56 days before one, and their weekdays.

    Days before the flow was known are no idle days: the first day is the first with anything.
    """
    counts = past["in"][BOARD_STAGES.index(main), : past["days"].index(day)]
    active = np.flatnonzero(counts.any(axis=1))
    first = max(int(active[0]) if active.size else 0, len(counts) - PROFILE_DAYS)
    return counts[first:], [each.weekday() for each in past["days"][first : len(counts)]]
