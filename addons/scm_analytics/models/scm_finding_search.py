from datetime import timedelta

import numpy as np
from odoo import api, models

from odoo.addons.scm_base.models.scm_improvement import CLOSED
from odoo.addons.scm_base.tools.zones import local_today

from ..kernel import findings as kernel
from .scm_finding import OPEN_STATES


class ScmFinding(models.Model):
    """The nightly search: collect all cells, judge them together, write what changed."""

    _inherit = "scm.finding"

    @api.model
    def _last_sunday(self, company):
        """Last day of the last week that is over, where the company is."""
        today = local_today(company)
        return today - timedelta(days=today.isoweekday())

    @api.model
    def _collectors(self):
        """Hook: names of the methods ``_collect_<name>(company, last)`` of ``scm.finding.measure``."""
        return ["weekly", "peaks", "bias", "excess", "return_causes"]

    @api.model
    def _find(self, company, run):
        """Search a company. Returns values for the run; a collector that fails is an error of the run, not its end."""
        self = self.sudo().with_context(tracking_disable=True)  # a run computes for everybody; its start was checked
        last, items, failed = self._last_sunday(company), [], set()
        reader = self.env["scm.finding.measure"].with_company(company).sudo()  # sudo: as above
        for name in self._collectors():
            try:
                with self.env.cr.savepoint():
                    items += getattr(reader, f"_collect_{name}")(company, last)
            except ValueError as error:
                failed.add(name)
                run._log_error(name, str(error))
        found, adjusted = self._judge(company, items)
        chosen = [items[place] for place in found]
        counts = self._store(company, run, chosen, adjusted[found], keep_missing=bool(failed))
        tested = [item for item in items if item.is_tested]
        return {
            "date_to": last,
            "level": kernel.look_level(company.scm_change_level),
            "test_count": sum(bool(np.isfinite(item.p)) for item in tested),
            "thin_count": sum(not np.isfinite(item.p) for item in tested),
            **counts,
        }

    def _judge(self, company, items):
        """Places of the items that are findings, and the adjusted chance of every item.

        What was taken over from another search was judged there; what is counted is not judged at all.
        """
        keys = {
            finding.key
            for finding in self.search([("company_id", "=", company.id), ("is_current", "=", True)], limit=None)
        }
        ours = [item.is_tested and "p_adjusted" not in item.values for item in items]
        mask, adjusted = kernel.decide(
            [item.p if own else np.nan for item, own in zip(items, ours, strict=True)],
            [item.change for item in items],
            [item.own for item in items],
            [item.least for item in items],
            [item.key in keys for item in items],
            company.scm_change_level,
        )
        mask = np.where(ours, mask, True)
        self._drop_doubles(items, mask)
        return np.flatnonzero(mask), adjusted

    @api.model
    def _drop_doubles(self, items, mask):
        """Units of what is found by its revenue already, in the same direction, are no second finding."""
        by_revenue = {
            item.key.replace(":revenue:", ":units:"): item.change
            for item, found in zip(items, mask, strict=True)
            if found and ":revenue:" in item.key
        }
        for place, item in enumerate(items):
            if mask[place] and by_revenue.get(item.key, 0.0) * item.change > 0:
                mask[place] = False

    # Writing

    def _store(self, company, run, items, adjusted, keep_missing=False):
        """Write findings: one row per key, gone ones resolve, dismissed ones stay quiet until their day."""
        today = local_today(company)
        # the first one locks the rows of the company against a second search; runs exclude each other as well
        known = {one.key: one for one in self.search([("company_id", "=", company.id)], limit=None)}
        fresh, new_count = [], 0
        for item, chance in zip(items, adjusted, strict=True):
            values = self._prepare(item, chance) | {"run_id": run.id, "date_last": today, "is_current": True}
            if finding := known.pop(item.key, None):
                again = self._state_again(finding, today)
                new_count += bool(again)
                finding.write(values | again)
            else:
                new_count += 1
                fresh.append(values | {"company_id": company.id, "key": item.key, "date_first": today})
        self.create(fresh)
        missing = self.browse([one.id for one in known.values()]) if not keep_missing else self.browse()
        resolved = missing.filtered(lambda one: one.state in OPEN_STATES and not one._is_worked_on())
        missing.filtered("is_current").write({"is_current": False})
        resolved.write({"state": "resolved"})
        return {"finding_count": len(items), "new_count": new_count, "resolved_count": len(resolved)}

    @api.model
    def _state_again(self, finding, today):
        """What becomes of the state of a finding that is found again."""
        if finding.state == "resolved":
            return {"state": "new", "date_first": today}
        if finding.state == "dismissed" and finding.date_quiet and finding.date_quiet <= today:
            return {"state": "new", "dismissal": False, "date_quiet": False}
        if finding.state == "improving" and not finding._is_worked_on(today):
            return {"state": "new", "improvement_id": False}
        return {}

    def _is_worked_on(self, today=False):
        """Its improvement is open; or, with a day, the weeks looked at began before it was done."""
        improvement = self.improvement_id
        if self.state != "improving" or improvement.state not in CLOSED:
            return self.state == "improving"
        looked = timedelta(weeks=self.company_id.scm_change_weeks)
        done = improvement.state == "done" and improvement.date_done
        return bool(today and done and done + looked > today)

    @api.model
    def _prepare(self, item, chance):
        values = {
            "change": item.change,
            "is_tested": item.is_tested,
            "p_value": item.p if item.is_tested else 0.0,
            "p_adjusted": chance if np.isfinite(chance) else 0.0,
            **item.values,
        }
        return values | {"money_size": abs(values.get("money") or 0.0)}
