from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel.care_effect import effect

WINDOWS = (30, 90)

_RETURNS = """EXISTS (SELECT 1 FROM scm_return one WHERE one.order_id = item.order_id AND one.state <> 'cancelled'
     AND one.date_requested >= item.date_opened AND one.date_requested < item.date_opened + %(days)s)"""
_REPEAT = """EXISTS (SELECT 1 FROM sale_order one JOIN res_partner who ON who.id = one.partner_id
     WHERE who.commercial_partner_id = item.commercial AND one.state = 'sale' AND one.id <> item.order_id
     AND one.date_order >= item.date_opened AND one.date_order < item.date_opened + %(days)s)"""
_TICKETS = """EXISTS (SELECT 1 FROM helpdesk_ticket one JOIN res_partner who ON who.id = one.partner_id
     WHERE who.commercial_partner_id = item.commercial
     AND one.create_date >= item.date_opened AND one.create_date < item.date_opened + %(days)s)"""


class ScmCareRule(models.Model):
    """What the rules did: orders that were taken care of against those that were left alone by chance."""

    _inherit = "scm.care.rule"

    def effect(self):
        """Effect of these rules on returns, tickets and further orders within 30 and 90 days of the case.

        All orders that were not held out count as treated, also those that were not sent for want of budget or
        consent: chance alone made the groups. Only cases whose days have passed are counted, and undecided ones are
        not.

        :return: a list of dicts: ``measure`` (returns, tickets, repeat), ``label``, ``days``, ``treated`` and
            ``held_out`` (orders), ``share_treated``, ``share_held_out``, ``difference``, ``low``, ``high`` (95 %),
            ``verdict`` (less, more, open, no_data); shares that are not known are False. Tickets only where there is a
            helpdesk.
        """
        self.check_access("read")
        labels = dict(self.env["scm.care.effect"]._fields["measure"]._description_selection(self.env))
        found = []
        for days in WINDOWS:
            for measure, counts in self._effect_counts(days).items():
                one = effect(*counts)
                found.append(
                    {
                        "measure": measure,
                        "label": labels[measure],
                        "days": days,
                        "treated": counts[1],
                        "held_out": counts[3],
                        "share_treated": _or_false(one.treated),
                        "share_held_out": _or_false(one.held_out),
                        "difference": _or_false(one.difference),
                        "low": _or_false(one.low),
                        "high": _or_false(one.high),
                        "verdict": one.verdict,
                    }
                )
        return found

    def _effect_counts(self, days):
        """``{measure: (hits treated, treated, hits held out, held out)}`` of cases whose days have passed."""
        for model in ("scm.care.case", "scm.return", "sale.order", "res.partner"):
            self.env[model].flush_model()
        wanted = {"returns": _RETURNS, "repeat": _REPEAT}
        if "helpdesk.ticket" in self.env:
            self.env["helpdesk.ticket"].flush_model()
            wanted = {"returns": _RETURNS, "tickets": _TICKETS, "repeat": _REPEAT}
        hits = SQL(", ").join(SQL("COUNT(*) FILTER (WHERE " + text + ")", days=days) for text in wanted.values())
        closed = {company.id: local_today(company) - timedelta(days=days) for company in self.company_id}
        rows = self.env.execute_query(
            SQL(
                """SELECT item.is_held_out, COUNT(*), %(hits)s
                     FROM (SELECT one.order_id, one.date_opened, one.state = 'held_out' AS is_held_out,
                                  partner.commercial_partner_id AS commercial
                             FROM scm_care_case one
                             JOIN res_partner partner ON partner.id = one.partner_id
                             JOIN unnest(%(companies)s::int4[], %(closed)s::date[]) AS done(company_id, day)
                               ON done.company_id = one.company_id AND one.date_opened <= done.day
                            WHERE one.rule_id = ANY(%(rules)s) AND one.state <> 'proposed') item
                    GROUP BY item.is_held_out""",
                hits=hits,
                rules=self.ids,
                companies=list(closed),
                closed=list(closed.values()),
            )
        )
        by_group = {is_held_out: row for is_held_out, *row in rows}
        nothing = [0] * (len(wanted) + 1)
        treated, held_out = by_group.get(False, nothing), by_group.get(True, nothing)
        return {
            measure: (treated[place], treated[0], held_out[place], held_out[0])
            for place, measure in enumerate(wanted, start=1)
        }

    def action_effect(self):
        """Show the effect of these rules."""
        lines = self.env["scm.care.effect"].create(
            [{name: one[name] for name in one if name != "label"} for one in self.effect()]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_aftersales.scm_care_effect_action")
        return action | {"domain": [("id", "in", lines.ids)]}


def _or_false(value):
    return False if value is None else float(value)
