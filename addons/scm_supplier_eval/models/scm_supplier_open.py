from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.scm_base.tools.zones import local_today

#: an unconfirmed line that is due within so many days is at risk
SOON_DAYS = 7
#: documents that end within so many days are worth a word
EXPIRY_DAYS = 60
#: a scorecard is news for so many days
NEWS_DAYS = 14
#: qualifications that wait for the supplier
ASKED_STATES = ("asked",)


class ScmSupplierOpen(models.AbstractModel):
    """All that is open with suppliers, read for many of them at once: what the page and the weekly mail show.

    Everything is as the records are now and as the reader may see them; the number of queries does not depend on the
    number of suppliers.
    """

    _name = "scm.supplier.open"
    _description = "Open with Suppliers"

    @api.model
    def _open_items(self, company, partners):
        """What is open with each supplier.

        :param partners: commercial partners
        :return: ``{partner_id: {"lines": [...], "actions": [...], "documents": [...], "questionnaires": [...],
            "contests": [...], "cards": [...]}}``; plain values only, the most urgent first
        """
        items = {partner.id: {name: [] for name in self._sections()} for partner in partners}
        today = local_today(company)
        for name, reader in self._sections().items():
            for partner_id, item in reader(company, partners, today):
                items[partner_id][name].append(item)
        return items

    @api.model
    def _sections(self):
        """Hook: {section: function(company, partners, today) -> pairs of (partner id, item)}, in the page's order."""
        return {
            "lines": self._open_lines,
            "actions": self._open_actions,
            "documents": self._open_documents,
            "questionnaires": self._open_questionnaires,
            "contests": self._open_contests,
            "cards": self._new_cards,
        }

    @api.model
    def _partners_with_open(self, company):
        """Commercial partners with whom anything is open, in one query for each kind of thing."""
        # sudo: as for the lines themselves
        lines = self.env["purchase.order.line"].sudo()
        orders = lines.search(Domain("company_id", "=", company.id) & lines._scm_domain_open())
        partners = orders.partner_id.commercial_partner_id.sudo(False)  # sudo: ids only
        for model, domain in self._partner_sources().items():
            groups = self.env[model]._read_group([("company_id", "=", company.id), *domain], ["partner_id"])
            partners |= self.env["res.partner"].union(*(partner for (partner,) in groups))
        return partners.sorted("id")

    @api.model
    def _partner_sources(self):
        """Hook: {model with partner_id and company_id: domain of what is open}."""
        return {
            "scm.improvement": [
                ("area", "=", "supplier"),
                ("partner_id", "!=", False),
                ("state", "not in", ("done", "cancelled")),
            ],
            "scm.supplier.evidence": [("state", "in", ("valid", "expired", "refused"))],
            "scm.supplier.qualification": [("state", "in", ASKED_STATES)],
        }

    @api.model
    def _domain_lines(self, company, partners):
        lines = self.env["purchase.order.line"]
        return (
            Domain("company_id", "=", company.id)
            & Domain("partner_id.commercial_partner_id", "in", partners.ids)
            & lines._scm_domain_open()
        )

    @api.model
    def _open_lines(self, company, partners, _today):
        """Order lines of which something is still to come, with the reasons for which they are at risk."""
        # sudo: callers checked the role, whose receipt facts tell the same; the domain holds one company of the user
        orders = self.env["purchase.order.line"].sudo()
        lines = orders.search(self._domain_lines(company, partners), order="date_planned, order_id, id")
        quantities = lines._scm_open_quantities()
        plans = lines._scm_open_parts(quantities)
        for line in lines:
            quantity, plan, today = quantities[line], plans[line], line._scm_local_today()
            day = plan[0][0]
            yield (
                line.partner_id.commercial_partner_id.id,
                {
                    "id": line.id,
                    "order_id": line.order_id.id,
                    "order": line.order_id.name,
                    "product": line.product_id.display_name,
                    "quantity": quantity,
                    "unit": line.product_uom_id.name,
                    "date": day.isoformat(),
                    "days_left": (day - today).days,
                    "promise": line.scm_promise_date.isoformat() if line.scm_promise_date else False,
                    "parts": [{"date": part_day.isoformat(), "quantity": part} for part_day, part in plan],
                    "missing": line.scm_answer_missing,
                    "confirmed": bool(line.scm_answer_date),
                    "note": line.scm_answer_note or "",
                    "amount": self._open_amount(line, quantity),
                    "risks": self._line_risks(line, plan, today),
                },
            )

    @api.model
    def _open_amount(self, line, quantity):
        """Untaxed value of what is open, in company currency."""
        if not line.product_qty:
            return 0.0
        amount = line.price_subtotal * quantity / line.product_qty
        return line.company_id.currency_id.round(amount / (line.order_id.currency_rate or 1.0))

    @api.model
    def _line_risks(self, line, plan, today):
        """Codes: overdue, moved (later than promised), short (not all of it comes), unconfirmed (and soon due)."""
        first, last = plan[0][0], plan[-1][0]
        risks = []
        if first < today:
            risks.append("overdue")
        elif line.scm_promise_date and last > line.scm_promise_date:
            risks.append("moved")
        if line.scm_answer_missing:
            risks.append("short")
        if not line.scm_answer_date and today <= first <= today + timedelta(days=SOON_DAYS):
            risks.append("unconfirmed")
        return risks

    @api.model
    def _open_actions(self, company, partners, today):
        """Corrective actions that are not closed."""
        improvements = self.env["scm.improvement"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.ids),
                ("area", "=", "supplier"),
                ("state", "not in", ("done", "cancelled")),
            ],
            order="date_answer_due, date_due, id",
        )
        for improvement in improvements:
            waits = bool(improvement.date_answer_due) and not improvement.date_answered
            due = improvement.date_answer_due if waits else improvement.date_due
            yield (
                improvement.partner_id.id,
                {
                    "id": improvement.id,
                    "name": improvement.name,
                    "state": improvement.state,
                    "waits_for_supplier": waits,
                    "asked": bool(improvement.date_answer_due),
                    "date": due.isoformat() if due else False,
                    "days_left": (due - today).days if due else False,
                    "owner": improvement.user_id.name or "",
                    "steps": improvement.action_count,
                    "steps_done": improvement.action_done_count,
                },
            )

    @api.model
    def _open_documents(self, company, partners, today):
        """Evidence that waits for a check, has been refused, has ended or ends soon, and that nothing replaced."""
        evidence = self.env["scm.supplier.evidence"].search(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", partners.ids)
            & self._domain_documents(today),
            order="date_expiry, id",
        )
        for document in evidence:
            yield (
                document.partner_id.id,
                {
                    "id": document.id,
                    "name": document.kind_id.name,
                    "number": document.number or "",
                    "state": document.state,
                    "critical": document.critical,
                    "date": document.date_expiry.isoformat() if document.date_expiry else False,
                    "days_left": (document.date_expiry - today).days if document.date_expiry else False,
                },
            )

    @api.model
    def _domain_documents(self, today):
        ends_soon = Domain("date_expiry", "<=", today + timedelta(days=EXPIRY_DAYS))
        return Domain("state", "in", ("to_check", "refused")) | (
            Domain("state", "in", ("valid", "expired")) & ends_soon
        )

    @api.model
    def _open_questionnaires(self, company, partners, today):
        """Questionnaires that wait for the supplier."""
        qualifications = self.env["scm.supplier.qualification"].search(
            [("company_id", "=", company.id), ("partner_id", "in", partners.ids), ("state", "in", ASKED_STATES)],
            order="date_answer_due, id",
        )
        for qualification in qualifications:
            due = qualification.date_answer_due
            yield (
                qualification.partner_id.id,
                {
                    "id": qualification.id,
                    "name": qualification.template_id.name or "",
                    "category": qualification.categ_id.display_name or "",
                    "date": due.isoformat() if due else False,
                    "days_left": (due - today).days if due else False,
                },
            )

    @api.model
    def _open_contests(self, company, partners, _today):
        """What suppliers contest and nobody has answered yet."""
        contests = self.env["scm.scorecard.contest"].search(
            [("company_id", "=", company.id), ("partner_id", "in", partners.ids), ("state", "=", "open")],
            order="date_contested, id",
        )
        for contest in contests:
            yield (
                contest.partner_id.id,
                {
                    "id": contest.id,
                    "name": contest.criterion_id.name,
                    "fact": contest.fact_name or "",
                    "text": contest.text,
                    "date": contest.date_contested.date().isoformat(),
                    "owner": contest.user_id.name or "",
                },
            )

    @api.model
    def _new_cards(self, company, partners, today):
        """Cards that were published lately and that the supplier has not answered."""
        cards = self.env["scm.scorecard"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.ids),
                ("state", "in", ("published", "restated")),
                ("supplier_answer", "=", "open"),
                ("date_published", ">=", today - timedelta(days=NEWS_DAYS)),
            ],
            order="date_to desc, id",
        )
        for card in cards:
            yield card.partner_id.id, {"id": card.id, "name": card.period, "total": card.total}
