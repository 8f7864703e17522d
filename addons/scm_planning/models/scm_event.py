from collections import defaultdict
from datetime import date

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..kernel.datatypes import EVENT_KINDS, Event, EventCalendar, Occurrence
from ..kernel.feasts import FeastRule, country_holiday_names, occurrences

RULE_FIELDS = (
    "source",
    "country_id",
    "rule",
    "month",
    "day",
    "weekday",
    "week_of_month",
    "offset_days",
    "duration_days",
)
# What a rule cannot do without
RULE_NEEDS = {
    "holidays": ("country_id", "rule"),
    "computed": ("rule",),
    "fixed": ("month",),
    "weekday": ("month", "weekday", "week_of_month"),
}
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
MONTHS = [
    ("1", "January"),
    ("2", "February"),
    ("3", "March"),
    ("4", "April"),
    ("5", "May"),
    ("6", "June"),
    ("7", "July"),
    ("8", "August"),
    ("9", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
]
# Dates are kept for the whole history that a forecast may learn from, and for the next peak seasons
YEARS_BACK, YEARS_AHEAD = 5, 2
CHECK_YEARS = (2024, 2025)


class ScmEvent(models.Model):
    _name = "scm.event"
    _description = "Event that moves demand or supply"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=50)
    color = fields.Integer(compute="_compute_color")
    kind = fields.Selection(
        [
            ("feast", "Feast"),
            ("festival", "Shopping festival"),
            ("promotion", "Promotion"),
            ("shutdown", "Shut-down of supply"),
        ],
        required=True,
        default="promotion",
        index=True,
        help="Feasts, shopping festivals and promotions move demand. A shut-down stops supply: vendors or countries "
        "that neither produce nor send.",
    )
    source = fields.Selection(
        [
            ("holidays", "Holiday of a country"),
            ("computed", "Feast of the lunar calendar"),
            ("weekday", "Weekday of a month"),
            ("fixed", "Same day each year"),
            ("manual", "Dates typed in"),
        ],
        string="Dates from",
        required=True,
        default="manual",
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    country_ids = fields.Many2many(
        "res.country",
        "scm_event_country_rel",
        string="Matters in",
        help="Countries where customers buy differently because of it. Empty: everywhere. A company follows the events "
        "of the countries chosen in its settings. Of a shut-down: the countries whose vendors it stops.",
    )
    country_id = fields.Many2one("res.country", string="Calendar of", help="Country whose holidays give the dates.")
    rule = fields.Char(
        string="Holiday",
        help="English name in the country's calendar, for example Dragon Boat Festival; "
        "for a feast of the lunar calendar: double_seventh.",
    )
    month = fields.Selection(MONTHS)
    day = fields.Integer(default=1)
    weekday = fields.Selection(WEEKDAYS)
    week_of_month = fields.Selection(
        [("1", "First"), ("2", "Second"), ("3", "Third"), ("4", "Fourth"), ("-1", "Last")],
    )
    offset_days = fields.Integer(help="Days from the day found to the first day of the event.")
    duration_days = fields.Integer(default=1, string="Duration (days)")
    lead_in_days = fields.Integer(
        string="Lead-in (days)",
        help="Days before the event in which demand already rises or falls. Of a shut-down: days before it in which "
        "vendors still work but start no new order.",
    )
    after_days = fields.Integer(string="After-effect (days)", help="Days after the event in which demand differs.")
    expected_uplift = fields.Float(
        help="What the planner expects: 0.5 is half as much again. 0: learned from past occurrences.",
    )
    uplift_use = fields.Selection(
        [("replace", "Instead of what was learned"), ("on_top", "On top of what was learned")],
        string="Uplift counts",
        required=True,
        default="replace",
        help="Instead: the event's own days change by this, whatever past occurrences did. On top: what was learned "
        "for the lead-in and the event's own days is multiplied, so that 0.2 is a fifth more than usual.",
    )
    team_id = fields.Many2one("crm.team", string="Sales channel", help="For information.")
    category_ids = fields.Many2many("product.category", string="Product categories", help="Empty: all.")
    product_ids = fields.Many2many("product.product", string="Products", help="Empty: all.")
    warehouse_ids = fields.Many2many("stock.warehouse", string="Warehouses", help="Empty: all.")
    partner_ids = fields.Many2many("res.partner", string="Vendors", help="Vendors that a shut-down stops.")
    note = fields.Text()
    occurrence_ids = fields.One2many("scm.event.occurrence", "event_id", string="Occurrences", copy=False)
    effect_ids = fields.One2many(
        "scm.event.effect", "event_id", "Learned Effects", domain=[("run_id.current", "=", True)], readonly=True
    )
    next_date = fields.Date(compute="_compute_next_date", string="Next")

    _positive_days = models.Constraint(
        "CHECK(lead_in_days BETWEEN 0 AND 366 AND after_days BETWEEN 0 AND 366 AND duration_days BETWEEN 1 AND 366)",
        "Lead-in and after-effect last 0 to 366 days, an event 1 to 366.",
    )
    _uplift = models.Constraint(
        "CHECK(expected_uplift >= -1 AND expected_uplift <= 100)",
        "An uplift below -100 % would mean negative demand; the most is 100 times the usual.",
    )

    @api.depends("kind")
    def _compute_color(self):
        colors = {"feast": 1, "festival": 5, "promotion": 4, "shutdown": 9}
        for event in self:
            event.color = colors.get(event.kind, 0)

    @api.depends("occurrence_ids.date_start", "occurrence_ids.active")
    def _compute_next_date(self):
        today = fields.Date.context_today(self)
        rows = self.env["scm.event.occurrence"]._read_group(
            [("event_id", "in", self.ids), ("date_end", ">=", today)], ["event_id"], ["date_start:min"]
        )
        first = {event.id: day for event, day in rows}
        for event in self:
            event.next_date = first.get(event._origin.id)

    @api.constrains(*RULE_FIELDS)
    def _check_rule(self):
        for event in self.filtered(lambda e: e.source != "manual"):
            if missing := [name for name in RULE_NEEDS[event.source] if not event[name]]:
                raise ValidationError(
                    self.env._(
                        "Event %(event)s: its dates need %(fields)s.",
                        event=event.name,
                        fields=", ".join(self._fields[name]._description_string(self.env) for name in missing),
                    )
                )
            try:
                found = occurrences(event._feast_rule(), CHECK_YEARS)
            except (ValueError, TypeError, OverflowError) as error:
                raise ValidationError(
                    self.env._(
                        "Event %(event)s has no valid rule for its dates: %(problem)s",
                        event=event.name,
                        problem=str(error),
                    )
                ) from error
            if not found:
                raise ValidationError(
                    self.env._(
                        "Event %(event)s: the calendar of %(country)s has no “%(rule)s”. It has: %(names)s.",
                        event=event.name,
                        country=event.country_id.name,
                        rule=event.rule,
                        names=", ".join(country_holiday_names(event.country_id.code, CHECK_YEARS)),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._ensure_occurrences()
        return events

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            # Odoo checks the company that a record leaves, not the one it is moved to
            self.check_access("write")
        if any(name in vals for name in RULE_FIELDS):
            self._drop_computed_occurrences()
            self._ensure_occurrences()
        return result

    def _drop_computed_occurrences(self):
        self.env["scm.event.occurrence"].with_context(active_test=False).search(
            [("event_id", "in", self.ids), ("manual", "=", False)]
        ).unlink()

    def _feast_rule(self):
        self.ensure_one()
        return FeastRule(
            source=self.source,
            country=self.country_id.code or None,
            name=self.rule or None,
            month=int(self.month or 1),
            day=self.day or 1,
            weekday=int(self.weekday or 0),
            nth=int(self.week_of_month or 1),
            offset_days=self.offset_days,
            duration_days=max(self.duration_days, 1),
        )

    def _ensure_occurrences(self, years=None):
        """Create the occurrences that the rules give and that are not there yet.

        A year that already has an occurrence is left alone, so that dates which a planner moved or archived stay.

        :param years: iterable of years; by default those around today
        :return: the new occurrences
        """
        ruled = self.filtered(lambda event: event.source != "manual")
        if not ruled:
            return self.env["scm.event.occurrence"]
        years = list(years or self._default_years())
        rows = (
            self.env["scm.event.occurrence"]
            .with_context(active_test=False)
            ._read_group([("event_id", "in", ruled.ids), ("year", "in", years)], ["event_id", "year"])
        )
        present = {(event.id, year) for event, year in rows}
        vals_list = [
            {"event_id": event.id, "date_start": start, "date_end": end, "year": year, "manual": False}
            for event in ruled
            for year, start, end in occurrences(event._feast_rule(), years)
            if (event.id, year) not in present
        ]
        return self.env["scm.event.occurrence"].create(ruled._without_overlaps(vals_list))

    @api.model
    def _default_years(self):
        this_year = fields.Date.context_today(self).year
        return range(this_year - YEARS_BACK, this_year + YEARS_AHEAD + 1)

    @api.model
    def _cron_occurrences(self):
        self.search([("source", "!=", "manual")])._ensure_occurrences()

    def action_compute_dates(self):
        """Complete the dates of the chosen events for the years around today."""
        if any(event.source == "manual" for event in self):
            raise UserError(self.env._("The dates of this event are typed in: add a line under Occurrences."))
        self._ensure_occurrences()
        return True

    # ---------------------------------------------------------------- kernel

    @api.model
    def _company_domain(self, company):
        """Events that the company follows: its own, and those of the countries in its settings."""
        countries = company._scm_event_countries()
        return Domain("company_id", "in", [False, company.id]) & (
            Domain("country_ids", "=", False) | Domain("country_ids", "in", countries.ids)
        )

    @api.model
    def _calendar(self, company, date_from, date_to, keys=None):
        """Demand events of a company as the forecast kernel reads them.

        :param keys: list of (product id, warehouse id), one per series; without it the scope of the events is left out
        :return: :class:`EventCalendar` of the events with an occurrence, lead-in and after-effect included, in the days
            from ``date_from`` to ``date_to``
        """
        domain = self._company_domain(company) & Domain("kind", "in", EVENT_KINDS)
        events = self.with_context(lang=None).search(domain)
        by_event = events._occurrences_between(company, date_from, date_to)
        masks = events._series_masks(keys) if keys is not None else {}
        return EventCalendar(
            tuple(
                Event(
                    name=event._kernel_name(),
                    kind=event.kind,
                    occurrences=tuple(
                        Occurrence(row.date_start, row.date_end, row.strength, masks.get(event.id))
                        for row in by_event[event.id]
                    ),
                    lead_days=event.lead_in_days,
                    after_days=event.after_days,
                    uplift=1 + event.expected_uplift if event.expected_uplift else None,
                    uplift_on_top=event.uplift_use == "on_top",
                )
                for event in events
                if by_event[event.id]
            )
        )

    def _kernel_name(self):
        """Unique and stable name: two events may bear the same one."""
        return f"{self.name} #{self.id}"

    @api.model
    def _id_of_kernel_name(self, name):
        return int(name.rpartition("#")[2])

    def _occurrences_between(self, company, date_from, date_to):
        """Dict event id -> occurrences that touch the days, ordered by date."""
        lead = max(self.mapped("lead_in_days"), default=0)
        after = max(self.mapped("after_days"), default=0)
        rows = self.env["scm.event.occurrence"].search(
            [
                ("event_id", "in", self.ids),
                ("date_start", "<=", fields.Date.add(date_to, days=lead)),
                ("date_end", ">=", fields.Date.subtract(date_from, days=after)),
            ],
            order="date_start, id",
        )
        by_event = defaultdict(list)
        for row in rows:
            by_event[row.event_id.id].append(row)
        return by_event

    def _series_masks(self, keys):
        """Dict event id -> bool (n,) of the series that take part; events without scope are left out."""
        scoped = self.filtered(lambda event: event.category_ids or event.product_ids or event.warehouse_ids)
        if not scoped or not keys:
            return {}
        products = np.array([product_id for product_id, _warehouse in keys])
        warehouses = np.array([warehouse_id for _product, warehouse_id in keys])
        categories = self._category_of(products)
        masks = {}
        for event in scoped:
            mask = np.ones(len(keys), dtype=bool)
            if event.category_ids or event.product_ids:
                inside = self.env["product.category"].search([("id", "child_of", event.category_ids.ids)])
                mask &= np.isin(categories, inside.ids) | np.isin(products, event.product_ids.ids)
            if event.warehouse_ids:
                mask &= np.isin(warehouses, event.warehouse_ids.ids)
            masks[event.id] = mask
        return masks

    def _category_of(self, product_ids):
        """Category id (0 = none) of each product id in the array."""
        self.env["product.template"].flush_model(["categ_id"])
        self.env["product.product"].flush_model(["product_tmpl_id"])
        self.env.cr.execute(
            """
            SELECT p.id, COALESCE(t.categ_id, 0)
              FROM product_product p
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE p.id = ANY(%s)
            """,
            [np.unique(product_ids).tolist()],
        )
        category = dict(self.env.cr.fetchall())
        return np.array([category.get(product_id, 0) for product_id in product_ids.tolist()])

    @api.model
    def _marks(self, company, product, warehouse, date_from, date_to):
        """Occurrences to draw on a product's chart: dicts with name, kind, from, to, lead and after days."""
        events = self.search(self._company_domain(company) & Domain("kind", "in", EVENT_KINDS))
        by_event = events._occurrences_between(company, date_from, date_to)
        masks = events._series_masks([(product.id, warehouse.id)])
        marks = [
            {
                "event_id": event.id,
                "name": event.name,
                "kind": event.kind,
                "from": fields.Date.to_string(row.date_start),
                "to": fields.Date.to_string(row.date_end),
                "lead": event.lead_in_days,
                "after": event.after_days,
            }
            for event in events
            if event.id not in masks or masks[event.id][0]
            for row in by_event[event.id]
        ]
        return sorted(marks, key=lambda mark: mark["from"])

    @api.model
    def _typed_day(self, text):
        try:
            day = date.fromisoformat(text)
        except (ValueError, TypeError):
            day = date.min
        if not 1900 <= day.year < 3000:
            raise UserError(self.env._("'%(text)s' is not a day: write it as YYYY-MM-DD.", text=text))
        return day

    @api.model
    def get_calendar(self, company_id, date_from, date_to):
        """Public read for integrators: the dated events that a company follows, sorted by their first day.

        :param date_from: ISO date; :param date_to: ISO date; both between the years 1900 and 2999
        :return: list of dicts ``event_id``, ``name``, ``kind``, ``date_start``, ``date_end``
        """
        company = self.env["res.company"].browse(company_id)
        company.check_access("read")
        events = self.search(self._company_domain(company))
        rows = events._occurrences_between(company, self._typed_day(date_from), self._typed_day(date_to))
        found = [
            {
                "event_id": event.id,
                "name": event.name,
                "kind": event.kind,
                "date_start": fields.Date.to_string(row.date_start),
                "date_end": fields.Date.to_string(row.date_end),
            }
            for event in events
            for row in rows[event.id]
        ]
        return sorted(found, key=lambda row: (row["date_start"], row["event_id"]))
