from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..kernel.value_realised import value_of_year

#: what a program writes alone
WRITTEN = frozenset({"scm_value_realised", "scm_value_low", "scm_value_high", "scm_value_basis", "scm_value_why"})
#: what only a manager states
STATED = frozenset({"scm_value_stated", "scm_value_note"})
#: changes of these change what counts, when, or for whom
COUNTED = frozenset(
    {"state", "verdict", "effect", "after_from", "after_to", "area", "user_id", "metric", "partner_id", "product_id"}
)
#: an improvement counts from its check on
COUNTING = ("checking", "done")


class ScmImprovement(models.Model):
    """What an improvement that worked is worth in a year: measured where its measure has money, else stated."""

    _inherit = "scm.improvement"

    scm_value_realised = fields.Monetary(
        "Value Realised",
        readonly=True,
        copy=False,
        help="What it is worth in a year. Only improvements that worked count, each scope once.",
    )
    scm_value_low = fields.Monetary("Value, from", readonly=True, copy=False, aggregator=None)
    scm_value_high = fields.Monetary("Value, to", readonly=True, copy=False, aggregator=None)
    scm_value_basis = fields.Selection(
        [("measured", "Measured"), ("stated", "Stated")],
        "Value from",
        readonly=True,
        copy=False,
        help="Measured: change times facts a year times money of one. Stated: by a manager, with a note.",
    )
    scm_value_why = fields.Json(readonly=True, copy=False)
    scm_value_stated = fields.Monetary(
        "Value Stated", copy=False, tracking=True, help="By a manager, where the measure has no money of its own."
    )
    scm_value_note = fields.Char("Stated, because", copy=False, tracking=True)
    scm_value_ids = fields.One2many("scm.improvement.value", "improvement_id", "Value by Month", readonly=True)

    # Who may write what

    def _check_not_measured(self, vals):
        if not self.env.su and (typed := WRITTEN & vals.keys()):
            # what is measured is refused with the words of the base
            vals = {**vals, "effect": vals[min(typed)]}
        return super()._check_not_measured(vals)

    def _check_stated(self, vals):
        if self.env.su or not STATED & vals.keys():
            return
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("What an improvement is worth is stated by a supply chain manager."))
        for improvement in self:
            amount = vals.get("scm_value_stated", improvement.scm_value_stated)
            if not amount:
                continue
            if improvement.verdict != "worked":
                raise UserError(
                    self.env._(
                        "“%(improvement)s” has not been found to work yet. Measure its effect first: only what worked "
                        "is worth something.",
                        improvement=improvement.name,
                    )
                )
            if not (vals.get("scm_value_note", improvement.scm_value_note) or "").strip():
                raise UserError(
                    self.env._("“%(improvement)s”: write down how you know its value.", improvement=improvement.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and vals.get("scm_value_stated"):
                raise UserError(
                    self.env._(
                        "“%(improvement)s” is new: its value can be stated when its effect was measured.",
                        improvement=vals.get("name", ""),
                    )
                )
        improvements = super().create(vals_list)
        improvements.sudo()._update_value()  # sudo: figures that people may not write; who may create was checked
        return improvements

    def write(self, vals):
        self._check_stated(vals)
        result = super().write(vals)
        if (COUNTED | STATED) & vals.keys() and not self.env.context.get("scm_value_later"):
            self.sudo()._update_value()  # sudo: figures that people may not write; who may write was checked above
        return result

    def _measure(self):
        """Measure all, then value all: the sources of money are read once too."""
        result = super(ScmImprovement, self.with_context(scm_value_later=True))._measure()
        self.sudo()._update_value()  # sudo: as the base does for what is measured; the caller checked who may measure
        return result

    @api.model
    def state_value(self, improvement_id, amount, note):
        """State what an improvement that worked is worth a year; public, also over RPC. For supply chain managers.

        :param improvement_id: id of the improvement
        :param amount: money a year in company currency; 0 takes the statement back
        :param note: how that is known
        :return: the value that counts now (a measured one stands before a stated one)
        :raises UserError: when it did not work, or the note is missing
        """
        self.env["scm.metric"]._check_manager()
        improvement = self.search([("id", "=", improvement_id)], limit=1) if isinstance(improvement_id, int) else self
        if not improvement:
            raise UserError(self.env._("There is no improvement with the number %(id)s.", id=improvement_id))
        if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount < 1e12:
            raise UserError(self.env._("“%(amount)s” is no amount of money.", amount=amount))
        note = note if isinstance(note, str) else ""
        improvement.write({"scm_value_stated": amount, "scm_value_note": note})
        return improvement.scm_value_realised

    # What it is worth

    def _update_value(self):
        """Value of these now, and the months of their companies; called with all rights."""
        worked = self.filtered(lambda one: one.verdict == "worked" and one.state in COUNTING and one.after_from)
        terms = worked._money_terms()
        changed = self.browse()
        for improvement in self:
            values = improvement._prepare_value(terms.get(improvement.id), improvement in worked)
            if any(improvement[name] != value for name, value in values.items()):
                improvement.write(values)
                changed += improvement
        touched = changed | worked | self.filtered("scm_value_ids")
        if touched:
            self.env["scm.improvement.value"]._rebuild(touched.company_id)
        return True

    def _money_terms(self):
        """``{improvement id: (facts a year, money of one, terms of the why record)}``, read once for each kind."""
        kinds, terms = self._money_kinds(), {}
        for kind, improvements in self.grouped(lambda one: kinds.get(one.metric, False)).items():
            if kind:
                terms.update(getattr(improvements, f"_money_{kind}")())
        return terms

    def _change(self):
        """``(change, low, high)`` that counts: against similar goods, where these were measured."""
        if self.similar_sample:
            return self.net_effect, self.net_low, self.net_high
        return self.effect, self.effect_low, self.effect_high

    def _prepare_value(self, terms, is_worked):
        none = {
            "scm_value_realised": 0.0,
            "scm_value_low": 0.0,
            "scm_value_high": 0.0,
            "scm_value_basis": False,
            "scm_value_why": False,
        }
        if not is_worked:
            return none
        if terms:
            volume, unit_value, more = terms
            better = self._metrics()[self.metric]["better"]
            money = value_of_year(*self._change(), better, volume, unit_value)
            money = [self.currency_id.round(amount) for amount in money]
            if money[0] > 0:
                return {
                    "scm_value_realised": money[0],
                    "scm_value_low": money[1],
                    "scm_value_high": money[2],
                    "scm_value_basis": "measured",
                    "scm_value_why": self._prepare_value_why(money, volume, unit_value, more),
                }
        if not self.scm_value_stated:
            return none
        stated = self.scm_value_stated
        return none | {
            "scm_value_realised": stated,
            "scm_value_low": stated,
            "scm_value_high": stated,
            "scm_value_basis": "stated",
            "scm_value_why": self._prepare_stated_why(stated),
        }

    def _prepare_value_why(self, money, volume, unit_value, more):
        unit, currency = self._metrics()[self.metric]["unit"], self.currency_id.name
        unit = {"money": currency, "hours": "h"}.get(unit, unit)
        change, low, high = self._change()
        return {
            "value": money[0],
            "unit": currency,
            "method": f"value_{self._money_kinds()[self.metric]}",
            "formula": "value_formula",
            "sample": self.baseline_sample + self.after_sample,
            "window": {
                "from": fields.Date.to_string(self.baseline_from),
                "to": fields.Date.to_string(self.after_to),
            },
            "terms": [
                {"code": "value_change", "value": change, "unit": unit},
                {"code": "effect_low", "value": low, "unit": unit},
                {"code": "effect_high", "value": high, "unit": unit},
                {"code": "value_volume", "value": volume, "unit": ""},
                {"code": "value_unit", "value": unit_value, "unit": currency},
                *more,
                {"code": "value_low", "value": money[1], "unit": currency},
                {"code": "value_high", "value": money[2], "unit": currency},
            ],
            "notes": ["value_one_year", "value_once"],
        }

    def _prepare_stated_why(self, stated):
        return {
            "value": stated,
            "unit": self.currency_id.name,
            "method": "value_stated",
            "formula": "value_stated_formula",
            "sample": self.baseline_sample + self.after_sample,
            "terms": [{"code": "value_stated_amount", "value": stated, "unit": self.currency_id.name}],
            "notes": ["value_one_year", "value_once"],
        }
