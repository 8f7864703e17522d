from odoo import api, fields, models

#: smaller changes of demand are not worth a row
NOTICED = 0.005


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
    times_seen = fields.Integer(
        readonly=True,
        aggregator=None,
        help="How often it took place in the history that the forecast learned from. What was seen seldom is held "
        "close to no effect; 0: taken from what the planner expects.",
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
            place, _space, days = phase.partition(" ")
            if place == "peak" or days.startswith("1-"):
                rows.setdefault((name, group), {})[place] = round(factor - 1, 2)
        self.env.cr.execute("DELETE FROM scm_event_effect WHERE run_id = %s", [run.id])
        self.env.cr.execute_values(
            "INSERT INTO scm_event_effect (run_id, company_id, event_id, categ_id, before, peak, after, times_seen)"
            " VALUES %s",
            [
                (
                    run.id,
                    run.company_id.id,
                    self.env["scm.event"]._id_of_kernel_name(name),
                    category_of_group.get(group) or None,
                    shares.get("before"),
                    shares.get("peak"),
                    shares.get("after"),
                    times_seen.get(name, 0),
                )
                for (name, group), shares in rows.items()
                if any(abs(share) >= NOTICED for share in shares.values())
            ],
        )
        self.invalidate_model()
