from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..kernel.flow import error_rate
from .scm_flow_board import MEASURE_DAYS

#: what came back says little of deliveries that are only just out, so errors are counted over a longer time
ERROR_DAYS = 90
#: fewer picks, or days, of a person say nothing of him
LEAST_PICKS = 50
LEAST_DAYS = 3
#: fewer picks than this give no rate of errors
LEAST_ERROR_PICKS = 200


class ScmFlowBoard(models.AbstractModel):
    """How quick and how right the picking is."""

    _inherit = "scm.flow.board"

    @api.model
    def _people(self, warehouse, today):
        """Keys ``picks`` and ``errors`` of the board."""
        self.env["scm.flow.picker.day"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT day.user_id AS id, partner.name, sum(day.picks) AS all_picks,
                       COALESCE(sum(day.timed_picks) FILTER (WHERE %(recent)s), 0) AS picks,
                       COALESCE(sum(day.hours) FILTER (WHERE %(recent)s), 0)::float8 AS hours,
                       COALESCE(sum(day.transfers) FILTER (WHERE %(recent)s), 0) AS transfers,
                       count(*) FILTER (WHERE %(recent)s) AS days
                  FROM (%(days)s) day
                  JOIN res_users person ON person.id = day.user_id
                  JOIN res_partner partner ON partner.id = person.partner_id
                 WHERE day.warehouse_id = %(warehouse)s AND day.date >= %(since)s
                 GROUP BY day.user_id, partner.name ORDER BY picks DESC, day.user_id
                """,
                recent=SQL("day.date >= %s AND day.hours > 0", today - timedelta(days=MEASURE_DAYS)),
                days=self.env["scm.flow.picker.day"]._table_query,
                warehouse=warehouse.id,
                since=today - timedelta(days=ERROR_DAYS),
            )
        )
        return {
            "picks": self._pick_rate(warehouse, [row for row in rows if row["picks"]]),
            "errors": self._error_rate(warehouse, today, int(sum(row["all_picks"] for row in rows))),
        }

    @api.model
    def _pick_rate(self, warehouse, rows):
        """Picks per hour of all, and of each person for managers: by the hours between the transfers of a day."""
        picks, hours = int(sum(row["picks"] for row in rows)), sum(row["hours"] for row in rows)
        return {
            "days": MEASURE_DAYS,
            "picks": picks,
            "hours": round(hours, 1),
            "people": len(rows),
            "rate": round(picks / hours, 1) if picks >= LEAST_PICKS and hours else False,
            "gap_minutes": warehouse.scm_pick_gap_minutes,
            # the whole floor is for all users of the board, a person's figure for managers
            "persons": [self._prepare_person(row) for row in rows]
            if self.env.user.has_group("scm_base.scm_group_manager")
            else [],
        }

    @api.model
    def _prepare_person(self, row):
        enough = row["picks"] >= LEAST_PICKS and row["days"] >= LEAST_DAYS
        return {
            "id": row["id"],
            "name": row["name"],
            "picks": int(row["picks"]),
            "transfers": int(row["transfers"]),
            "hours": round(row["hours"], 1),
            "days": row["days"],
            "rate": round(row["picks"] / row["hours"], 1) if enough else False,
        }

    @api.model
    def _error_rate(self, warehouse, today, picks):
        """Wrong picks over all picks of the last 90 days, by where the error was seen, with the 95 % interval."""
        sources = self._pick_errors(warehouse, today - timedelta(days=ERROR_DAYS), today)
        errors = sum(source["errors"] for source in sources)
        rate, low, high = error_rate(errors, picks)
        enough = picks >= LEAST_ERROR_PICKS
        return {
            "days": ERROR_DAYS,
            "picks": picks,
            "errors": errors,
            "rate": rate if enough else False,
            "low": low if enough else False,
            "high": high if enough else False,
            "sources": sources,
        }

    @api.model
    def _pick_errors(self, warehouse, first, last):
        """Hook: where wrong picks were seen between two local days: list of ``{'code', 'label', 'errors'}``.

        Here: differences of counts whose cause is an error of picking. A bridge adds what customers sent back.
        """
        # sudo: the role was checked; a count of differences, no stock
        lines = self.env["scm.count.line"].sudo()
        found = lines.search_count(
            [
                ("warehouse_id", "=", warehouse.id),
                ("cause_id.is_pick_error", "=", True),
                ("state", "=", "done"),
                ("counted_at", ">=", first),
                ("counted_at", "<", last + timedelta(days=1)),
            ]
        )
        return [{"code": "counts", "label": self.env._("Found by counts"), "errors": found}]
