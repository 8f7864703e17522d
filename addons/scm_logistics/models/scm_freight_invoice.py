from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

#: what the check writes, and nobody else
FOUND = frozenset({"amount_total", "amount_company", "expected", "difference", "claimable", "line_count",
                   "difference_count", "unknown_count", "state"})  # fmt: skip


class ScmFreightInvoice(models.Model):
    """A carrier's invoice, line by line beside what was expected."""

    _name = "scm.freight.invoice"
    _description = "Freight Invoice"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date DESC, id DESC"
    _check_company_auto = True

    name = fields.Char("Number", required=True, index="trigram")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    carrier_id = fields.Many2one(
        "delivery.carrier",
        check_company=True,
        index="btree_not_null",
        help="Empty: the file bills several delivery methods; each line has that of its parcel.",
    )
    partner_id = fields.Many2one("res.partner", "Billed by", check_company=True)
    date = fields.Date("Invoice Date", required=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    state = fields.Selection(
        [("draft", "Not checked"), ("checked", "Checked"), ("approved", "Approved"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    user_id = fields.Many2one("res.users", "Responsible", default=lambda self: self.env.user, tracking=True)
    line_ids = fields.One2many("scm.freight.invoice.line", "invoice_id", "Lines", copy=True)
    claim_ids = fields.One2many("scm.freight.claim", "invoice_id", "Claims")
    claim_count = fields.Integer("Claims Made", compute="_compute_claim_count")
    reason_view = fields.Json("Differences by Reason", compute="_compute_reason_view")
    line_count = fields.Integer("Lines Billed", readonly=True, copy=False)
    difference_count = fields.Integer("Differences", readonly=True, copy=False)
    unknown_count = fields.Integer("Unknown Parcels", readonly=True, copy=False)
    amount_total = fields.Monetary("Total", readonly=True, copy=False)
    amount_company = fields.Monetary(
        "Invoiced", readonly=True, copy=False, currency_field="company_currency_id", help="In the company's currency."
    )
    expected = fields.Monetary(readonly=True, copy=False, currency_field="company_currency_id")
    difference = fields.Monetary(
        readonly=True,
        copy=False,
        currency_field="company_currency_id",
        help="Invoiced less expected, of the lines that could be judged.",
    )
    claimable = fields.Monetary(
        "Billed too Much",
        readonly=True,
        copy=False,
        currency_field="company_currency_id",
        help="Differences against us beyond the tolerance.",
    )

    _number_uniq = models.UniqueIndex(
        "(company_id, COALESCE(carrier_id, 0), lower(name)) WHERE state != 'cancelled'",
        "There is already a freight invoice of this carrier with this number.",
    )

    @api.depends("claim_ids")
    def _compute_claim_count(self):
        counts = dict(
            self.env["scm.freight.claim"]._read_group(
                [("invoice_id", "in", self.ids), ("state", "!=", "cancelled")], ["invoice_id"], ["__count"]
            )
        )
        for invoice in self:
            invoice.claim_count = counts.get(invoice, 0)

    @api.depends("state", "difference")
    def _compute_reason_view(self):
        """What the bars in the form show: difference and count by reason."""
        labels = dict(self.env["scm.freight.invoice.line"]._fields["reason"]._description_selection(self.env))
        groups = self.env["scm.freight.invoice.line"]._read_group(
            [("invoice_id", "in", self.ids), ("is_over", "=", True)],
            ["invoice_id", "reason"],
            ["__count", "difference:sum"],
        )
        for invoice in self:
            rows = [
                {"reason": reason, "label": labels.get(reason, reason), "count": count, "difference": difference}
                for owner, reason, count, difference in groups
                if owner == invoice
            ]
            rows.sort(key=lambda row: (-abs(row["difference"]), row["reason"]))
            invoice.reason_view = {"rows": rows, "currency_id": invoice.company_currency_id.id} if rows else False

    # Guards

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_found(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_not_found(vals)
        if vals.keys() & {"line_ids", "currency_id", "date", "company_id", "carrier_id"}:
            self._check_open()
        return super().write(vals)

    def _check_not_found(self, vals):
        if not self.env.su and (found := FOUND & vals.keys()):
            raise UserError(
                self.env._(
                    "%(field)s of “%(invoice)s” is found by its check: use Check, Approve or Cancel.",
                    field=self._fields[min(found)]._description_string(self.env),
                    invoice=self[:1].name or vals.get("name", ""),
                )
            )

    def _check_open(self):
        for invoice in self:
            if invoice.state in ("approved", "cancelled"):
                raise UserError(
                    self.env._("“%(invoice)s” is closed. Open it again before you change it.", invoice=invoice.name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        for invoice in self:
            if invoice.state == "approved":
                raise UserError(
                    self.env._("“%(invoice)s” is approved. Cancel it instead of deleting it.", invoice=invoice.name)
                )

    def unlink(self):
        parcel_ids = self.line_ids.parcel_id.ids
        result = super().unlink()
        self.env["scm.parcel"].browse(parcel_ids)._fill_cost_invoiced()
        return result

    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(
                self.env._("Only a supply chain manager can check and approve freight invoices. Ask one of them.")
            )
        self.check_access("write")

    # Steps

    def action_check(self):
        """Match the lines with parcels, compare them with what was expected, say why they differ. For managers.

        Checking again gives the same; parcels that have become known meanwhile are found.
        """
        self._check_manager()
        self._check_open()
        for invoice in self:
            # sudo: the role and the right on the invoice are checked above; what is found is written by nobody else
            invoice.sudo()._check_lines()
        return True

    def action_approve(self):
        """It is to be paid as it is; what was billed too much becomes claims in draft. For managers."""
        self._check_manager()
        for invoice in self:
            if invoice.state != "checked":
                raise UserError(
                    self.env._("“%(invoice)s” has to be checked before it is approved.", invoice=invoice.name)
                )
        # sudo: the role and the right on the invoice are checked above
        self.sudo().write({"state": "approved"})
        for company in self.company_id:
            self.env["scm.freight.claim"].sudo()._generate(company, kinds=("overcharge",))  # sudo: as above
        return True

    def action_cancel(self):
        """It does not count: its amounts leave the parcels, its claims in draft are withdrawn. For managers."""
        self._check_manager()
        own = self.sudo()  # sudo: the role and the right on the invoice are checked above
        own.write({"state": "cancelled"})
        own.line_ids.parcel_id._fill_cost_invoiced()
        own.claim_ids.filtered(lambda claim: claim.state == "draft")._withdraw()
        return True

    def action_reopen(self):
        """Change or check it again. For managers."""
        self._check_manager()
        own = self.sudo()  # sudo: the role and the right on the invoice are checked above
        own.write({"state": "draft"})
        own.line_ids.parcel_id._fill_cost_invoiced()
        return True

    # Where it leads

    def action_open_lines(self):
        """All lines of the invoice; with ``scm_over`` in the context only those beyond the tolerance."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_freight_invoice_line_action")
        context = {"search_default_over": 1} if self.env.context.get("scm_over") else {}
        return action | {"domain": [("invoice_id", "=", self.id)], "context": context}

    def action_open_claims(self):
        """Claims made from the invoice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_freight_claim_action")
        return action | {"domain": [("invoice_id", "=", self.id)], "context": {}}

    def _store_totals(self):
        """Sums over the lines, by one statement."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_freight_invoice i
                   SET line_count = s.lines, difference_count = s.over, unknown_count = s.unknown,
                       amount_total = s.amount, amount_company = s.company, expected = s.expected,
                       difference = s.difference, claimable = s.claimable
                  FROM (SELECT v.id, count(l.id) AS lines, count(*) FILTER (WHERE l.is_over) AS over,
                               count(*) FILTER (WHERE l.reason = 'unknown') AS unknown,
                               COALESCE(sum(l.amount), 0) AS amount, COALESCE(sum(l.amount_company), 0) AS company,
                               COALESCE(sum(l.expected), 0) AS expected,
                               COALESCE(sum(l.difference), 0) AS difference,
                               COALESCE(sum(l.difference) FILTER (WHERE l.is_over AND l.difference > 0), 0) AS claimable
                          FROM scm_freight_invoice v LEFT JOIN scm_freight_invoice_line l ON l.invoice_id = v.id
                         WHERE v.id = ANY(%s) GROUP BY v.id) s
                 WHERE s.id = i.id
                """,
                list(self.ids),
            )
        )
        self.invalidate_recordset()
