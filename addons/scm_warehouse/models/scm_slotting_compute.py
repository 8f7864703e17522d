import numpy as np
from odoo import models

from ..kernel.slotting import least_metres, walk_between
from ..kernel.slotting_moves import propose

SMALL_SAMPLE = 10
NAMED = 5


class ScmSlottingRun(models.Model):
    """From what was read to proposals: kernel, then one create."""

    _inherit = "scm.slotting.run"

    def _propose_moves(self):
        """Weigh the whole warehouse and write what pays; what was proposed before and not decided goes."""
        self._refresh_facts()
        self._say_without_way()
        places = self._read_places()
        rows = self._read_items(places) if places else []
        self.env["scm.slotting.move"].search(
            [("warehouse_id", "=", self.warehouse_id.id), ("state", "=", "proposed")]
        ).unlink()
        if not rows:
            self.message = self._nothing_message(places)
            return
        totals = self._picks_per_day({row["product_id"] for row in rows})
        metres = {place["id"]: place["metres"] for place in places}
        picks = self._share_picks(
            rows, [metres[row["location_id"]] for row in rows], totals, self._picks_by_place(places)
        )
        items, kernel_places, work = self._kernel_input(places, rows, picks)
        proposal = propose(items, kernel_places, work, most=self.warehouse_id.scm_slotting_moves)
        self._write_totals(proposal, items, kernel_places)
        values = _Rows(self, places, rows, items, kernel_places, work, totals).values(proposal)
        self._add_pairs(values, places)
        self.env["scm.slotting.move"].create(values)
        self._write_message(proposal)

    def _refresh_facts(self):
        """Ways that were never measured, and the picks since the last look."""
        if not self.warehouse_id.scm_travel_at:
            self.warehouse_id._scm_refresh_travel()
        self.env["scm.pick.day"]._scm_refresh(self.company_id)
        self.env.flush_all()

    def _say_without_way(self):
        count, names = self._count_without_way()
        self.no_way_count = count
        if count:
            self._log_error(
                self.env._("%(count)s places without a way to the dock", count=count),
                self.env._(
                    "They are left out: %(names)s%(more)s. Give them coordinates, or an aisle and a bay, then "
                    "refresh the distances.",
                    names=", ".join(names),
                    more=" …" if count > len(names) else "",
                ),
            )

    def _why_notes(self):
        """Hook: notes for the why of each move."""
        return []

    def _nothing_message(self, places):
        if not places:
            return self.env._(
                "No place of %(warehouse)s has a way to the dock. Give the places coordinates, or an aisle and a bay, "
                "and refresh the distances first.",
                warehouse=self.warehouse_id.name,
            )
        return self.env._("Nothing lies in the places of %(warehouse)s.", warehouse=self.warehouse_id.name)

    def _write_totals(self, proposal, items, places):
        groups = proposal.groups
        self.write(
            {
                "place_count": len(places.metres),
                "item_count": len(items.place),
                "fixed_count": int(items.fixed.sum()),
                "move_count": sum(len(group.items) for group in groups),
                "more_count": proposal.kept_out,
                "metres_before": float(proposal.before),
                "metres_after": float(proposal.after),
                "metres_least": float(least_metres(items, places)),
                "effort_minutes": sum(group.effort for group in groups) / 60.0,
                "money_day": sum(group.saves for group in groups) / 3600.0 * self.warehouse_id.scm_hour_cost,
            }
        )

    def _write_message(self, proposal):
        if not proposal.groups:
            self.message = self.env._(
                "No move pays back within %(days)s days: everything lies well enough.", days=self.payback_days
            )

    def _add_pairs(self, values, places):
        """Tell for each move of a product near the dock which product is often bought with it, and how far it will be.

        It is a hint for who decides; the walk of a single pick does not know it.
        """
        pairs = self.env["scm.product.pair"]._partners(self.warehouse_id, {row["product_id"] for row in values})
        if not pairs:
            return
        where = {place["id"]: place for place in places}
        ends = {row["product_id"]: row["location_dest_id"] for row in values}
        missing = {partner for partner, _lift in pairs.values()} - set(ends)
        lies = self.env["stock.quant"]._read_group(
            [("product_id", "in", list(missing)), ("location_id", "in", list(where)), ("quantity", ">", 0)],
            ["product_id"],
            ["location_id:min"],
        )
        ends = {product.id: place for product, place in lies} | ends
        for row in values:
            partner, lift = pairs.get(row["product_id"], (0, 0.0))
            if partner in ends:
                metres = _metres_between(where[row["location_dest_id"]], where[ends[partner]])
                row.update(pair_product_id=partner, pair_lift=lift, pair_metres=metres)


def _metres_between(one, other):
    direct = abs(one["x"] - other["x"]) + abs(one["y"] - other["y"])
    return direct if np.isfinite(direct) else one["metres"] + other["metres"]


class _Rows:
    """Values of the moves of a proposal, with their why."""

    def __init__(self, run, places, rows, items, kernel_places, work, totals):
        self.run, self.places, self.rows, self.totals = run, places, rows, totals
        self.items, self.kernel_places, self.work = items, kernel_places, work
        self.hour_cost = run.warehouse_id.scm_hour_cost
        self.extra_notes = run._why_notes()
        # of which company and warehouse: the same for all
        self.common = {
            "run_id": run.id,
            "company_id": run.company_id.id,
            "warehouse_id": run.warehouse_id.id,
        }

    def values(self, proposal):
        allowed = self.items.allowed[np.arange(len(self.rows)), self.kernel_places.kind[self.items.place]] & (
            self.items.kg <= self.kernel_places.max_kg[self.items.place] + 1e-9
        )
        return [
            self._move(number, step, item, group, int(proposal.target[item]), bool(allowed[item]))
            for number, group in enumerate(proposal.groups, 1)
            for step, item in enumerate(group.items, 1)
        ]

    def _move(self, number, step, item, group, end, was_allowed):
        row, start = self.rows[item], int(self.items.place[item])
        picks = float(self.items.picks[item])
        way = self.kernel_places.way
        seconds = picks * float(way[start] - way[end]) / self.work.speed
        buffer = group.buffer if group.is_ring and step == 1 else None
        effort = self._effort(item, start, end, buffer)
        money = seconds / 3600.0 * self.hour_cost
        return self.common | {
            "product_id": row["product_id"],
            "location_id": self.places[start]["id"],
            "location_dest_id": self.places[end]["id"],
            "buffer_id": self._buffer(buffer),
            "group": number,
            "sequence": step,
            "role": "mend" if not was_allowed else "gain" if seconds > 0 else "room",
            "quantity": row["quantity"],
            "weight": float(self.items.kg[item]),
            "picks_day": picks,
            "metres_day": picks * 2.0 * float(self.kernel_places.metres[start] - self.kernel_places.metres[end]),
            "effort_minutes": effort / 60.0,
            "money_day": money,
            "payback_days": group.pays_back if group.saves > 0 else 0.0,
            "abc_picks": row["abc_picks"],
            "abc_value": row["abc_value"],
            "abc_volume": row["abc_volume"],
            "xyz": row["xyz"],
            "why": self._why(item, group, start, end, effort, money, was_allowed),
        }

    def _effort(self, item, start, end, buffer):
        """Seconds of work; with a wait in between, two carries."""
        trips, handling = float(self.items.trips[item]), 60.0 * self.work.handling
        if buffer is None:
            legs = [(start, end)]
        elif buffer < 0:
            # it waits on the trolley: handled twice
            return trips * (2 * handling + 2 * self._walk(start, end) / self.work.speed)
        else:
            legs = [(start, buffer), (buffer, end)]
        return sum(trips * (handling + 2 * self._walk(*leg) / self.work.speed) for leg in legs)

    def _walk(self, start, end):
        return float(walk_between(self.kernel_places, start, end))

    def _buffer(self, buffer):
        if buffer is None:
            return False
        return self.places[buffer]["id"] if buffer >= 0 else self.run.warehouse_id.lot_stock_id.id

    def _why(self, item, group, start, end, effort, money, was_allowed):
        run, row, places = self.run, self.rows[item], self.kernel_places
        sample = self.totals.get(row["product_id"], (0.0, 0))[1]
        currency = run.currency_id.name
        notes = [] if was_allowed else ["slot_mends"]
        if len(group.items) > 1:
            notes.append({"code": "slot_group", "values": {"count": len(group.items)}})
        if sample < SMALL_SAMPLE:
            notes.append("small_sample")
        notes += self.extra_notes
        terms = [
            ("slot_picks_day", float(self.items.picks[item]), None),
            ("slot_metres_now", float(places.metres[start]), "slot_metres"),
            ("slot_metres_then", float(places.metres[end]), "slot_metres"),
            ("slot_reach_now", float(places.extra[start]), "slot_metres"),
            ("slot_reach_then", float(places.extra[end]), "slot_metres"),
            ("slot_speed", self.work.speed, "slot_metres_second"),
            ("slot_hour_cost", self.hour_cost, currency),
            ("slot_trips", float(self.items.trips[item]), None),
            ("slot_effort", effort / 60.0, "slot_minutes"),
            ("slot_group_effort", group.effort / 60.0, "slot_minutes"),
            ("slot_group_money", group.saves / 3600.0 * self.hour_cost, currency),
            ("slot_group_payback", group.pays_back if group.saves > 0 else 0.0, "days"),
            ("slot_payback_limit", float(run.payback_days), "days"),
        ]
        return {
            "value": round(money, 4),
            "unit": currency,
            "method": f"slot_method_{run.basis}",
            "formula": "slot_formula",
            "sample": sample,
            "window": {"from": run.date_from.isoformat(), "to": run.date_to.isoformat()},
            "terms": [
                {"code": code, "value": round(value, 3)} | ({"unit": unit} if unit else {})
                for code, value, unit in terms
            ],
            "notes": notes,
        }
