from collections import Counter
from datetime import timedelta

import numpy as np
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel import count_plan as kernel
from ..kernel import count_rule
from .scm_count_plan_read import ERROR_DAYS, MOVE_DAYS

YEAR = 365.0


class ScmCountPlan(models.AbstractModel):
    """Which places of a warehouse are counted on which of the coming days; see kernel/count_plan.py.

    Made again it plans the same: a place with an open count keeps it, on its day, and takes its room of that day.
    """

    _name = "scm.count.plan"
    _inherit = "scm.count.plan.read"
    _description = "Count Plan of a Warehouse"

    @api.model
    def _plan(self, warehouse):
        """Plan one warehouse.

        :return: counts: planned, kept, cancelled, late (due, and not within the capacity until their day)
        """
        self.env.flush_all()
        today = local_today(warehouse.company_id, warehouse)
        tasks = self._read_tasks(warehouse, today)
        data = self._by_place(warehouse, today)
        cancelled = self._cancel_idle(warehouse, tasks, data["places"])
        tasks = [task for task in tasks if task[0] not in cancelled]
        self._fill_due(warehouse, today, data)
        self._store_due(warehouse, today, data)
        days = self._working_days(warehouse, today)
        spread = self._spread(warehouse, today, days, tasks, data)
        created = self._create_tasks(warehouse, today, days, spread, data)
        return {
            "planned": len(created),
            "kept": sum(task[5] != "done" for task in tasks),
            "cancelled": len(cancelled),
            "late": int(spread.late.sum()),
        }

    # Computing

    @api.model
    def _fill_due(self, warehouse, today, data):
        """Adds risk and due day of each place to ``data``."""
        rows, count = data["rows"], len(data["places"])
        letter = np.full(count, "Z", dtype="U1")
        order = np.argsort(data["letter"], kind="stable")[::-1]
        letter[data["at"][order]] = data["letter"][order]  # the best letter is written last
        data["letter_of"] = np.where(letter == "Z", "", letter)
        rules, keys = self.env["scm.count.rule"]._of_company(warehouse.company_id)
        found = count_rule.match(keys, np.full(count, warehouse.id), [row[1] for row in rows], data["letter_of"])
        times = np.array([rule.times_a_year for rule in rules] + [0.0])[found]
        data["interval"] = np.where(times > 0, YEAR / np.maximum(times, 1e-9), np.inf)
        data["since"] = np.array([(today - row[2]).days if row[2] else np.nan for row in rows], dtype=float)
        exposure = np.where([row[4] > 0 for row in rows], data["pace"] * ERROR_DAYS, 0.0)
        wrong = np.array([row[5] for row in rows], dtype=float)
        data["base"] = kernel.base_rate(wrong, exposure)
        data["rate"] = kernel.shrunk_rate(wrong, exposure, data["base"])
        at = data["at"]
        each = kernel.risk(data["value"], data["moves"], data["rate"][at], data["since"][at])
        data["risk"] = np.bincount(at, weights=each, minlength=count)
        data["worth"] = np.bincount(at, weights=np.abs(data["value"]), minlength=count)
        data["negative"] = np.bincount(at, weights=data["quantity"] < 0, minlength=count) > 0
        stored = np.array([(row[3] - today).days if row[3] else np.nan for row in rows], dtype=float)
        due = kernel.due_days(data["since"], data["interval"], stored, data["risk"])
        data["due"] = np.where(data["negative"], np.minimum(due, 0), due)

    @api.model
    def _spread(self, warehouse, today, days, tasks, data):
        busy = {task[1] for task in tasks if task[5] != "done" and not task[2]}
        is_busy = np.array([place in busy for place in data["places"]], dtype=bool)
        offsets = np.array([(day - today).days for day in days], dtype=int)
        cost = warehouse.scm_count_minutes / 60 * warehouse.scm_hour_cost
        rested = np.isnan(data["since"]) | (data["since"] >= warehouse.scm_count_min_days)
        return kernel.spread(
            np.where(is_busy, np.inf, data["due"]),
            data["risk"],
            offsets,
            self._room(warehouse, today, offsets, tasks),
            ~is_busy & rested & (data["risk"] >= cost),
        )

    @api.model
    def _room(self, warehouse, today, offsets, tasks):
        """Places that each day still takes; what is open for a day off is done on the next working day."""
        moments = np.array([0 if task[5] == "done" else (task[3] - today).days for task in tasks], dtype=int)
        backlog = int((moments < 0).sum())
        position = np.searchsorted(offsets, moments[moments >= 0])
        load = np.bincount(position[position < offsets.size], minlength=offsets.size)
        return kernel.room_left(warehouse.scm_count_capacity, load, backlog)

    # Writing

    @api.model
    def _cancel_idle(self, warehouse, tasks, places):
        """Counts of the plan that nobody has begun and that have nothing to count any more."""
        full = set(places)
        idle = [
            task[0] for task in tasks if task[4] == "plan" and task[5] == "todo" and not task[2] and task[1] not in full
        ]
        # sudo: the plan is made for everybody; who may start it was checked by the run
        self.env["scm.count.task"].sudo().browse(idle).write(
            {
                "state": "cancelled",
                "cancel_reason": self.env._("Nothing lies there any more, or the place is locked or archived."),
            }
        )
        return set(idle)

    @api.model
    def _store_due(self, warehouse, today, data):
        """The day due of each place; only what changed is written, by one statement."""
        finite = np.isfinite(data["due"])
        places = np.array(data["places"], dtype=int)[finite].tolist()
        days = [today + timedelta(days=int(number)) for number in np.floor(data["due"][finite]).tolist()]
        self.env.cr.execute(
            SQL(
                """UPDATE stock_location place SET scm_count_due = due.day
                     FROM (SELECT place.id, given.day FROM stock_location place
                             LEFT JOIN unnest(%s::int[], %s::date[]) AS given (id, day) ON given.id = place.id
                            WHERE place.warehouse_id = %s) due
                    WHERE place.id = due.id AND place.scm_count_due IS DISTINCT FROM due.day""",
                places,
                days,
                warehouse.id,
            )
        )
        self.env["stock.location"].invalidate_model(["scm_count_due"])

    @api.model
    def _create_tasks(self, warehouse, today, days, spread, data):
        chosen = np.flatnonzero(spread.day != kernel.NOT_PLANNED)
        codes = kernel.reasons(data["due"][chosen], data["negative"][chosen], spread.by_risk[chosen])
        # sudo: as in _cancel_idle
        return self.env["scm.count.task"].sudo().create(
            [
                {
                    "company_id": warehouse.company_id.id,
                    "warehouse_id": warehouse.id,
                    "location_id": data["places"][place],
                    "date": days[spread.day[place]],
                    "origin": "plan",
                    "plan_reason": code,
                    "priority": "1" if code == kernel.NEGATIVE else "0",
                    "risk": round(float(data["risk"][place]), 2),
                    "why": self._why(warehouse, today, data, place, code),
                }
                for place, code in zip(chosen.tolist(), codes, strict=True)
            ]
        )  # fmt: skip

    @api.model
    def _why(self, warehouse, today, data, place, code):
        currency, since, interval = warehouse.company_id.currency_id.name, data["since"][place], data["interval"][place]
        terms = [
            ("count_value", round(float(data["worth"][place]), 2), currency),
            ("count_moves_per_day", round(float(data["pace"][place]), 3), ""),
            ("count_rate", round(float(data["rate"][place]) * 1000, 2), ""),
            ("count_rate_warehouse", round(data["base"] * 1000, 2), ""),
            ("count_since", int(kernel.NEVER_DAYS if np.isnan(since) else since), "days"),
        ]
        if np.isfinite(interval):
            terms.append(("count_class", data["letter_of"][place] or "count_no_class", ""))
            terms.append(("count_interval", int(interval), "days"))
            terms.append(("count_due_on", str(today + timedelta(days=int(np.floor(data["due"][place])))), ""))
        notes = [f"count_reason_{code}"] + (["count_never"] if np.isnan(since) else [])
        return {
            "value": round(float(data["risk"][place]), 2),
            "unit": currency,
            "method": "count_risk",
            "formula": "count_risk_formula",
            "sample": int(data["rows"][place][4]),
            "window": {"from": str(today - timedelta(days=MOVE_DAYS)), "to": str(today)},
            "terms": [{"code": name, "value": value, "unit": unit} for name, value, unit in terms],
            "notes": notes,
        }

    @api.model
    def _totals(self, results):
        """Sum of the counts of several warehouses."""
        return dict(sum((Counter(result) for result in results), Counter()))
