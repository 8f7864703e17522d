from odoo import api, models
from odoo.exceptions import MissingError

#: a group of fewer suppliers than this is no yardstick: all suppliers of the period are
GROUP_LEAST = 3


class ScmScorecard(models.Model):
    """One card as its page shows it."""

    _inherit = "scm.scorecard"

    @api.model
    @api.readonly
    def get_card(self, card_id):
        """Everything that the page of a scorecard shows.

        :return: dict with the card's figures and ``partner``, ``period``, ``grade``, ``standing``, ``areas`` (each
            with score, the one before, the mean of comparable suppliers, and its measures in ``lines``), ``history``,
            ``bands`` (the grades), ``improvements``, ``restatements``, ``can_publish`` and
            ``can_decide``
        :raises MissingError: when there is no such card
        """
        self.check_access("read")
        card = self.browse(card_id).exists()
        if not card:
            raise MissingError(self.env._("There is no scorecard with the id %s any more.", card_id))
        card.check_access("read")
        peers = card._peers()
        scores = (card | card.previous_id | peers)._area_scores()
        standings = self.env["scm.supplier.standing"]._standing_of(card.company_id, card.partner_id.ids)
        return {
            **card._card_head(standings),
            "areas": card._card_areas(scores, peers),
            "peers": {"count": len(peers), "mean": _mean(peers.filtered("sample").mapped("total"))},
            "history": card._card_history(),
            "bands": card._card_bands(),
            "improvements": card._card_improvements(),
            "restatements": self.env["scm.scorecard.restatement"].search_count([("card_id", "=", card.id)]),
            "can_publish": card.state == "draft" and self.env.user.has_group("scm_base.scm_group_manager"),
            "can_decide": self.env.user.has_group("scm_base.scm_group_manager"),
        }

    def action_open_card(self):
        """Open the page of the scorecard."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id("scm_supplier_eval.scm_supplier_scorecard_action")
        return action | {"context": {"scm_scorecard_id": self.id}}

    def _card_head(self, standings):
        return {
            "id": self.id,
            "partner": {
                "id": self.partner_id.id,
                "name": self.partner_id.name or "",
                "country": self.partner_id.country_id.name or "",
            },
            "group": self.group_id.name or "",
            "period": self._period_label(self.date_from, self.date_to),
            "date_from": self.date_from.isoformat(),
            "date_to": self.date_to.isoformat(),
            "state": self.state,
            "state_label": dict(self._fields["state"]._description_selection(self.env))[self.state],
            "total": self.total if self.sample else False,
            "trend": self._trend(),
            "rank": self.rank,
            "rank_of": self.rank_of,
            "sample": self.sample,
            "confidence": self._confidence(),
            "why": self.why or False,
            "grade": self._grade_dict(),
            "standing": self._card_standing(standings),
        }

    def _card_standing(self, standings):
        found = self._standing_dict(standings)
        if not found:
            return False
        standing = self.env["scm.supplier.standing"].browse(found["id"])
        return found | {
            "probation": standing.date_probation.isoformat() if standing.date_probation else False,
            "since": standing.date_since.isoformat() if standing.date_since else False,
            "reason": standing.override_reason or "",
            "decided_by": standing.override_user_id.name or "",
            "until": standing.override_until.isoformat() if standing.override_until else False,
            "why": standing.why or False,
            "is_current": standing.date_card == self.date_to,
        }

    def _peers(self):
        """Cards of the same period to compare with: the group's, else all."""
        cards = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "=", self.date_from),
                ("date_to", "=", self.date_to),
                ("id", "!=", self.id),
                ("sample", ">", 0),
            ]
        )
        group = cards.filtered(lambda card: card.group_id == self.group_id) if self.group_id else self.browse()
        return group if len(group) >= GROUP_LEAST else cards

    def _card_areas(self, scores, peers):
        lines = self.line_ids.grouped(lambda line: line.criterion_id.area)
        previous = scores.get(self.previous_id.id, {})
        before = {line.criterion_id: line.value for line in self.previous_id.line_ids if not line.missing}
        return [
            {
                "key": key,
                "label": label,
                "score": scores[self.id].get(key, False),
                "previous": previous.get(key, False),
                "peers": _mean([scores[peer.id][key] for peer in peers if key in scores[peer.id]]),
                "weight": sum(line.weight_used for line in lines[key]),
                "lines": [line._card_line(before) for line in lines[key]],
            }
            for key, label in self._areas()
            if key in lines
        ]

    def _card_history(self):
        return [
            {
                "card_id": card.id,
                "label": self._period_label(card.date_from, card.date_to),
                "date_to": card.date_to.isoformat(),
                "total": card.total if card.sample else False,
                "grade": card._grade_dict(),
            }
            for card in self._histories()[self.id]
        ]

    def _card_bands(self):
        scheme = self.grade_id.scheme_id or self.env["scm.grade.scheme"]._of_company(self.company_id)
        return [
            {"name": grade.name, "color": grade.color, "from": grade.score_from, "to": grade.score_to}
            for grade in scheme.grade_ids.sorted("score_from")
        ]

    def _card_improvements(self):
        improvements = self.env["scm.improvement"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("area", "=", "supplier"),
            ],
            order="date_done desc nulls first, date_due, id desc",
            limit=5,
        )
        labels = dict(improvements._fields["state"]._description_selection(self.env))
        return [
            {
                "id": one.id,
                "name": one.name,
                "state": one.state,
                "state_label": labels[one.state],
                "steps": one.eight_d_count,
                "overdue": one.is_overdue,
                "date_due": one.date_due.isoformat() if one.date_due else False,
                "answered": bool(one.date_answered),
                "verdict": one.verdict or "",
                "effect": one.effect_text or "",
            }
            for one in improvements
        ]


def _mean(values):
    return sum(values) / len(values) if values else False
