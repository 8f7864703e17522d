from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

MAX_AMOUNT, MAX_WEIGHT = 1e9, 1e6


class ScmImporterFreightInvoice(models.AbstractModel):
    """Carriers' invoices as files: one row per charge, or one row per parcel with its surcharges beside."""

    _name = "scm.importer.freight_invoice"
    _inherit = "scm.importer"
    _description = "Importer of Freight Invoices"

    def _label(self):
        return self.env._("Freight invoices of carriers")

    def _replace_label(self):
        return self.env._("Replace invoices with the same number that are not approved")

    def _import_fields(self):
        return [
            {
                "name": "number",
                "label": self.env._("Invoice Number"),
                "required": True,
                "aliases": ["invoice", "invoice no", "bill number", "帳單號碼", "账单号", "發票號碼", "发票号码"],
                "example": "INV-2026-118",
            },
            {
                "name": "date",
                "label": self.env._("Invoice Date"),
                "kind": "date",
                "required": True,
                "aliases": ["date", "bill date", "帳單日期", "账单日期", "發票日期", "发票日期"],
                "example": "2026-03-31",
            },
            {
                "name": "tracking",
                "label": self.env._("Tracking Number"),
                "required": True,
                "aliases": ["tracking", "awb", "waybill", "shipment", "parcel", "運單號", "运单号", "單號", "单号"],
                "example": "1Z999AA10123456784",
            },
            {
                "name": "amount",
                "label": self.env._("Amount"),
                "kind": "number",
                "required": True,
                "aliases": ["net amount", "charge amount", "freight", "price", "金額", "金额", "運費", "运费"],
                "help": self.env._("Without tax. A credit is below 0."),
                "example": "8.40",
            },
            {
                "name": "charge",
                "label": self.env._("Charge"),
                "aliases": ["charge type", "description", "service", "費用", "费用", "項目", "项目"],
                "help": self.env._("What the amount is for, as the carrier names it. Empty: the freight."),
                "example": "Fuel surcharge",
            },
            *self._more_fields(),
        ]

    def _more_fields(self):
        return [
            {
                "name": "fuel",
                "label": self.env._("Fuel Surcharge"),
                "kind": "number",
                "aliases": ["fuel", "fuel amount", "燃油附加費", "燃油附加费"],
                "help": self.env._("Where the file has it in a column of its own."),
                "example": "",
            },
            {
                "name": "surcharge",
                "label": self.env._("Other Surcharges"),
                "kind": "number",
                "aliases": ["surcharge", "surcharges", "extra", "附加費", "附加费"],
                "help": self.env._("Where the file has them in a column of their own."),
                "example": "",
            },
            {
                "name": "currency",
                "label": self.env._("Currency"),
                "aliases": ["currency code", "幣別", "币种"],
                "help": self.env._("Left out: the currency of the company."),
                "example": "EUR",
            },
            {
                "name": "weight",
                "label": self.env._("Billed Weight (kg)"),
                "kind": "number",
                "aliases": ["weight", "billed weight", "chargeable weight", "計費重量", "计费重量", "重量"],
                "example": "2.5",
            },
            {
                "name": "zone",
                "label": self.env._("Zone"),
                "aliases": ["billed zone", "destination zone", "區域", "区域", "分區", "分区"],
                "help": self.env._("Name of a delivery zone; others are kept as text."),
                "example": "",
            },
            {
                "name": "carrier",
                "label": self.env._("Carrier"),
                "aliases": [
                    "delivery method",
                    "service provider",
                    "承運商",
                    "承运商",
                    "物流商",
                    "快遞公司",
                    "快递公司",
                ],
                "help": self.env._("Name of the delivery method. Empty: that of the parcel."),
                "example": "",
            },
        ]

    def _check_access(self):
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply-chain managers may import freight invoices. Ask one of them."))

    # Check

    def _check_rows(self, batch, report):
        currencies = dict(self.env["res.currency"]._read_group([], ["name"], ["id:max"]))
        carriers = self._carriers()
        standing = self._standing({row.values["number"].casefold() for row in batch})
        checked = []
        for row in batch:
            self._check_number(row, standing, report)
            self._check_amounts(row, report)
            currency_id = self._choice(row, "currency", currencies, str.upper, report)
            carrier_id = self._choice(row, "carrier", carriers, str.casefold, report)
            values = row.values
            checked.append(
                (
                    row.number,
                    {
                        "number": values["number"].strip(),
                        "date": values["date"].isoformat(),
                        "tracking_ref": values["tracking"].strip(),
                        "charges": self._charges(values),
                        "currency_id": currency_id or self.env.company.currency_id.id,
                        "weight": values.get("weight") or 0.0,
                        "zone": values.get("zone") or None,
                        "carrier_id": carrier_id,
                        "row": row.number,
                    },
                )
            )
        return checked

    def _charges(self, values):
        """[(words, amount)] of a row; surcharges of their own columns stand beside the freight."""
        charges = [(values.get("charge") or "", values["amount"])]
        if values.get("fuel"):
            charges.append((self.env._("Fuel surcharge"), values["fuel"]))
        if values.get("surcharge"):
            charges.append((self.env._("Other surcharges"), values["surcharge"]))
        return charges

    def _check_number(self, row, standing, report):
        state = standing.get(row.values["number"].strip().casefold())
        if state == "approved":
            report.error(row, "number", self.env._("An invoice with this number is already approved."))
        elif state and not self._job().replace_existing:
            report.error(
                row,
                "number",
                self.env._(
                    "There is already an invoice with this number. Tick the option to replace it, or cancel it."
                ),
            )

    def _check_amounts(self, row, report):
        for name in ("amount", "fuel", "surcharge"):
            if abs(row.values.get(name) or 0.0) > MAX_AMOUNT:
                report.error(row, name, self.env._("This amount is not of a believable size."))
        if not 0 <= (row.values.get("weight") or 0.0) <= MAX_WEIGHT:
            report.error(row, "weight", self.env._("A weight is not below 0, and of a believable size."))

    def _choice(self, row, name, known, change, report):
        value = (row.values.get(name) or "").strip()
        if value and change(value) not in known:
            messages = {
                "currency": self.env._("There is no active currency with this code."),
                "carrier": self.env._("There is no delivery method of this name."),
            }
            report.error(row, name, messages[name])
        return known.get(change(value)) if value else None

    def _carriers(self):
        """{name in small letters: id}"""
        companies = Domain("company_id", "in", (False, self.env.company.id))
        # sudo: names of delivery methods of the manager's own company, who need not have an inventory role
        carriers = self.env["delivery.carrier"].sudo().search_fetch(companies, ["name"], order="id DESC")
        return {carrier.name.strip().casefold(): carrier.id for carrier in carriers}

    def _standing(self, numbers):
        """{number in small letters: state} of invoices that count; an approved one goes before the others."""
        self.env["scm.freight.invoice"].flush_model(["name", "state", "company_id"])
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT lower(name), state FROM scm_freight_invoice WHERE company_id = %s AND state != 'cancelled'"
                    " AND lower(name) = ANY(%s) ORDER BY state = 'approved'",
                    self.env.company.id,
                    [number.strip() for number in numbers],
                )
            )
        )

    def _finish_check(self, report):
        """Rows of one invoice have one date and one currency."""
        for name, field, message in (
            ("date", "date", self.env._("The rows of one invoice differ in the date.")),
            ("currency_id", "currency", self.env._("The rows of one invoice differ in the currency.")),
        ):
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (lower(data->>'number')) number, data->>%(name)s
                      FROM (SELECT number, data, first_value(data->>%(name)s) OVER (
                                   PARTITION BY lower(data->>'number') ORDER BY number) AS first
                              FROM scm_import_row WHERE import_id = %(job)s) staged
                     WHERE data->>%(name)s IS DISTINCT FROM first
                     ORDER BY lower(data->>'number'), number
                    """,
                    name=name,
                    job=self._job().id,
                )
            )
            for number, value in sorted(rows):
                report.error(number, field, message, value=value)

    # Write

    def _write_staged(self, job):
        """Invoices first, then all their lines by one statement, then the check of each invoice."""
        invoices = self._create_invoices(job)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO scm_freight_invoice_line (invoice_id, company_id, date, sequence, tracking_ref, name,
                       amount, weight_billed, zone_name, create_uid, create_date, write_uid, write_date)
                SELECT v.id, v.company_id, v.date, r.number, r.data->>'tracking_ref', NULLIF(c->>0, ''),
                       (c->>1)::numeric, CASE WHEN n = 1 THEN (r.data->>'weight')::numeric ELSE 0 END,
                       CASE WHEN n = 1 THEN r.data->>'zone' END, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM scm_import_row r
                  JOIN scm_freight_invoice v ON v.id = ANY(%(ids)s) AND lower(v.name) = lower(r.data->>'number')
                 CROSS JOIN LATERAL jsonb_array_elements(r.data->'charges') WITH ORDINALITY AS t(c, n)
                 WHERE r.import_id = %(job)s ORDER BY r.number, n
                """,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                ids=invoices.ids,
                job=job.id,
            )
        )
        invoices.invalidate_recordset()
        invoices.action_check()

    def _create_invoices(self, job):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT min(data->>'number'), min(data->>'date'), min((data->>'currency_id')::int),
                       CASE WHEN count(DISTINCT data->>'carrier_id') = 1 AND count(*) = count(data->>'carrier_id')
                            THEN min((data->>'carrier_id')::int) END
                  FROM scm_import_row WHERE import_id = %s GROUP BY lower(data->>'number') ORDER BY 1
                """,
                job.id,
            )
        )
        model = self.env["scm.freight.invoice"]
        if job.replace_existing:
            numbers = [number.casefold() for number, *_rest in rows]
            states = [("company_id", "=", self.env.company.id), ("state", "in", ("draft", "checked"))]
            old = model.search(states).filtered(lambda invoice: invoice.name.casefold() in numbers)
            old.unlink()
        carriers = self.env["delivery.carrier"].sudo()  # sudo: who bills, of methods that the check allowed
        return model.create(
            [
                {
                    "name": number,
                    "date": day,
                    "currency_id": currency_id,
                    "carrier_id": carrier_id,
                    "partner_id": carriers.browse(carrier_id or []).scm_freight_partner_id.id,
                    "company_id": self.env.company.id,
                }
                for number, day, currency_id, carrier_id in rows
            ]
        )

    def _done_action(self, job):
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_freight_invoice_action")
        return action | {"domain": [("create_date", ">=", job.create_date)], "context": {}}
