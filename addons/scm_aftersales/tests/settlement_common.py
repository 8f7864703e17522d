from odoo.fields import Command

from .return_common import ReturnCase


class SettlementCase(ReturnCase):
    """Adds books for company A (receivable, income, one sales journal) and ways through a return.

    * :meth:`_invoiced` sells, delivers, invoices and posts; :meth:`_pay` registers the payment
    * :meth:`_tax`; :meth:`_approved`, :meth:`_back` (goods received and graded), :meth:`_settled`
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receivable, cls.income, cls.debt, bank = cls.env["account.account"].create(
            [
                {"name": name, "code": code, "account_type": kind, "reconcile": kind == "asset_receivable"}
                for name, code, kind in (
                    ("Receivable", "S1000", "asset_receivable"),
                    ("Income", "S4000", "income"),
                    ("Wallets", "S2000", "liability_current"),
                    ("Bank", "S1100", "asset_cash"),
                )
            ]
        )
        journals = cls.env["account.journal"].create(
            [
                {"name": "Exchange", "code": "SEXC", "type": "general"},
                {"name": "Sales", "code": "SSAL", "type": "sale", "default_account_id": cls.income.id},
                {"name": "Bank", "code": "SBNK", "type": "bank", "default_account_id": bank.id},
            ]
        )
        journals[-1].inbound_payment_method_line_ids.payment_account_id = bank
        cls.company_a.write(
            {
                "currency_exchange_journal_id": journals[0].id,
                "income_currency_exchange_account_id": cls.income.id,
                "expense_currency_exchange_account_id": cls.income.id,
            }
        )
        cls.env["ir.default"].set(
            "res.partner", "property_account_receivable_id", cls.receivable.id, company_id=cls.company_a.id
        )
        cls.company_a.country_id = cls.company_a.account_fiscal_country_id = cls.env.ref("base.de")
        group = cls.env["account.tax.group"].create({"name": "VAT", "company_id": cls.company_a.id})
        cls.tax_group = group
        cls.company_a.scm_return_mail = False
        cls.product.invoice_policy = "delivery"

    @classmethod
    def _tax(cls, amount, included=False):
        return cls.env["account.tax"].create(
            {
                "name": f"{amount} {included}",
                "amount": amount,
                "type_tax_use": "sale",
                "company_id": cls.company_a.id,
                "tax_group_id": cls.tax_group.id,
                "price_include_override": "tax_included" if included else "tax_excluded",
                "country_id": cls.env.ref("base.de").id,
            }
        )

    @classmethod
    def _invoiced(cls, lines=None, tax=None, values=None, **order):
        """An order that is delivered and on a posted invoice; ``values`` are written on its lines before that."""
        lines = lines or [(cls.product, 10.0)]
        for product, quantity in lines:
            cls._set_stock(product, quantity)
        sale = cls._create_sale(lines, "2026-11-17", confirm=False, **order)
        sale.order_line.write({"tax_ids": [Command.set(tax.ids if tax else [])], **(values or {})})
        with cls._at("2026-11-17"):
            sale.action_confirm()
        cls._deliver(sale, "2026-11-18")
        cls._invoice(sale)
        return sale

    @classmethod
    def _invoice(cls, sale, day="2026-11-18"):
        with cls._at(day):
            invoice = sale._create_invoices()
            invoice.invoice_date = day
            invoice.action_post()
        return invoice

    @classmethod
    def _pay(cls, sale):
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=sale.invoice_ids.ids
        )
        with cls._at(cls.TODAY):
            wizard.create({})._create_payments()

    @classmethod
    def _approved(cls, sale, *rows, **values):
        request = cls._ask(sale, *rows)
        request.line_ids.write(values)
        with cls._at(cls.TODAY):
            if request.state == "requested":
                cls._as(cls.agent, request).action_approve()
        return request

    @classmethod
    def _back(cls, request, grade="A", cause=None, grades=None):
        """Everything comes back and is graded alike, or each line by ``grades``: [{grade: units}]."""
        with cls._at(cls.TODAY):
            for picking in request.picking_ids:
                picking.move_ids.picked = True
                picking.with_context(skip_backorder=True).button_validate()
        for number, line in enumerate(request.line_ids):
            if line.outcome == "keep":
                continue
            own = grades[number] if grades else {grade: line.quantity}
            cls.env["scm.return.inspection"].create(
                [{"line_id": line.id, "grade": name, "quantity": units} for name, units in own.items()]
            )
            line.cause_id = cause or False
        if request.state in ("approved", "in_transit"):
            request._move_to("received")
        if request.state == "received":
            request._move_to("inspected")
        return request

    @classmethod
    def _settled(cls, request):
        with cls._at(cls.TODAY):
            cls._as(cls.agent, request).action_settle()
        return request
