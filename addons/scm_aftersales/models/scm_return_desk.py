from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: states in which somebody is awaited; each has a norm of hours at the company
TIMED = ("requested", "approved", "in_transit", "received", "inspected")
#: share of the norm from which a clock is yellow
SOON = 0.75
CLOCKS = [("ok", "In Time"), ("soon", "Soon Due"), ("over", "Overdue")]


class ScmReturn(models.Model):
    """The clock of a return: how long it is in its state, against the usual time."""

    _inherit = "scm.return"

    state = fields.Selection(group_expand="_expand_states")
    date_due = fields.Datetime(
        "Due",
        compute="_compute_date_due",
        store=True,
        index="btree_not_null",
        help="Start of the present state and the usual time of it. Empty once nobody is awaited.",
    )
    clock = fields.Selection(CLOCKS, compute="_compute_clock", store=True, help="As of the last hour.")
    hours_in_state = fields.Float(
        "In This State (hours)", compute="_compute_hours_in_state", aggregator="avg", help="Up to now."
    )
    is_overdue = fields.Boolean("Overdue", compute="_compute_hours_in_state", search="_search_is_overdue")
    item_names = fields.Char("Goods", compute="_compute_item_names")
    timeline = fields.Json(compute="_compute_timeline")
    inspection_ids = fields.One2many("scm.return.inspection", "return_id", "Inspections", readonly=True)
    date_reminded = fields.Datetime("Customer Reminded at", readonly=True, copy=False)

    def _expand_states(self, states, domain):
        """Columns of the desk: those in which somebody is awaited, and the others where they have returns."""
        return [state for state in dict(self._fields["state"].selection) if state in TIMED or state in states]

    @api.depends("state", "state_since")
    def _compute_date_due(self):
        for request in self:
            hours = request._norm_hours()
            request.date_due = request.state_since and hours and request.state_since + timedelta(hours=hours)

    @api.depends("date_due")
    def _compute_clock(self):
        now = fields.Datetime.now()
        for request in self:
            request.clock = request._clock_at(now)

    def _clock_at(self, now):
        if not self.date_due or not self.state_since:
            return False
        if now > self.date_due:
            return "over"
        share = (now - self.state_since) / max(self.date_due - self.state_since, timedelta(seconds=1))
        return "soon" if share > SOON else "ok"

    def _norm_hours(self, state=None):
        """Usual hours of a state, 0 where nobody is awaited."""
        state = state or self.state
        # sudo: the usual times of a company are no secret
        return self.company_id.sudo()[f"scm_return_norm_{state}"] if state in TIMED else 0.0

    @api.depends("date_due", "state_since")
    @api.depends_context("uid")
    def _compute_hours_in_state(self):
        now = fields.Datetime.now()
        for request in self:
            request.hours_in_state = (now - (request.state_since or now)).total_seconds() / 3600.0
            request.is_overdue = bool(request.date_due and now > request.date_due)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = [("date_due", "<", fields.Datetime.now())]
        if True in value and False in value:
            return []
        return late if True in value else ["!", *late]

    @api.depends("line_ids.product_id")
    def _compute_item_names(self):
        for request in self:
            request.item_names = ", ".join(request.line_ids.product_id.mapped("display_name"))

    @api.depends("state")
    def _compute_timeline(self):
        now = fields.Datetime.now()
        for request in self:
            request.timeline = request._timeline_at(now)

    def _timeline_at(self, now):
        """Steps that a return has gone, with hours and the usual time of each: ``[{state, label, date, ...}]``."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        steps = [
            (state, self[f"date_{state}"])
            for state in labels
            if self[f"date_{state}"] and (state == self.state or state not in ("refused", "cancelled"))
        ]
        steps.sort(key=lambda step: (step[1], list(labels).index(step[0])))
        ends = [moment for _state, moment in steps[1:]] + [now]
        return [
            {
                "state": state,
                "label": labels[state],
                "date": fields.Datetime.to_string(moment),
                "hours": round(max((end - moment).total_seconds(), 0.0) / 3600.0, 2),
                "norm": self._norm_hours(state),
                "is_now": state == self.state,
                "is_timed": state in TIMED,
            }
            for (state, moment), end in zip(steps, ends, strict=True)
        ]

    @api.model
    def _update_clocks(self, company):
        """Bring the colours of a company's clocks up to the hour, by one statement."""
        self.flush_model(["state", "state_since", "date_due", "clock"])
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_return SET clock = fresh.clock
                  FROM (SELECT id, CASE WHEN %(now)s > date_due THEN 'over'
                                        WHEN %(now)s - state_since > %(soon)s * (date_due - state_since) THEN 'soon'
                                        ELSE 'ok' END AS clock
                          FROM scm_return
                         WHERE company_id = %(company)s AND state IN %(timed)s AND date_due IS NOT NULL) fresh
                 WHERE scm_return.id = fresh.id AND scm_return.clock IS DISTINCT FROM fresh.clock
                """,
                now=now,
                soon=SOON,
                company=company.id,
                timed=TIMED,
            )
        )
        self.invalidate_model(["clock"])

    def action_inspect(self):
        """Open the inspection page with this return."""
        return {
            "type": "ir.actions.client",
            "tag": "scm_aftersales.inspection",
            "name": self.env._("Inspection"),
            "params": {"return_id": self[:1].id},
            "context": {"scm_return_id": self[:1].id},
        }
