from odoo import models
from odoo.tools import format_amount, formatLang

from ..kernel.policy import CONDITIONS, Row

#: what the customer may say for a row to hold
_STATES = {"any": (), "unused": ("unopened", "opened")}
#: more names than this are counted, not listed
_MAX_NAMES = 3


class ScmReturnPolicyRow(models.Model):
    """Rows as the kernel knows them, and conditions in words."""

    _inherit = "scm.return.policy.row"

    def _compiled(self):
        """Kernel rows in the order in which they are tried."""
        return [row._compile() for row in self.sorted(lambda row: (row.sequence, row.id))]

    def _compile(self):
        return Row(
            key=self.id,
            days_basis=self.days_basis,
            days_from=self.days_from,
            days_to=self.days_to or None,
            categories=frozenset(self.categ_ids.ids),
            tags=frozenset(self.tag_ids.ids),
            reasons=frozenset(self.reason_ids.ids),
            value_of=self.value_of,
            value_from=self.value_from,
            value_to=self.value_to or None,
            conditions=frozenset(_STATES.get(self.condition, (self.condition,))),
            classes=frozenset(self.class_ids.ids),
            countries=frozenset((self.country_ids | self.country_group_ids.country_ids).ids),
            final_sale={"yes": True, "no": False}.get(self.final_sale),
        )

    def _condition_labels(self):
        """Names of the conditions, by the kernel's codes."""
        return {
            "days": self.env._("Days"),
            "final_sale": self.env._("Final sale"),
            "category": self.env._("Category"),
            "tag": self.env._("Tag"),
            "reason": self.env._("Reason"),
            "condition": self.env._("Condition"),
            "value": self.env._("Value"),
            "class": self.env._("Customer class"),
            "country": self.env._("Country"),
        }

    def _wanted_text(self, code, currency):
        """What the row asks for in one condition, in words; nothing where it asks for nothing."""
        self.ensure_one()
        labels = {name: dict(self._fields[name]._description_selection(self.env)) for name in ("condition",)}
        records = {
            "category": self.categ_ids,
            "tag": self.tag_ids,
            "reason": self.reason_ids,
            "class": self.class_ids,
            "country": self.country_group_ids,
        }
        if code == "days":
            return self._days_text()
        if code == "value":
            return self._value_text(currency)
        if code == "condition":
            return labels["condition"][self.condition] if self.condition != "any" else ""
        if code == "final_sale":
            return {"yes": self.env._("yes"), "no": self.env._("no")}.get(self.final_sale, "")
        names = [record.display_name for record in records[code]]
        return _listed(self.env, names + (self.country_ids.mapped("name") if code == "country" else []))

    def _if_text(self):
        """All conditions in one line."""
        currency, labels = self._currency(), self._condition_labels()
        said = {code: self._wanted_text(code, currency) for code in CONDITIONS}
        return " · ".join(
            text if code in ("days", "condition", "country") else f"{labels[code]}: {text}"
            for code, text in said.items()
            if text
        ) or self.env._("always")

    def _currency(self):
        return (self.company_id or self.env.company).currency_id

    def _then_text(self, labels, outcomes):
        """What follows, in one line."""
        if self.decision == "refuse":
            return ""
        said = [", ".join(outcomes[code] for code in (self.outcomes or "").split(",") if code)]
        if self.refund_percent < 100:
            said.append(self.env._("%(share)g %% back", share=self.refund_percent))
        if self.fee_percent:
            said.append(self.env._("fee %(share)g %%", share=self.fee_percent))
        if self.fee_fixed:
            said.append(self.env._("fee %(amount)s", amount=_money(self.env, self.fee_fixed, self._currency())))
        payers = {"company": self.env._("we pay freight"), "customer": self.env._("customer pays freight")}
        said.append(payers[self.freight_payer])
        if self.evidence != "none":
            said.append(labels["evidence"][self.evidence])
        return " · ".join(said)

    def _days_text(self):
        if not self.days_from and not self.days_to:
            return ""
        values = {"low": self.days_from, "high": self.days_to}
        if self.days_basis == "order":
            if not self.days_to:
                return self.env._("from day %(low)s after the order", **values)
            return self.env._("day %(low)s to %(high)s after the order", **values)
        if not self.days_to:
            return self.env._("from day %(low)s after delivery", **values)
        return self.env._("day %(low)s to %(high)s after delivery", **values)

    def _value_text(self, currency):
        if not self.value_from and not self.value_to:
            return ""
        values = {"low": _money(self.env, self.value_from, currency), "high": _money(self.env, self.value_to, currency)}
        if not self.value_to:
            text = self.env._("from %(low)s", **values)
        elif not self.value_from:
            text = self.env._("below %(high)s", **values)
        else:
            text = self.env._("%(low)s to below %(high)s", **values)
        return self.env._("%(range)s for the whole return", range=text) if self.value_of == "return" else text


def _money(env, amount, currency):
    return format_amount(env, amount, currency) if currency else formatLang(env, amount)


def _listed(env, names):
    if len(names) <= _MAX_NAMES:
        return ", ".join(names)
    return env._("%(names)s and %(more)s more", names=", ".join(names[:_MAX_NAMES]), more=len(names) - _MAX_NAMES)
