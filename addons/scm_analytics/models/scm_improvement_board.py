from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

#: owners that the strip names
MOST_OWNERS = 5


class ScmImprovement(models.Model):
    """The board over all areas: how many work, and what they are worth in a year."""

    _inherit = "scm.improvement"

    @api.model
    @api.readonly
    def get_board(self, year=False):
        """Summary of the improvements of the present company; public, also over RPC. For supply-chain users.

        Only improvements that worked count, each for the 365 days from its first day after, each scope once.

        :param year: calendar year, by default this one
        :return: ``{"year", "years", "realised" (of the whole year), "so_far" (up to today), "target", "measured",
            "stated", "worked", "judged", "open", "overdue", "areas": [{"area", "label", "amount"}],
            "owners": [{"id", "name", "amount"}], "currency_id"}``
        """
        self.env["scm.improvement.value"]._check_reader()
        company = self.env.company
        today = local_today(company)
        if year and (isinstance(year, bool) or not isinstance(year, int) or not 2000 <= year <= 2100):
            raise UserError(self.env._("“%(year)s” is no year: write it as 2026.", year=year))
        year = year or today.year
        target = self.env["scm.improvement.target"].search(
            [("company_id", "=", company.id), ("year", "=", year)], limit=1
        )
        return {
            "year": year,
            "years": self._years_of(company, today.year, year),
            "target": target.amount,
            "currency_id": company.currency_id.id,
            **self._amounts_of(company, year, today),
            **self._counts_of(company),
        }

    @api.model
    def _years_of(self, company, *years):
        self.env["scm.improvement.value"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT EXTRACT(YEAR FROM month)::int FROM scm_improvement_value WHERE company_id = %s",
                company.id,
            )
        )
        return sorted({year for (year,) in rows} | set(years))

    @api.model
    def _amounts_of(self, company, year, today):
        """Sums of a calendar year, by one query."""
        groups = self.env["scm.improvement.value"]._read_group(
            [("company_id", "=", company.id), ("month", ">=", date(year, 1, 1)), ("month", "<=", date(year, 12, 1))],
            ["area", "user_id", "basis", "month:month"],
            ["amount:sum"],
        )
        labels = dict(self._fields["area"]._description_selection(self.env))
        areas, owners, basis, so_far = {}, {}, {}, 0.0
        for area, user, kind, month, amount in groups:
            areas[area] = areas.get(area, 0.0) + amount
            owners[user] = owners.get(user, 0.0) + amount
            basis[kind] = basis.get(kind, 0.0) + amount
            so_far += amount * self._share_past(month, today)
        # sudo: names of colleagues, who may be of another company
        names = {user.id: user.sudo().name or "" for user in owners}
        ranked = sorted(owners.items(), key=lambda item: -item[1])[:MOST_OWNERS]
        return {
            "realised": sum(areas.values()),
            "so_far": so_far,
            "measured": basis.get("measured", 0.0),
            "stated": basis.get("stated", 0.0),
            "areas": [
                {"area": area, "label": labels.get(area, area), "amount": amount}
                for area, amount in sorted(areas.items(), key=lambda item: -item[1])
            ],
            "owners": [{"id": user.id, "name": names[user.id], "amount": amount} for user, amount in ranked],
        }

    @api.model
    def _share_past(self, month, today):
        """Share of the days of a month that are over."""
        following = fields.Date.add(month, months=1)
        return min(max((today - month).days, 0), (following - month).days) / (following - month).days

    @api.model
    def _counts_of(self, company):
        """Improvements by verdict and state, by one query."""
        groups = self._read_group([("company_id", "=", company.id)], ["state", "verdict"], ["__count"])
        own = [("company_id", "=", company.id), ("is_overdue", "=", True)]
        counts = {"worked": 0, "judged": 0, "open": 0}
        for state, verdict, count in groups:
            if state not in ("done", "cancelled"):
                counts["open"] += count
            if state in ("checking", "done") and verdict in ("worked", "did_not"):
                counts["judged"] += count
                counts["worked"] += count if verdict == "worked" else 0
        return counts | {"overdue": self.search_count(own)}
