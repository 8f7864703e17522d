from odoo import api, fields, models
from odoo.fields import Domain

#: programs that make people buy now; cards and wallets run all the year
PROGRAM_TYPES = ("promotion", "promo_code", "buy_x_get_y", "coupons", "next_order_coupons")


class ScmEventProposal(models.Model):
    _inherit = "scm.event.proposal"

    origin = fields.Selection(selection_add=[("loyalty", "Discount program")], ondelete={"loyalty": "cascade"})

    @api.model
    def _sources(self, company):
        return super()._sources(company) + self._program_sources(company)

    @api.model
    def _program_sources(self, company):
        programs = self.env["loyalty.program"].search(
            Domain("company_id", "in", [False, company.id])
            & Domain("program_type", "in", PROGRAM_TYPES)
            & Domain("date_from", "!=", False)
            & Domain("date_to", ">=", self._oldest_day(company)),
            order="date_from, id",
        )
        return [self._program_source(program) for program in programs if program.date_to >= program.date_from]

    @api.model
    def _program_source(self, program):
        categories, products = self._program_scope(program)
        return {
            "keys": [f"loyalty.program,{program.id}"],
            "origin": "loyalty",
            "name": program.name,
            "date_start": program.date_from,
            "date_end": program.date_to,
            "discount": self._program_depth(program),
            "category_ids": categories.ids,
            "product_ids": sorted(products.ids),
        }

    @api.model
    def _program_depth(self, program):
        """Deepest share of the price that a customer saves on what he buys for it; 0 where money says nothing of it."""
        depths = [0.0]
        for reward in program.reward_ids:
            if reward.reward_type == "discount" and reward.discount_mode == "percent":
                depths.append(min(reward.discount, 100.0) / 100)
            elif reward.reward_type == "product":
                depths.append(self._free_share(program, reward))
        return round(max(depths), 3)

    @api.model
    def _free_share(self, program, reward):
        """Buy 2, get 1: a third of what leaves the shelf is free."""
        bought = max(program.rule_ids.mapped("minimum_qty"), default=1) or 1
        by_unit = program.rule_ids.filtered(
            lambda rule: rule.reward_point_mode == "unit" and rule.reward_point_amount > 0
        )
        if by_unit:
            bought = max(bought, reward.required_points / max(by_unit.mapped("reward_point_amount")))
        free = reward.reward_product_qty or 1
        return free / (free + bought)

    @api.model
    def _program_scope(self, program):
        """Categories and products that get cheaper, else those that give the right to it; both empty: all."""
        categories, products = self.env["product.category"], self.env["product.product"]
        for reward in program.reward_ids:
            if reward.reward_type == "product":
                products |= reward.reward_product_ids
            elif reward.discount_applicability == "specific":
                categories |= reward.discount_product_category_id
                products |= reward.discount_product_ids
                products |= reward.discount_product_tag_id.product_ids
        if not categories and not products:
            for rule in program.rule_ids:
                categories |= rule.product_category_id
                products |= rule.product_ids
                products |= rule.product_tag_id.product_ids
        return categories, products
