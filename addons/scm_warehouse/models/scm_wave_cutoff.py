from datetime import datetime, time, timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from odoo.addons.scm_base.tools.zones import utc_moment, zone_name

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LIMITS = (
    "max_orders",
    "max_lines",
    "max_kg",
    "batch_orders",
    "batch_lines",
    "batch_kg",
    "batch_litres",
    "days_ahead",
    "lead_minutes",
)


class ScmWaveCutoff(models.Model):
    """A departure that repeats: what is not packed by its hour stays here until the next one."""

    _name = "scm.wave.cutoff"
    _description = "Cut-off of Waves"
    _inherit = ["mail.thread"]
    _order = "warehouse_id, hour, sequence, id"

    name = fields.Char(required=True, help="What leaves then: Morning van, Post at noon ...")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1),
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    picking_type_id = fields.Many2one(
        "stock.picking.type",
        "Operation",
        required=True,
        ondelete="cascade",
        compute="_compute_picking_type_id",
        precompute=True,
        store=True,
        readonly=False,
        domain="[('warehouse_id', '=', warehouse_id), ('code', 'in', ('outgoing', 'internal'))]",
        help="Transfers of this operation are picked in its waves: deliveries, or picks where packing is a step.",
    )
    hour = fields.Float(
        "Cut-off", required=True, default=16.0, tracking=True, help="When it leaves, in the warehouse's own time."
    )
    hour_from = fields.Float("Picking From", default=8.0, help="When picking for it can begin, in the same time.")
    lead_minutes = fields.Integer(
        "Packing (min)",
        default=30,
        tracking=True,
        help="Minutes before the cut-off at which picking is over: time to pack, label and load.",
    )
    days_ahead = fields.Integer(help="Orders promised up to this many days later are taken too, when there is room.")
    mon = fields.Boolean("Monday", default=True)
    tue = fields.Boolean("Tuesday", default=True)
    wed = fields.Boolean("Wednesday", default=True)
    thu = fields.Boolean("Thursday", default=True)
    fri = fields.Boolean("Friday", default=True)
    sat = fields.Boolean("Saturday")
    sun = fields.Boolean("Sunday")
    capacity_per = fields.Selection(
        [("wave", "Wave"), ("hour", "Hour of picking")],
        "Capacity per",
        required=True,
        default="wave",
        help="Per hour of picking: what can still be picked shrinks while the clock runs.",
    )
    max_orders = fields.Integer("Orders at Most", tracking=True, help="0: no limit.")
    max_lines = fields.Integer("Lines at Most", tracking=True, help="0: no limit.")
    max_kg = fields.Float("Weight at Most (kg)", tracking=True, help="0: no limit.")
    batch_orders = fields.Integer("Orders on a Tour", default=8, help="Boxes on a trolley. 0: no limit.")
    batch_lines = fields.Integer("Lines on a Tour", default=40, help="0: no limit.")
    batch_kg = fields.Float("Weight on a Tour (kg)", default=120.0, help="0: no limit.")
    batch_litres = fields.Float("Volume on a Tour (l)", help="0: no limit.")

    @api.depends("warehouse_id")
    def _compute_picking_type_id(self):
        for cutoff in self:
            warehouse = cutoff.warehouse_id
            if cutoff.picking_type_id.warehouse_id != warehouse:
                several = warehouse.delivery_steps not in (False, "ship_only")
                cutoff.picking_type_id = warehouse.pick_type_id if several else warehouse.out_type_id

    @api.constrains("hour", "hour_from", "lead_minutes", *_LIMITS)
    def _check_numbers(self):
        for cutoff in self:
            if not (0 <= cutoff.hour_from < cutoff.hour <= 24):
                raise ValidationError(
                    self.env._(
                        "%(name)s: picking begins before the cut-off, both between 0:00 and 24:00.", name=cutoff.name
                    )
                )
            if cutoff.lead_minutes >= 60 * (cutoff.hour - cutoff.hour_from):
                raise ValidationError(
                    self.env._(
                        "%(name)s: packing takes all the time between %(start)s and the cut-off. Begin earlier.",
                        name=cutoff.name,
                        start=_clock(cutoff.hour_from),
                    )
                )
            if any(cutoff[name] < 0 for name in _LIMITS):
                raise ValidationError(
                    self.env._("%(name)s: limits, days and minutes cannot be negative.", name=cutoff.name)
                )

    @api.constrains(*WEEKDAYS)
    def _check_weekdays(self):
        for cutoff in self:
            if not any(cutoff[day] for day in WEEKDAYS):
                raise ValidationError(self.env._("%(name)s: tick at least one weekday.", name=cutoff.name))

    @api.constrains("picking_type_id", "warehouse_id")
    def _check_picking_type(self):
        for cutoff in self:
            if cutoff.picking_type_id.warehouse_id != cutoff.warehouse_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the operation %(operation)s belongs to another warehouse.",
                        name=cutoff.name,
                        operation=cutoff.picking_type_id.display_name,
                    )
                )

    @api.depends("name", "hour")
    def _compute_display_name(self):
        for cutoff in self:
            cutoff.display_name = f"{_clock(cutoff.hour)} {cutoff.name or ''}".strip()

    # Operations that are planned in waves

    @api.model
    @tools.ormcache()
    def _planned_type_ids(self):
        """Ids of the operation types with a cut-off, of all companies."""
        # sudo: asked for each transfer that becomes ready, whoever works on it
        return frozenset(self.sudo().search([("active", "=", True)]).picking_type_id.ids)

    @api.model_create_multi
    def create(self, vals_list):
        cutoffs = super().create(vals_list)
        self.env.registry.clear_cache()
        return cutoffs

    def write(self, vals):
        result = super().write(vals)
        if {"active", "picking_type_id", "warehouse_id"} & set(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # Departures of a day

    def _on(self, day):
        """Those that leave on a day. Hook: others may know days on which a carrier does not come."""
        return self.filtered(WEEKDAYS[day.weekday()])

    def _moments(self, day):
        """Naive UTC moments of one cut-off on a day: picking begins, picking is over, departure."""
        self.ensure_one()
        # sudo: a time zone is no secret
        zone = zone_name(self.company_id, self.sudo().warehouse_id)
        begins, leaves = (utc_moment(_local(day, hour), zone) for hour in (self.hour_from, self.hour))
        return begins, leaves - timedelta(minutes=self.lead_minutes), leaves

    def _groups(self, groups):
        """Hook: of all group keys of the day's orders, those that this cut-off takes.

        :param groups: set of keys as :meth:`scm.wave.plan._group_keys` gives them; the operation type comes first
        """
        self.ensure_one()
        return {key for key in groups if key[0] == self.picking_type_id.id}

    def _takes(self):
        """Hook: words for what it takes, shown beside its name; empty for all."""
        self.ensure_one()
        return ""

    def _room(self, day, now):
        """Orders, lines and kg that it can take on a day in all, infinite without a limit."""
        self.ensure_one()
        factor = 1.0
        if self.capacity_per == "hour":
            begins, over, _leaves = self._moments(day)
            factor = max((over - max(begins, now)).total_seconds() / 3600.0, 0.0)
        return tuple(
            self[name] * factor if self[name] else float("inf") for name in ("max_orders", "max_lines", "max_kg")
        )


def _local(day, hour):
    """Local moment of an hour of a day; 24 is the midnight that ends it."""
    return datetime.combine(day, time()) + timedelta(minutes=round(hour * 60))


def _clock(hour):
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
