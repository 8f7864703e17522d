from odoo import api, models
from odoo.exceptions import UserError

#: points by which a supplier has to fall or rise to be named
SLIP = 3.0
MOST_ROWS = 200
#: what the table reads of a card; the why records, which are long, stay where they are
LEAGUE_FIELDS = (
    "company_id",
    "partner_id",
    "group_id",
    "state",
    "date_from",
    "date_to",
    "rank",
    "rank_of",
    "total",
    "trend",
    "previous_id",
    "grade_id",
    "sample",
    "confidence",
)


class ScmScorecard(models.Model):
    """The league table: all suppliers of a period beside each other."""

    _inherit = "scm.scorecard"

    @api.model
    @api.readonly
    def get_league(self, filters=None, offset=0, limit=40):
        """Suppliers of the current company in one period, best first.

        :param filters: any of ``period`` (first day of the period, ISO text; else the latest published one),
            ``group_id``, ``grade_id``, ``state`` (of the standing), ``search`` (in the name), ``trend`` (falling or
            rising), ``order`` (rank, name, total, trend, sample or an area) and ``descending``
        :return: ``{"rows", "count", "period", "periods", "groups", "grades", "areas", "summary", "order"}``
        """
        self.browse().check_access("read")
        filters = filters or {}
        periods = self._league_periods()
        period = self._league_period(filters.get("period"), periods)
        result = {"rows": [], "count": 0, "period": period, "periods": periods, "areas": self._league_areas()}
        result["order"] = filters.get("order") or "rank"
        result["can_publish"] = self.env.user.has_group("scm_base.scm_group_manager")
        cards = self.search_fetch(self._league_domain(period), LEAGUE_FIELDS) if period else self.browse()
        standings = self.env["scm.supplier.standing"]._standing_of(self.env.company, cards.partner_id.ids)
        result["groups"] = [{"id": group.id, "name": group.name} for group in cards.group_id.sorted("name")]
        cards = cards._league_scope(filters)
        result["summary"] = self._league_summary(cards, standings)
        result["grades"] = self._league_grades(cards)
        cards = self._league_filter(cards, filters, standings)
        areas = cards._area_scores()
        cards = cards._league_sort(filters, areas)
        page = cards[offset : offset + min(limit, MOST_ROWS)]
        result["count"] = len(cards)
        result["rows"] = page._league_rows(areas, standings)
        return result

    @api.model
    def publish_period(self, date_from, date_to):
        """Publish all drafts of the current company in one period; managers only.

        :param date_from: first day of the period, ISO text
        :param date_to: last day of the period, ISO text
        :return: number of cards published
        """
        drafts = self.search(
            [
                ("company_id", "=", self.env.company.id),
                ("date_from", "=", date_from),
                ("date_to", "=", date_to),
                ("state", "=", "draft"),
            ]
        )
        drafts.action_publish()
        return len(drafts)

    @api.model
    def _league_periods(self):
        groups = self._read_group(
            [("company_id", "=", self.env.company.id)],
            ["date_from:day", "date_to:day", "state"],
            ["__count"],
            order="date_from:day desc, date_to:day desc",
        )
        periods = {}
        for date_from, date_to, state, count in groups:
            key = f"{date_from.isoformat()}/{date_to.isoformat()}"
            period = periods.setdefault(
                key,
                {
                    "key": key,
                    "date_from": date_from.isoformat(),
                    "date_to": date_to.isoformat(),
                    "label": self._period_label(date_from, date_to),
                    "published": False,
                    "count": 0,
                },
            )
            period["count"] += count
            period["published"] = period["published"] or state != "draft"
        return list(periods.values())

    @api.model
    def _league_period(self, wanted, periods):
        """The period asked for, else the latest published one, else the latest; False without cards."""
        if wanted:
            found = [one for one in periods if wanted in (one["key"], one["date_from"])]
            if not found:
                raise UserError(self.env._("There are no scorecards of a period that begins on %s.", wanted))
            return found[0]
        return next((one for one in periods if one["published"]), periods[0] if periods else False)

    @api.model
    def _league_domain(self, period):
        return [
            ("company_id", "=", self.env.company.id),
            ("date_from", "=", period["date_from"]),
            ("date_to", "=", period["date_to"]),
        ]

    def _league_scope(self, filters):
        """What the figures on top count: group and name."""
        cards = self
        if filters.get("group_id"):
            cards = cards.filtered(lambda card: card.group_id.id == filters["group_id"])
        if filters.get("search"):
            text = filters["search"].casefold()
            cards = cards.filtered(lambda card: text in (card.partner_id.name or "").casefold())
        return cards

    @api.model
    def _league_filter(self, cards, filters, standings):
        if filters.get("grade_id"):
            grade_id = filters["grade_id"]
            cards = cards.filtered(lambda card: (card.grade_id.id or -1) == grade_id)
        if filters.get("state"):
            state = filters["state"]
            cards = cards.filtered(lambda card: standings.get(card.partner_id.id, {}).get("state") == state)
        if filters.get("trend") == "falling":
            cards = cards.filtered(lambda card: card._trend() is not False and card.trend <= -SLIP)
        elif filters.get("trend") == "rising":
            cards = cards.filtered(lambda card: card._trend() is not False and card.trend >= SLIP)
        return cards

    def _league_sort(self, filters, areas):
        """Suppliers without a value come last, in either direction."""
        order = filters.get("order") or "rank"
        values = {
            "rank": lambda card: card.rank or False,
            "name": lambda card: (card.partner_id.name or "").casefold(),
            "total": lambda card: card.total,
            "trend": lambda card: card._trend(),
            "sample": lambda card: card.sample,
        }
        areas_known = dict(self._areas())
        if order not in values and order not in areas_known:
            raise UserError(
                self.env._(
                    "Sort by one of %(names)s, not by “%(order)s”.",
                    names=", ".join([*values, *areas_known]),
                    order=order,
                )
            )
        value = values.get(order) or (lambda card: areas[card.id].get(order, False))
        known = self.filtered(lambda card: value(card) is not False)
        descending = bool(filters.get("descending"))
        return known.sorted(lambda card: (value(card), card.id), reverse=descending) + (self - known)

    def _league_rows(self, areas, standings):
        actions = self._open_actions()
        histories = self._histories()
        return [
            {
                "card_id": card.id,
                "partner_id": card.partner_id.id,
                "name": card.partner_id.name or "",
                "group": card.group_id.name or "",
                "state": card.state,
                "rank": card.rank,
                "rank_of": card.rank_of,
                "total": card.total if card.sample else False,
                "trend": card._trend(),
                "grade": card._grade_dict(),
                "standing": card._standing_dict(standings),
                "areas": {key: areas[card.id].get(key, False) for key, _label in self._areas()},
                "history": [one.total for one in histories[card.id]],
                "sample": card.sample,
                "confidence": card._confidence(),
                "open_actions": actions.get(card.partner_id.id, 0),
            }
            for card in self
        ]

    def _trend(self):
        """Points more than before; False where one of the two cards has no score."""
        return self.trend if self.sample and self.previous_id.sample else False

    def _grade_dict(self):
        grade = self.grade_id
        return {"id": grade.id, "name": grade.name, "color": grade.color} if grade else False

    def _standing_dict(self, standings):
        standing = standings.get(self.partner_id.id)
        if not standing:
            return False
        labels = dict(self.env["scm.supplier.standing"]._fields["state"]._description_selection(self.env))
        return standing | {"label": labels[standing["state"]]}

    def _open_actions(self):
        """``{partner id: number of corrective actions that are not closed}``."""
        groups = self.env["scm.improvement"]._read_group(
            [
                ("company_id", "in", self.company_id.ids),
                ("area", "=", "supplier"),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "not in", ("done", "cancelled")),
            ],
            ["partner_id"],
            ["__count"],
        )
        return {partner.id: count for partner, count in groups}

    @api.model
    def _league_areas(self):
        return [{"key": key, "label": label} for key, label in self._areas()]

    @api.model
    def _league_summary(self, cards, standings):
        rated = cards.filtered("sample")
        trends = [card._trend() for card in cards]
        states = [standings[partner.id]["state"] for partner in cards.partner_id if partner.id in standings]
        return {
            "count": len(cards),
            "mean": sum(rated.mapped("total")) / len(rated) if rated else False,
            "falling": sum(trend is not False and trend <= -SLIP for trend in trends),
            "rising": sum(trend is not False and trend >= SLIP for trend in trends),
            "probation": states.count("probation"),
            "blocked": states.count("blocked") + states.count("eliminated"),
            "open_actions": sum(cards._open_actions().values()),
            "drafts": len(cards.filtered(lambda card: card.state == "draft")),
        }

    @api.model
    def _league_grades(self, cards):
        """How many cards each grade has, best first; ``-1`` stands for those without a grade."""
        grades = self.env["scm.grade.scheme"]._of_company(self.env.company).grade_ids | cards.grade_id
        counts = cards.grouped("grade_id")
        rows = [
            {"id": grade.id, "name": grade.name, "color": grade.color, "count": len(counts.get(grade, ()))}
            for grade in grades.sorted(lambda grade: (-grade.score_from, grade.id))
        ]
        none = len(counts.get(self.env["scm.grade"], ()))
        return rows + ([{"id": -1, "name": "–", "color": "#9aa5b1", "count": none}] if none else [])
