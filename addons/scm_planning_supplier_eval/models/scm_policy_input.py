from dataclasses import replace

from odoo import api, models

from odoo.addons.scm_planning.kernel.proposal import sort_sellers


class ScmPolicyInput(models.AbstractModel):
    """Vendors by what they cost when all is counted; also for the order plan, which reads as the policy does."""

    _inherit = "scm.policy.input"

    @api.model
    def _read_sellers(self, company, items, today):
        """The price lists without vendors that may not be bought from, in the order that the company wants."""
        sellers, info = super()._read_sellers(company, items, today)
        if not len(sellers.item):
            return sellers, info
        choice = self.env["scm.vendor.choice"]
        lines = choice._with_standing(company, items, sellers, info)
        stays = choice._drop_blocked(lines)
        sellers, info, lines = sellers.take(stays), info[stays].reset_index(drop=True), lines[stays]
        if company.scm_vendor_choice != "landed":
            return sellers, info
        lines = choice._with_costs(company, items, lines.reset_index(drop=True))
        sellers = replace(sellers, sequence=choice._as_priority(lines))
        key = sellers.item.astype("int64") * 2**32 + sellers.id
        ordered = sort_sellers(sellers)
        position = {value: place for place, value in enumerate(key.tolist())}
        order = [position[value] for value in (ordered.item.astype("int64") * 2**32 + ordered.id).tolist()]
        return ordered, info.iloc[order].reset_index(drop=True)
