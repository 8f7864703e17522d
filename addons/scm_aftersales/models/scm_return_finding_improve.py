from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

#: owner of the cause -> area of the improvement
AREAS = {"supplier": "supplier", "carrier": "logistics", "receiving": "warehouse", "picking": "warehouse",
         "packaging": "warehouse"}  # fmt: skip
#: days until an improvement is due
DUE_DAYS = 30


class ScmReturnFinding(models.Model):
    """From a finding to the one who can remove the cause."""

    _inherit = "scm.return.finding"

    def action_improve(self):
        """Open an improvement per finding, for whoever can remove its cause; public. For supply-chain managers.

        A finding that has one keeps it. What follows by owner: a product page becomes a task, or an activity on the
        product; a carrier gets drafts of claims for parcels that came damaged.

        :return: action that shows the improvements
        """
        findings = self._decide()
        if over := findings.filtered(lambda one: one.state not in ("new", "improving")):
            raise UserError(
                self.env._(
                    "“%(finding)s” is dismissed or gone: take it up again before you improve it.", finding=over[0].name
                )
            )
        suppliers = findings._main_suppliers()
        values = [one._prepare_improvement(suppliers.get(one.id, False)) for one in findings]
        improvements = self.env["scm.improvement"].sudo()._open_for(values)  # sudo: the role is checked above
        for finding, improvement in zip(findings, improvements, strict=True):
            if finding.improvement_id != improvement:
                finding.write({"improvement_id": improvement.id, "state": "improving"})
                finding._follow(improvement)
        for company in findings.company_id:
            findings._sync_alerts(company)
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_base.scm_improvement_action")
        action |= {"domain": [("id", "in", improvements.ids)], "context": {}}
        if len(improvements) == 1:
            action |= {"views": [(False, "form")], "res_id": improvements.id}
        return action

    def _prepare_improvement(self, supplier_id):
        """Hook: values of the improvement; ``supplier_id`` is the vendor of most of what came back, or False."""
        self.ensure_one()
        today = local_today(self.company_id)
        owners = dict(self._fields["owner"]._description_selection(self.env))
        product = self.product_id or self.lot_id.product_id
        partner = self.env["res.partner"].browse(supplier_id if self.owner == "supplier" else [])
        return {
            "name": self.env._(
                "%(what)s: %(factor)s times the returns of the rest",
                what=self.name,
                factor=f"{self.factor:.1f}" if self.factor else "∞",
            ),
            "area": AREAS.get(self.owner, "aftersales"),
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "product_id": product.id,
            "source_key": f"return_finding,{self.id}",
            "res_model": self._name,
            "res_id": self.id,
            "scm_finding_id": self.id,
            "user_id": self._owner_user(partner, product).id,
            "date_open": today,
            "date_due": today + timedelta(days=DUE_DAYS),
            "problem": self._sentence(),
            "cause": self.cause_text or owners.get(self.owner) or False,
            "metric": "customer_return_rate" if self.lens == "all" else "customer_fault_rate",
            "baseline_from": self.date_from,
            "baseline_to": today - timedelta(days=1),
            # half of what is too much counts as a success
            "target": round(50 * max(self.rate - self.group_rate, 0.0), 2),
            "value": self.money_year,
            "action_ids": [
                Command.create({"sequence": number, "name": name}) for number, name in enumerate(self._action_names())
            ],
        }

    def _owner_user(self, partner, product):
        """Who works on it: the buyer of the supplier, the one in charge of the product, else who asks for it."""
        responsible = product.product_tmpl_id.with_company(self.company_id).responsible_id
        user = {
            "supplier": partner.with_company(self.company_id).buyer_id,
            "page": responsible,
            "product": responsible,
        }.get(self.owner, self.env["res.users"])
        return user.filtered(lambda one: one.active and not one.share) or self.env.user

    def _action_names(self):
        """First steps, by who can remove the cause."""
        steps = {
            "supplier": [
                self.env._("Set stock of the affected lots aside and look through it"),
                self.env._("Send photos and figures to the supplier, ask for an 8D report"),
                self.env._("Check the next deliveries"),
            ],
            "carrier": [
                self.env._("Send the claims for damaged parcels"),
                self.env._("Talk to the carrier with the figures of the lane"),
                self.env._("Choose another carrier for the lane if nothing changes"),
            ],
            "packaging": [
                self.env._("Look at photos of damaged goods"),
                self.env._("Test a stronger box or more padding with a drop test"),
                self.env._("Change the packaging of the product"),
            ],
            "page": [
                self.env._("Read the comments of these returns"),
                self.env._("Correct description, measures and photos"),
            ],
            "picking": [
                self.env._("Look at the picks behind the returns"),
                self.env._("Put look-alikes apart, scan each pick"),
            ],
            "receiving": [self.env._("Look at the receipts behind the returns"), self.env._("Check labels at receipt")],
        }
        return steps.get(self.owner) or [self.env._("Read the returns behind the finding and find the cause")]

    def _main_suppliers(self):
        """{finding id: vendor of most of the returns behind it}, in one query."""
        if not self:
            return {}
        parts = [
            SQL(
                """SELECT %s AS finding, supplier_id, count(*) AS returns FROM scm_return_fact fact
                    WHERE company_id = %s AND order_date BETWEEN %s AND %s AND returned > 0
                      AND supplier_id IS NOT NULL AND %s GROUP BY supplier_id""",
                one.id,
                one.company_id.id,
                one.date_from,
                one.date_to,
                one._cell_sql(),
            )
            for one in self
        ]
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT ON (finding) finding, supplier_id FROM (%s) vendor ORDER BY finding, returns DESC",
                SQL(" UNION ALL ").join(parts),
            )
        )
        return dict(rows)

    # What follows

    def _follow(self, improvement):
        """Hook: documents in other apps, once per improvement."""
        if self.owner == "carrier":
            self._draft_claims(improvement)
        elif self.owner == "page" and (self.product_id or self.lot_id):
            self._ask_for_page(improvement)

    def _ask_for_page(self, improvement):
        """A task where projects are in use, else an activity on the product."""
        product = self.product_id or self.lot_id.product_id
        summary = self.env._("Make the page of %(product)s clear", product=product.display_name)
        if "project.task" in self.env:
            # sudo: managers of the supply chain need no role in projects; the task is for the owner
            task = self.env["project.task"].sudo().create(
                {
                    "name": summary,
                    "description": self._sentence(),
                    "user_ids": [Command.set(improvement.user_id.ids)],
                    "date_deadline": improvement.date_due,
                    "company_id": self.company_id.id,
                }
            )  # fmt: skip
            improvement.message_post(body=self.env._("Task “%(task)s” was made.", task=task.name))
            return
        product.product_tmpl_id.sudo().activity_schedule(  # sudo: as above
            "mail.mail_activity_data_todo",
            date_deadline=improvement.date_due,
            summary=summary,
            note=self._sentence(),
            user_id=improvement.user_id.id,
        )

    def _draft_claims(self, improvement):
        """Drafts for parcels that inspection found damaged, tied to the improvement where they are of this cell."""
        claims = self.env["scm.freight.claim"].sudo()  # sudo: drafts only; the role of a manager is checked above
        claims._generate(self.company_id, kinds=("lost", "damaged"))
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT claim.id FROM scm_freight_claim claim
                     JOIN scm_parcel_picking_rel rel ON rel.parcel_id = claim.parcel_id
                     JOIN scm_return_fact fact ON fact.picking_id = rel.picking_id
                    WHERE claim.company_id = %s AND claim.state = 'draft' AND claim.improvement_id IS NULL
                      AND claim.kind IN ('lost', 'damaged') AND fact.order_date BETWEEN %s AND %s AND %s""",
                self.company_id.id,
                self.date_from,
                self.date_to,
                self._cell_sql(),
            )
        )
        mine = claims.browse(row[0] for row in rows)
        mine.write({"improvement_id": improvement.id})
        if mine:
            improvement.message_post(
                body=self.env._("%(count)s claims were drafted for damaged parcels.", count=len(mine))
            )
