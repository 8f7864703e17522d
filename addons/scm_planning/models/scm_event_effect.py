import json

from odoo import api, fields, models

from ..kernel.event_phases import phase_name

#: smaller changes of demand are not worth a row
NOTICED = 0.005
#: smaller changes of a phase are left out of the text
SHOWN = 0.02


class ScmEventEffect(models.Model):
    """What the current forecast learned that an event does to the demand of a category."""

    _name = "scm.event.effect"
    _description = "Learned Effect of an Event"
    _log_access = False
    _order = "peak desc, id"
    _rec_name = "event_id"

    run_id = fields.Many2one("scm.forecast.run", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    event_id = fields.Many2one("scm.event", required=True, readonly=True, ondelete="cascade", index=True)
    categ_id = fields.Many2one("product.category", "Category", readonly=True, ondelete="cascade")
    before = fields.Float("Just Before", readonly=True, aggregator=None, help="Change on the days next to it.")
    peak = fields.Float("On Its Days", readonly=True, aggregator=None, help="-0.2: a fifth less than without it.")
    after = fields.Float("Just After", readonly=True, aggregator=None, help="Change on the first days after it.")
    profile = fields.Json(
        readonly=True, help="Phases in the order of their days: place (before, peak, after), first, last, change, word."
    )
    shape = fields.Char("Course", compute="_compute_shape")
    times_seen = fields.Integer(
        readonly=True,
        aggregator=None,
        help="How often it took place in the history that the forecast learned from. What was seen seldom is held "
        "close to no effect; 0: taken from what the planner expects.",
    )

    @api.depends("profile")
    @api.depends_context("lang")
    def _compute_shape(self):
        words = self._phase_words()
        for effect in self:
            effect.shape = " · ".join(
                f"{words[phase['word']]} {100 * phase['change']:+.0f} %"
                for phase in effect.profile or []
                if abs(phase["change"]) >= SHOWN
            )

    @api.model
    def _phase_words(self):
        return {
            "ramp": self.env._("ramp"),
            "peak": self.env._("peak"),
            "dip": self.env._("dip"),
            "rebound": self.env._("rebound"),
        }

    @api.model
    def _prepare_profile(self, changes):
        """Phases of one event and category, by day; ``changes``: {phase label of the kernel: change}."""
        phases = []
        for label, change in changes.items():
            place, _space, days = label.partition(" ")
            first, _dash, last = days.partition("-")
            first, last = (int(first), int(last)) if days else (0, 0)
            word = phase_name(place, change)
            phases.append({"place": place, "first": first, "last": last, "change": round(change, 3), "word": word})
        order = {"before": 0, "peak": 1, "after": 2}
        return sorted(
            phases,
            key=lambda phase: (order[phase["place"]], phase["first"] * (-1 if phase["place"] == "before" else 1)),
        )

    @api.model
    def _keep(self, run, effects, category_of_group, times_seen):
        """Write the rows of one run, in place of an earlier attempt.

        :param effects: {(event name, phase, group): factor} of the kernel
        :param category_of_group: {group: category id, 0 = none}
        :param times_seen: {event name: occurrences in the history}
        """
        rows = {}
        for (name, phase, group), factor in effects.items():
            rows.setdefault((name, group), {})[phase] = factor - 1
        self.env.cr.execute("DELETE FROM scm_event_effect WHERE run_id = %s", [run.id])
        self.env.cr.execute_values(
            "INSERT INTO scm_event_effect"
            " (run_id, company_id, event_id, categ_id, before, peak, after, profile, times_seen) VALUES %s",
            [
                (
                    run.id,
                    run.company_id.id,
                    self.env["scm.event"]._id_of_kernel_name(name),
                    category_of_group.get(group) or None,
                    *(self._next_to(changes, place) for place in ("before", "peak", "after")),
                    json.dumps(self._prepare_profile(changes)),
                    times_seen.get(name, 0),
                )
                for (name, group), changes in rows.items()
                if any(abs(change) >= NOTICED for change in changes.values())
            ],
        )
        self.invalidate_model()

    @api.model
    def _next_to(self, changes, place):
        """Change of the event's own days, or of the phase next to them."""
        found = [change for label, change in changes.items() if label == place or label.startswith(f"{place} 1-")]
        return round(found[0], 2) if found else None
