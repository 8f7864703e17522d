from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: days before the lead-in that give the usual level
USUAL_DAYS = 56
PAST_OCCURRENCES = 4


class ScmSeasonEvent(models.AbstractModel):
    """Events of the season board, and what one of them did, is learned and is expected to do."""

    _name = "scm.season.event"
    _description = "Events of the Season Board"

    @api.model
    def _marks(self, company, category, today, date_from, date_to):
        """Occurrences to draw, those of the demand side and shut-downs, by their first day."""
        events = self.env["scm.event"].search(
            self.env["scm.event"]._company_domain(company) & Domain("kind", "!=", "shutdown")
            | self.env["scm.event"]._shutdown_domain(company)
        )
        if category:
            below = self.env["product.category"].search([("id", "child_of", category.id)])
            above = self.env["product.category"].search([("id", "parent_of", category.id)])
            events = events.filtered(
                lambda event: (
                    event.kind == "shutdown"
                    or not (event.category_ids or event.product_ids)
                    or event.category_ids & (below | above)
                    or event.product_ids.categ_id & below
                )
            )
        by_event = events._occurrences_between(company, date_from, date_to)
        effects = self._effects(company, events)
        marks = [self._mark(event, row, effects) for event in events for row in by_event[event.id]]
        first, last = fields.Date.to_string(date_from), fields.Date.to_string(date_to)
        marks = [mark for mark in marks if mark["after_to"] >= first and mark["lead_from"] <= last]
        return sorted(marks, key=lambda mark: (mark["from"], mark["event_id"]))

    @api.model
    def _effects(self, company, events):
        """{event id: learned change on its days, mean over categories}."""
        rows = self.env["scm.event.effect"]._read_group(
            [("company_id", "=", company.id), ("run_id.current", "=", True), ("event_id", "in", events.ids)],
            ["event_id"],
            ["peak:array_agg", "before:array_agg"],
        )
        means = {}
        for event, peaks, befores in rows:
            values = [max(peak or 0.0, before or 0.0, key=abs) for peak, before in zip(peaks, befores, strict=True)]
            means[event.id] = sum(values) / len(values) if values else 0.0
        return means

    @api.model
    def _mark(self, event, row, effects):
        return {
            "event_id": event.id,
            "occurrence_id": row.id,
            "name": event.name,
            "kind": event.kind,
            "from": fields.Date.to_string(row.date_start),
            "to": fields.Date.to_string(row.date_end),
            "lead_from": fields.Date.to_string(row.date_start - timedelta(days=event.lead_in_days)),
            "after_to": fields.Date.to_string(
                row.date_end + timedelta(days=0 if event.kind == "shutdown" else event.after_days)
            ),
            "where": ", ".join(event.country_ids.mapped("name")[:4]) if event.kind == "shutdown" else "",
            "vendors": ", ".join(event.partner_ids.mapped("display_name")[:4]),
            "learned": round(effects[event.id], 3) if event.id in effects else False,
            "expected": event.expected_uplift or False,
        }

    @api.model
    def get_event(self, occurrence_id, company_id=False):
        """What an occurrence of an event is expected to do, what was learned and what past ones did; public.

        For supply-chain users.

        :return: dict ``name``, ``kind``, ``from``, ``to``, ``lead_days``, ``after_days``, ``expected`` and
            ``uplift_use``, ``learned`` (per category), ``past`` (per occurrence: change before, on and behind its days
            against the eight weeks before its lead-in)
        """
        company = self.env["scm.season.board"]._checked_company(company_id)
        row = self.env["scm.event.occurrence"].search([("id", "=", occurrence_id)])
        if not row:
            raise UserError(self.env._("This occurrence is not there any more. Load the board again."))
        event = row.event_id
        return {
            "event_id": event.id,
            "name": event.name,
            "kind": event.kind,
            "from": fields.Date.to_string(row.date_start),
            "to": fields.Date.to_string(row.date_end),
            "lead_days": event.lead_in_days,
            "after_days": event.after_days,
            "strength": row.strength,
            "expected": event.expected_uplift,
            "uplift_use": event.uplift_use,
            "scope": ", ".join(
                (event.category_ids.mapped("display_name") + event.product_ids.mapped("display_name"))[:6]
            ),
            "note": event.note or "",
            "learned": self._learned(company, event),
            "past": self._past(company, event, row),
        }

    @api.model
    def _learned(self, company, event):
        effects = self.env["scm.event.effect"].search(
            [("company_id", "=", company.id), ("run_id.current", "=", True), ("event_id", "=", event.id)]
        )
        return [
            {
                "category": effect.categ_id.display_name or self.env._("All products"),
                "before": effect.before,
                "peak": effect.peak,
                "after": effect.after,
                "shape": effect.shape or "",
                "times_seen": effect.times_seen,
            }
            for effect in effects.sorted(lambda effect: -abs(effect.peak))
        ]

    @api.model
    def _past(self, company, event, row):
        """What the last occurrences did to the demand of the event's scope, in one query."""
        today = self.env["scm.demand.day"]._scm_company_today(company)
        past = event.occurrence_ids.filtered(lambda one: one.date_end < today).sorted("date_start", reverse=True)
        past = past[:PAST_OCCURRENCES]
        if not past or event.kind == "shutdown":
            return []
        parts = [(one.id, *part) for one in past for part in self._parts(event, one)]
        values = SQL(", ").join(SQL("(%s, %s, %s::date, %s::date)", *part) for part in parts)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT part.id, part.name,
                       COALESCE(sum(d.quantity), 0) / (max(part.last) - max(part.first) + 1)
                  FROM (VALUES %s) part (id, name, first, last)
             LEFT JOIN (SELECT date, sum(quantity) AS quantity
                          FROM scm_demand_day
                         WHERE company_id = %s AND date BETWEEN %s AND %s AND %s
                      GROUP BY date) d ON d.date BETWEEN part.first AND part.last
              GROUP BY part.id, part.name
                """,
                values,
                company.id,
                min(part[2] for part in parts),
                max(part[3] for part in parts),
                self._scope_sql(event),
            )
        )
        level = {(occurrence, name): float(per_day) for occurrence, name, per_day in rows}
        return [found for one in past if (found := self._past_row(one, level))]

    @api.model
    def _parts(self, event, one):
        """(name, first, last day) of the stretches whose demand per day is compared."""
        lead, after = timedelta(days=event.lead_in_days), timedelta(days=event.after_days)
        quiet = one.date_start - lead
        parts = [("usual", quiet - timedelta(days=USUAL_DAYS), quiet - timedelta(days=1))]
        parts.append(("peak", one.date_start, one.date_end))
        if lead:
            parts.append(("before", quiet, one.date_start - timedelta(days=1)))
        if after:
            parts.append(("after", one.date_end + timedelta(days=1), one.date_end + after))
        return parts

    @api.model
    def _past_row(self, one, level):
        usual = level.get((one.id, "usual"))
        if not usual:
            return None
        changes = {
            name: round(level[one.id, name] / usual - 1, 3) if (one.id, name) in level else False
            for name in ("before", "peak", "after")
        }
        day = fields.Date.to_string
        return {"from": day(one.date_start), "to": day(one.date_end), "strength": one.strength, **changes}

    @api.model
    def _scope_sql(self, event):
        conditions = []
        if event.category_ids or event.product_ids:
            conditions.append(
                SQL(
                    """product_id IN (
                        SELECT p.id FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id
                         WHERE p.id = ANY(%s) OR t.categ_id = ANY(%s))""",
                    event.product_ids.ids,
                    self.env["product.category"].search([("id", "child_of", event.category_ids.ids)]).ids,
                )
            )
        if event.warehouse_ids:
            conditions.append(SQL("warehouse_id = ANY(%s)", event.warehouse_ids.ids))
        return SQL(" AND ").join(conditions) if conditions else SQL("TRUE")
