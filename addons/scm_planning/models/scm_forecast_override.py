from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

#: the fields that name the scope of each level; the others stay empty
SCOPE = {
    "company": (),
    "warehouse": ("warehouse_id",),
    "vendor": ("vendor_id",),
    "country": ("country_id",),
    "state": ("state_id",),
    "category": ("categ_id",),
    "product": ("product_id",),
}
#: levels that may be narrowed to one warehouse
NARROWED = ("vendor", "category", "product")
TYPED = ("level", "mode", "value", "reason_id", "note", "date_from", "date_to", "date_expire")
SCOPES = ("product_id", "categ_id", "warehouse_id", "vendor_id", "country_id", "state_id")


class ScmForecastOverride(models.Model):
    """A planner's own figure for the weeks of a product, category, warehouse, vendor, region or company.

    It stays over runs: each run spreads it anew to the items by their share of the new forecast
    (:mod:`..kernel.overrides`). A period typed by hand on the forecast of one product
    (``scm.forecast.line.action_override``) is more specific than any of these and comes last.
    """

    _name = "scm.forecast.override"
    _description = "Forecast Override"
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True, string="What")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", default=lambda self: self.env.company
    )
    level = fields.Selection(
        [
            ("company", "Company"),
            ("warehouse", "Warehouse"),
            ("vendor", "Vendor"),
            ("country", "Country"),
            ("state", "State"),
            ("category", "Category"),
            ("product", "Product"),
        ],
        required=True,
    )
    product_id = fields.Many2one("product.product", ondelete="cascade", index="btree_not_null")
    categ_id = fields.Many2one("product.category", "Category", ondelete="cascade", index="btree_not_null")
    warehouse_id = fields.Many2one(
        "stock.warehouse", ondelete="cascade", help="On a product, category or vendor: in this warehouse only."
    )
    vendor_id = fields.Many2one("res.partner", ondelete="cascade", help="Products whose first vendor this is.")
    country_id = fields.Many2one("res.country", ondelete="cascade", help="Of the delivery address.")
    state_id = fields.Many2one("res.country.state", "Region", ondelete="cascade", help="Of the delivery address.")
    date_from = fields.Date("First week", required=True, help="Monday of the first week.")
    date_to = fields.Date("Last week", required=True, help="Monday of the last week.")
    mode = fields.Selection(
        [("total", "Set to"), ("add", "Add"), ("percent", "Change by %")],
        required=True,
        default="percent",
        help="Set to: the sum per week. Add: so many units more (or less, below 0) per week. Change by %: 20 for a "
        "fifth more.",
    )
    value = fields.Float(required=True, digits=0, aggregator=None, help="Units per week, or percent.")
    reason_id = fields.Many2one("scm.override.reason", required=True, ondelete="restrict")
    note = fields.Char("Explanation", help="What is known, and from whom.")
    date_expire = fields.Date(
        "Applied until", help="After this day it is not applied any more, also to weeks that are still to come."
    )
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True, default=lambda self: self.env.user)
    state = fields.Selection(
        [("active", "Active"), ("expired", "Expired"), ("withdrawn", "Withdrawn")],
        required=True,
        readonly=True,
        default="active",
        index=True,
    )
    state_reason = fields.Char("Why it ended", readonly=True)
    item_count = fields.Integer("Items", readonly=True, aggregator=None, help="Products x warehouses that it changes.")
    quantity_before = fields.Float("Before", readonly=True, help="Forecast of its scope and weeks when its turn came.")
    quantity_after = fields.Float("After", readonly=True)
    overlap = fields.Char(
        "Overlaps", readonly=True, help="Overrides that changed some of its items and weeks before it had its turn."
    )
    date_applied = fields.Datetime("Last applied", readonly=True)

    _weeks = models.Constraint("CHECK(date_to >= date_from)", "The last week must not come before the first.")

    # ------------------------------------------------------------------ names

    @api.depends("level", "mode", "value", *SCOPES)
    def _compute_name(self):
        for one in self:
            one.name = f"{one._scope_name()}: {one._change_text()}"

    def _scope_name(self):
        place = self[SCOPE[self.level][0]].display_name if SCOPE.get(self.level) else self.company_id.name
        if self.level in NARROWED and self.warehouse_id:
            return self.env._("%(scope)s in %(warehouse)s", scope=place, warehouse=self.warehouse_id.name)
        return place or ""

    def _change_text(self):
        number = f"{self.value:+,.10g}" if self.mode != "total" else f"{self.value:,.10g}"
        if self.mode == "percent":
            return self.env._("%(number)s %%", number=number)
        return self.env._("%(number)s a week", number=number)

    # ------------------------------------------------------------------ checks

    @api.constrains("level", "mode", "value", "date_from", "date_to", *SCOPES)
    def _check_scope(self):
        for one in self:
            needed = SCOPE[one.level]
            allowed = (*needed, "warehouse_id") if one.level in NARROWED else needed
            for name in needed:
                if not one[name]:
                    label = one._fields[name]._description_string(self.env)
                    raise ValidationError(self.env._("Choose the %(field)s that the override is for.", field=label))
            if wrong := [name for name in SCOPES if one[name] and name not in allowed]:
                label = one._fields[wrong[0]]._description_string(self.env)
                raise ValidationError(
                    self.env._("An override of this level has no %(field)s: leave it empty.", field=label)
                )
            one._check_figures()
            if one.warehouse_id and one.warehouse_id.company_id != one.company_id:
                raise ValidationError(
                    self.env._("%(warehouse)s belongs to another company.", warehouse=one.warehouse_id.name)
                )

    def _check_figures(self):
        if self.mode == "total" and self.value < 0:
            raise ValidationError(self.env._("A forecast cannot be set below 0."))
        if self.mode == "percent" and not -100 <= self.value <= 1000:
            raise ValidationError(self.env._("Change a forecast by -100 % to 1,000 %."))
        if not abs(self.value) < 1e12:
            raise ValidationError(self.env._("%(value)s is no quantity of a week.", value=self.value))
        if self.date_from.weekday() or self.date_to.weekday():
            raise ValidationError(self.env._("Weeks begin on Monday: choose Mondays as first and last week."))

    @api.model
    def _check_role(self, level):
        """Products are every planner's; whole groups are the managers'."""
        self.env["scm.forecast"]._check_planner()
        if level != "product" and not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(
                self.env._("Only supply-chain managers may override the forecast of whole groups. Ask one of them.")
            )

    # ------------------------------------------------------------------ public

    @api.model
    def create_override(self, values):
        """Make an override and apply it to the current forecast; public, also over RPC.

        :param values: ``level`` (company, warehouse, vendor, country, state, category, product), the id of its scope
            (``product_id``, ``categ_id``, ``warehouse_id``, ``vendor_id``, ``country_id``, ``state_id``; for product,
            category and vendor also ``warehouse_id``), ``date_from`` and ``date_to`` (ISO Mondays, first and last
            week; ``date_to`` may be left out), ``mode`` (``total``, ``add``, ``percent``), ``value`` (units per week,
            or percent), ``reason`` (code, or ``reason_id``), ``note``, ``date_expire`` (ISO day), ``company_id``
        :return: dict as of :meth:`preview_override`, and ``id``
        """
        self.check_access("read")
        one = self._prepare_new(values)
        self._check_role(one["level"])
        # sudo: role and company are checked above; the records are closed to users for plain writing
        made = self.sudo().create(one)
        run = made._current_run()
        found = made._apply_run(run) if run else {}
        return self._prepare_answer(made, found) | {"id": made.id}

    @api.model
    def preview_override(self, values):
        """What an override would do, without keeping it; public, also over RPC.

        :param values: as in :meth:`create_override`
        :return: dict ``items`` (count), ``weeks`` (list of ``date``, ``before``, ``after``), ``before``, ``after``
            (sums), ``sample`` (the items that change most: ``name``, ``before``, ``after``), ``notes`` (list of texts:
            overlaps, periods typed by hand, nothing to change)
        """
        self.check_access("read")
        one = self._prepare_new(values)
        self._check_role(one["level"])
        # sudo: as in create_override; the record is gone when the savepoint is
        draft = self.sudo().new(one | {"user_id": self.env.uid})
        draft._check_scope()
        run = draft._current_run()
        return self._prepare_answer(draft, draft._try_run(run) if run else {})

    def action_withdraw(self, reason=False):
        """Take overrides back; the statistical forecast stands again. Public, also over RPC.

        :param reason: why, kept beside it
        """
        self.check_access("read")
        for one in self:
            self._check_role(one.level)
            if one.user_id != self.env.user and not self.env.user.has_group("scm_base.scm_group_manager"):
                raise AccessError(
                    self.env._(
                        "“%(name)s” is of %(user)s. Only managers take back what others typed.",
                        name=one.name,
                        user=one.user_id.name,
                    )
                )
        # sudo: role and access are checked above
        active = self.sudo().filtered(lambda one: one.state == "active")
        text = str(reason or "").strip() or self.env._("Withdrawn by %(user)s", user=self.env.user.name)
        active.write({"state": "withdrawn", "state_reason": text})
        for run in active._current_runs():
            # sudo: as above
            self.sudo()._apply_run(run)
        return True

    # ----------------------------------------------------------------- prepare

    @api.model
    def _prepare_new(self, values):
        """Checked values of a new record; what is missing or unknown is named."""
        if not isinstance(values, dict) or values.get("level") not in SCOPE:
            raise UserError(self.env._("Give the level of the override: one of %(levels)s.", levels=", ".join(SCOPE)))
        values = {name: value for name, value in values.items() if value not in (None, False, "")}
        known = {*TYPED, *SCOPES, "company_id", "reason"}
        if unknown := sorted(set(values) - known):
            raise UserError(self.env._("An override has no “%(names)s”.", names=", ".join(unknown)))
        company = self.env["res.company"].browse(int(values.pop("company_id", self.env.company.id)))
        if company not in self.env.companies:
            raise AccessError(self.env._("You can override forecasts only of companies that you have chosen."))
        values["reason_id"] = self._find_reason(values.pop("reason", None), values.get("reason_id"))
        for name in SCOPES:
            if name in values:
                values[name] = self._find_record(name, values[name])
        first = self._to_monday(values.get("date_from"))
        last = self._to_monday(values.get("date_to") or values.get("date_from"))
        if not isinstance(values.get("value", 0), int | float) or isinstance(values.get("value"), bool):
            raise UserError(self.env._("The value of an override is a number: units per week, or percent."))
        if values.get("mode", "percent") not in dict(self._fields["mode"].selection):
            raise UserError(self.env._("The mode of an override is total, add or percent."))
        expire = {"date_expire": self._to_day(values["date_expire"])} if values.get("date_expire") else {}
        return values | {"company_id": company.id, "date_from": first, "date_to": last} | expire

    @api.model
    def _find_record(self, name, record_id):
        record = self.env[self._fields[name].comodel_name].browse(int(record_id)).exists()
        if not record:
            label = self._fields[name]._description_string(self.env)
            raise UserError(self.env._("There is no %(field)s with the id %(id)s.", field=label, id=record_id))
        record.check_access("read")
        return record.id

    @api.model
    def _find_reason(self, code, reason_id):
        model = self.env["scm.override.reason"]
        found = model.search([("code", "=", code) if code else ("id", "=", reason_id)], limit=1)
        if not found:
            reasons = model.search([("active", "=", True)])
            raise UserError(
                self.env._(
                    "Give a reason, so that it can be seen later whether it helped: %(codes)s.",
                    codes=", ".join(reasons.mapped("code")),
                )
            )
        return found[0].id

    @api.model
    def _to_day(self, text):
        try:
            return fields.Date.to_date(text)
        except (ValueError, TypeError):
            raise UserError(self.env._("'%(text)s' is not a day: write it as YYYY-MM-DD.", text=text)) from None

    @api.model
    def _to_monday(self, text):
        day = self._to_day(text)
        if not day:
            raise UserError(self.env._("Give the first week of the override (date_from), as YYYY-MM-DD."))
        return day - timedelta(days=day.weekday())

    def _current_run(self):
        self.ensure_one()
        return self._current_runs()[:1]

    def _current_runs(self):
        # sudo: the run of a company whose overrides the caller may see
        return (
            self.env["scm.forecast.run"]
            .sudo()
            .search([("company_id", "in", self.company_id.ids), ("freq", "=", "W"), ("current", "=", True)])
        )

    def action_open_scope(self):
        """The forecasts that it changes."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_planning.scm_forecast_action")
        domain = [("run_id.current", "=", True), ("freq", "=", "W"), ("line_ids.override_id", "=", self.id)]
        return action | {"domain": domain, "context": {}, "name": self.name}
