from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..kernel.lifecycle import chain_order

NEW_DAYS = 182
STAGES = [("new", "New"), ("active", "Active"), ("ending", "Ending"), ("ended", "Ended")]


class ScmProductLifecycle(models.Model):
    """The two ends of a product's life in a company, or in one of its warehouses.

    A new product borrows the forecast of a like-item; a product that ends is asked for until its last day; a successor
    takes over the history of what it replaces. Where a product has a line for a warehouse and one for the company, the
    line of the warehouse holds there.
    """

    _name = "scm.product.lifecycle"
    _description = "Life Cycle of a Product"
    _order = "stage, date_end, date_launch desc, id desc"
    _rec_name = "product_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="cascade", index=True, check_company=True,
        domain="[('is_storable', '=', True)]",
    )  # fmt: skip
    categ_id = fields.Many2one(related="product_id.categ_id", string="Product Category")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    warehouse_id = fields.Many2one(
        "stock.warehouse", ondelete="cascade", check_company=True, help="Empty: all warehouses of the company."
    )
    stage = fields.Selection(STAGES, compute="_compute_stage", store=True, index=True, group_expand=True)

    date_launch = fields.Date(
        "Launch", help="First day of sale: no demand is expected before it. Empty: it is sold from now on."
    )
    like_state = fields.Selection(
        [("none", "No like-item"), ("proposed", "Proposed"), ("confirmed", "Confirmed"), ("rejected", "Without")],
        string="Like-item is",
        default="none",
        required=True,
        help="Only a confirmed like-item shapes the forecast. Without: the planner wants none.",
    )
    like_product_id = fields.Many2one(
        "product.product", "Like-item", ondelete="set null", check_company=True, domain="[('is_storable', '=', True)]",
        help="Grown product that the new one is expected to sell like.",
    )  # fmt: skip
    like_score = fields.Float(
        "Likeness", readonly=True, aggregator="avg", help="0 to 1, from category, attributes, name and price."
    )
    like_candidates = fields.Json(readonly=True)
    like_week = fields.Float("Like-item per week", readonly=True, digits="Product Unit", aggregator=None)
    scale_auto = fields.Float(
        "Proposed factor", readonly=True, default=1.0, aggregator=None, digits=(16, 2),
        help="Expected demand / demand of the like-item, from prices and the usual level of the category.",
    )  # fmt: skip
    scale = fields.Float(
        "Own factor", digits=(16, 2), aggregator=None, help="Your own factor on the like-item's demand. 0: as proposed."
    )
    scale_used = fields.Float(
        "Factor in use", readonly=True, aggregator=None, digits=(16, 2),
        help="After the first weeks of own sales, as of the last forecast.",
    )  # fmt: skip
    ramp_weeks = fields.Integer("Weeks to full level", default=4, aggregator=None)
    ramp_curve = fields.Selection(
        [("linear", "Even"), ("fast", "Quick start"), ("slow", "Slow start")], "Ramp", default="linear", required=True
    )

    date_end = fields.Date("Last day of sale", help="Nothing is expected to be sold after this day.")
    successor_id = fields.Many2one(
        "product.product", ondelete="set null", check_company=True, domain="[('is_storable', '=', True)]",
        help="Takes over the demand and the history of this product from the switch on.",
    )  # fmt: skip
    date_switch = fields.Date("Switch", help="First day on which customers get the successor.")
    successor_factor = fields.Float(
        "Successor factor", default=1.0, digits=(16, 3), aggregator=None,
        help="Units of the successor for one unit of this product.",
    )  # fmt: skip
    use_up_stock = fields.Boolean("Use up stock first", default=True, help="Of this product, before the successor.")

    on_hand = fields.Float(readonly=True, digits="Product Unit")
    demand_to_end = fields.Float("Still asked until the end", readonly=True, digits="Product Unit")
    last_buy_quantity = fields.Float(
        "Buy a last time", readonly=True, digits="Product Unit",
        help="What may still be asked until the end, at the service level of the policy, less stock and open receipts.",
    )  # fmt: skip
    remaining_quantity = fields.Float("Will remain", readonly=True, digits="Product Unit")
    remaining_value = fields.Monetary("Remaining value", readonly=True, help="At cost.")
    date_run_out = fields.Date("Runs out", readonly=True, help="From stock and open receipts, if before the end.")
    why = fields.Json(readonly=True)
    note = fields.Text()

    _item_uniq = models.UniqueIndex(
        "(company_id, product_id, COALESCE(warehouse_id, 0))",
        "There is a life cycle of this product already. Change that one.",
    )
    _ramp = models.Constraint("CHECK(ramp_weeks BETWEEN 0 AND 104)", "A ramp takes 0 to 104 weeks.")
    _scale = models.Constraint("CHECK(scale BETWEEN 0 AND 1000)", "A factor lies between 0 (as proposed) and 1,000.")
    _factor = models.Constraint(
        "CHECK(successor_factor > 0 AND successor_factor <= 10000)", "A successor's factor is above 0, at most 10,000."
    )

    @api.depends("date_launch", "like_state", "date_end", "successor_id", "date_switch", "company_id")
    def _compute_stage(self):
        days = {company: self.env["scm.demand.day"]._scm_company_today(company) for company in self.company_id}
        for line in self:
            line.stage = line._stage_on(days.get(line.company_id) or fields.Date.context_today(self))

    def _stage_on(self, today):
        ends = [self.date_end] if self.date_end else []
        if self.successor_id and self.date_switch:
            ends.append(fields.Date.subtract(self.date_switch, days=1))
        if end := min(ends, default=False):
            return "ended" if end < today else "ending"
        begun = self.date_launch or fields.Date.to_date(self.create_date) or today
        is_new = self.like_state in ("proposed", "confirmed") or (self.date_launch and self.date_launch > today)
        return "new" if is_new and fields.Date.add(begun, days=NEW_DAYS) >= today else "active"

    @api.depends("product_id", "warehouse_id")
    def _compute_display_name(self):
        for line in self:
            name = line.product_id.display_name or ""
            line.display_name = f"{name} ({line.warehouse_id.code})" if line.warehouse_id else name

    # Checks

    @api.constrains("product_id", "like_product_id", "successor_id")
    def _check_others(self):
        for line in self:
            if line.product_id == line.like_product_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot be its own like-item. Choose another one.",
                        product=line.product_id.display_name,
                    )
                )
        self._check_circle()

    def _check_circle(self):
        for company in self.filtered("successor_id").company_id:
            lines = self.search([("company_id", "=", company.id), ("successor_id", "!=", False)])
            try:
                chain_order([(line.product_id.id, line.successor_id.id) for line in lines])
            except ValueError as error:
                names = [product.display_name for product in self.env["product.product"].browse(error.args[1])]
                raise ValidationError(
                    self.env._(
                        "Successors must not go in a circle: %(chain)s. Take one of these successors out.",
                        chain=" → ".join([*names, names[0]]),
                    )
                ) from error

    @api.constrains("date_launch", "date_end", "successor_id", "date_switch", "like_state", "like_product_id")
    def _check_days(self):
        for line in self:
            name = line.product_id.display_name
            if line.date_launch and line.date_end and line.date_end < line.date_launch:
                raise ValidationError(
                    self.env._(
                        "%(product)s: the last day of sale (%(end)s) lies before its launch (%(launch)s).",
                        product=name,
                        end=line.date_end,
                        launch=line.date_launch,
                    )
                )
            if line.successor_id and not line.date_switch:
                raise ValidationError(
                    self.env._(
                        "%(product)s: say from which day on its successor %(successor)s is sold.",
                        product=name,
                        successor=line.successor_id.display_name,
                    )
                )
            if line.like_state == "confirmed" and not line.like_product_id:
                raise ValidationError(self.env._("%(product)s: choose a like-item to confirm.", product=name))

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            # Odoo checks the company that a record leaves, not the one it is moved to
            self.check_access("write")
        return result

    # What integrators call

    @api.model
    def _check_manager(self):
        if not (self.env.su or self.env.user.has_group("scm_base.scm_group_manager")):
            raise AccessError(self.env._("Only supply-chain managers may change life cycles. Ask one of them."))

    @api.model
    def _line_of(self, product_id, warehouse_id=False, company_id=False):
        """The line of a product, made where there is none."""
        self._check_manager()
        product = self.env["product.product"].browse(product_id).exists()
        if not product:
            raise UserError(self.env._("There is no product with the number %(id)s.", id=product_id))
        if not product.is_storable:
            raise UserError(
                self.env._("%(product)s is not tracked in stock, so it is not planned.", product=product.display_name)
            )
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        domain = [
            ("company_id", "=", company.id),
            ("product_id", "=", product_id),
            ("warehouse_id", "=", warehouse_id or False),
        ]
        values = {"company_id": company.id, "product_id": product_id, "warehouse_id": warehouse_id or False}
        return self.search(domain, limit=1) or self.create(values)

    @api.model
    def confirm_like_item(
        self, product_id, like_product_id=False, scale=0.0, ramp_weeks=False, date_launch=False, warehouse_id=False,
        company_id=False,
    ):  # fmt: skip
        """Confirm the proposed like-item of a new product, or name another; public, also over RPC.

        For supply-chain managers. The next forecast uses it, also for a product that was never sold.

        :param product_id: the new product
        :param like_product_id: by default the one that is proposed
        :param scale: factor on the like-item's demand; 0: as proposed, corrected by the first own sales
        :param ramp_weeks: weeks to the full level; by default as it stands (4)
        :param date_launch: ISO day of the first sale; by default as it stands
        :param warehouse_id: only there; by default in all warehouses of the company
        :param company_id: by default the user's present company
        :return: id of the life cycle
        """
        line = self._line_of(product_id, warehouse_id, company_id)
        like_id = like_product_id or line.like_product_id.id
        if not like_id:
            raise UserError(
                self.env._(
                    "There is no like-item proposed for %(product)s. Name one.", product=line.product_id.display_name
                )
            )
        values = {"like_product_id": like_id, "like_state": "confirmed", "scale": scale or 0.0}
        values |= {} if ramp_weeks is False else {"ramp_weeks": ramp_weeks}
        values |= {"date_launch": self.env["scm.event"]._typed_day(date_launch)} if date_launch else {}
        line.write(values)
        return line.id

    @api.model
    def set_end(self, product_id, date_end, warehouse_id=False, company_id=False):
        """Set or clear the last day of sale of a product; public, also over RPC. For supply-chain managers.

        :param date_end: ISO day, or False: the product goes on
        :return: id of the life cycle
        """
        line = self._line_of(product_id, warehouse_id, company_id)
        line.date_end = self.env["scm.event"]._typed_day(date_end) if date_end else False
        return line.id

    @api.model
    def set_successor(
        self, product_id, successor_id, date_switch=False, factor=1.0, use_up_stock=True, warehouse_id=False,
        company_id=False,
    ):  # fmt: skip
        """Let a successor take over the history of a product; public, also over RPC. For supply-chain managers.

        :param successor_id: product that follows, or False: none
        :param date_switch: ISO day, the first one on which customers get the successor
        :param factor: units of the successor for one unit of the product
        :param use_up_stock: what is left of the product is sold first
        :return: id of the life cycle
        """
        line = self._line_of(product_id, warehouse_id, company_id)
        line.write(
            {
                "successor_id": successor_id or False,
                "date_switch": self.env["scm.event"]._typed_day(date_switch) if date_switch else False,
                "successor_factor": factor,
                "use_up_stock": use_up_stock,
            }
        )
        return line.id

    # Buttons

    def action_confirm_like(self):
        self._check_manager()
        missing = self.filtered(lambda line: not line.like_product_id)
        if missing:
            raise UserError(
                self.env._(
                    "Choose a like-item first for: %(names)s.",
                    names=", ".join(missing[:5].mapped("display_name")),
                )
            )
        self.like_state = "confirmed"
        return True

    def action_reject_like(self):
        """The planner wants no like-item: the forecast learns from the product's own sales alone."""
        self._check_manager()
        self.like_state = "rejected"
        return True

    def action_take_candidate(self, product_id):
        """Choose one of the other proposed like-items and confirm it."""
        self._check_manager()
        self.ensure_one()
        chosen = [row for row in self.like_candidates or [] if row["product_id"] == product_id]
        values = {"like_product_id": product_id, "like_state": "confirmed"}
        if chosen:
            values |= {"scale_auto": chosen[0]["scale"], "like_score": chosen[0]["score"]}
        self.write(values)
        return True

    def action_open_forecast(self):
        self.ensure_one()
        context = {"scm_warehouse_id": self.warehouse_id.id}
        return self.product_id.with_context(**context).action_open_scm_forecast()
