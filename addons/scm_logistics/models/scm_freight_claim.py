from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

KINDS = [("lost", "Lost"), ("damaged", "Damaged"), ("late", "Guarantee missed"), ("overcharge", "Billed too Much")]
OPEN = ("draft", "sent", "accepted")


class ScmFreightClaim(models.Model):
    """What a carrier owes us for one parcel or one charge. Drafts come by themselves, people send and settle them."""

    _name = "scm.freight.claim"
    _description = "Freight Claim"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_deadline, id"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default=lambda self: self.env._("New"))
    kind = fields.Selection(KINDS, required=True, index=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    carrier_id = fields.Many2one("delivery.carrier", required=True, check_company=True, index=True)
    parcel_id = fields.Many2one("scm.parcel", check_company=True, index="btree_not_null", ondelete="restrict")
    invoice_id = fields.Many2one(
        "scm.freight.invoice", check_company=True, index="btree_not_null", ondelete="cascade", readonly=True
    )
    line_id = fields.Many2one(
        "scm.freight.invoice.line", "Invoice Line", index="btree_not_null", ondelete="set null", readonly=True
    )
    partner_id = fields.Many2one(related="parcel_id.partner_id", string="Customer")
    tracking_ref = fields.Char("Tracking Number", compute="_compute_tracking_ref", store=True)
    amount = fields.Monetary("Claimed", required=True, tracking=True)
    amount_paid = fields.Monetary("Paid", tracking=True, copy=False)
    date_known = fields.Date("Arose on", required=True, default=fields.Date.context_today)
    date_deadline = fields.Date("Claim until", index=True)
    date_sent = fields.Date("Sent", readonly=True, copy=False)
    date_closed = fields.Date("Settled", readonly=True, copy=False, index=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("accepted", "Accepted"),
            ("paid", "Paid"),
            ("refused", "Refused"),
            ("expired", "Too Late"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    carrier_ref = fields.Char("Carrier's Reference", copy=False)
    answer = fields.Char(copy=False, help="What the carrier wrote.")
    user_id = fields.Many2one("res.users", "Responsible", tracking=True, domain=[("share", "=", False)])
    improvement_id = fields.Many2one("scm.improvement", readonly=True, index="btree_not_null", copy=False)
    source_key = fields.Char(readonly=True, copy=False, help="Keeps a draft from being made twice.")
    why = fields.Json(readonly=True, copy=False)
    note = fields.Html()

    _source_uniq = models.UniqueIndex(
        "(company_id, source_key) WHERE source_key IS NOT NULL",
        "There is already a claim for this.",
    )
    _amounts = models.Constraint("CHECK(amount >= 0 AND amount_paid >= 0)", "Amounts of a claim cannot be below 0.")

    @api.depends("parcel_id.tracking_ref", "line_id.tracking_ref")
    def _compute_tracking_ref(self):
        for claim in self:
            claim.tracking_ref = claim.parcel_id.tracking_ref or claim.line_id.tracking_ref

    @api.model_create_multi
    def create(self, vals_list):
        claims = super().create(vals_list)
        claims._number()
        return claims

    def _number(self):
        """Numbers from the ids: one statement for any count of claims."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE scm_freight_claim SET name = 'FC' || lpad(id::text, 6, '0') WHERE id = ANY(%s)", list(self.ids))
        )
        self.invalidate_recordset(["name"])

    # Steps

    def _check_worker(self):
        if not self.env.su and not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(
                self.env._("Claims are the work of inventory users. Ask your administrator for the role.")
            )
        self.check_access("write")

    def _move(self, states, vals):
        """Write after the role and the present state are checked."""
        self._check_worker()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for claim in self:
            if claim.state not in states:
                raise UserError(
                    self.env._(
                        "“%(claim)s” is in the state “%(state)s”; this step is for claims that are: %(states)s.",
                        claim=claim.name,
                        state=labels[claim.state],
                        states=", ".join(labels[state] for state in states),
                    )
                )
        return self.write(vals)

    def action_send(self):
        """It was sent to the carrier."""
        today = fields.Date.context_today(self)
        for claim in self:
            if not claim.amount:
                raise UserError(self.env._("“%(claim)s” claims nothing. Write an amount first.", claim=claim.name))
        return self._move(("draft",), {"state": "sent", "date_sent": today})

    def action_accept(self):
        """The carrier accepts it and has not paid yet."""
        return self._move(("sent",), {"state": "accepted"})

    def action_pay(self):
        """The carrier has paid: all that was claimed, where no amount is written."""
        today = fields.Date.context_today(self)
        self._move(("sent", "accepted"), {"state": "paid", "date_closed": today})
        for claim in self.filtered(lambda claim: not claim.amount_paid):
            claim.amount_paid = claim.amount
        return True

    def action_refuse(self):
        """The carrier will not pay."""
        today = fields.Date.context_today(self)
        return self._move(("sent", "accepted"), {"state": "refused", "date_closed": today})

    def action_cancel(self):
        """We do not claim it."""
        today = fields.Date.context_today(self)
        return self._move(("draft", "sent", "accepted", "expired"), {"state": "cancelled", "date_closed": today})

    def action_draft(self):
        """Begin again."""
        return self._move(("cancelled", "refused", "expired", "sent"),
                          {"state": "draft", "date_sent": False, "date_closed": False})  # fmt: skip

    def _withdraw(self):
        """What it was made for holds no more. Should it hold again, a new draft is made."""
        return self.write({"state": "cancelled", "date_closed": fields.Date.context_today(self), "source_key": False})

    # Improvement

    def action_improve(self):
        """Open one corrective action per carrier and kind for these claims, or the one that stands.

        :return: action that shows them
        """
        self._check_worker()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        groups = self.grouped(lambda claim: (claim.company_id, claim.carrier_id, claim.kind))
        vals_list = [
            {
                "name": self.env._("%(carrier)s: %(kind)s", carrier=carrier.name, kind=kinds[kind]),
                "area": "logistics",
                "company_id": company.id,
                "source_key": f"freight_claim:{carrier.id}:{kind}",
                "res_model": "delivery.carrier",
                "res_id": carrier.id,
                "problem": self.env._(
                    "%(count)s claims of %(amount)s: %(names)s",
                    count=len(claims),
                    amount=company.currency_id.format(sum(claims.mapped("amount"))),
                    names=", ".join(claims[:10].mapped("name")),
                ),
            }
            for (company, carrier, kind), claims in groups.items()
        ]
        improvements = self.env["scm.improvement"]._open_for(vals_list)
        for claims, improvement in zip(groups.values(), improvements, strict=True):
            claims.write({"improvement_id": improvement.id})
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_base.scm_improvement_action")
        return action | {"domain": [("id", "in", improvements.ids)], "context": {}}
