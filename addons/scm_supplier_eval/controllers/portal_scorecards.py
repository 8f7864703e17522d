from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..kernel.uploads import MAX_REQUEST_BYTES
from ..models.scm_scorecard_answer import PUBLISHED
from ..models.scm_scorecard_contest import MAX_TEXT_LENGTH
from .portal import SupplierPortal

PER_PAGE = 20
FACTS_PER_PAGE = 25
CARDS_IN_TREND = 8
URL = "/my/scorecards"
TREND_WIDTH, TREND_HEIGHT, TREND_PAD = 320, 100, 18


class ScorecardPortal(SupplierPortal):
    """``/my/scorecards``: the supplier's published cards, the facts behind them, and what it says to them."""

    def _scm_counters(self):
        return {**super()._scm_counters(), "scm_scorecard_count": self._scm_count_cards}

    def _scm_domain_cards(self):
        return Domain(self._scm_own()) & Domain("state", "in", PUBLISHED)

    def _scm_count_cards(self):
        # sudo: the domain holds the supplier's own published cards only
        return request.env["scm.scorecard"].sudo().search_count(self._scm_domain_cards())

    def _scm_find_card(self, card_id):
        return self._scm_find("scm.scorecard", card_id, [("state", "in", PUBLISHED)])

    def _scm_find_card_line(self, card_id, line_id):
        card = self._scm_find_card(card_id)
        return card, card.line_ids.filtered(lambda line: line.id == line_id)

    # All cards

    @route([URL, f"{URL}/page/<int:page>"], type="http", auth="user", methods=["GET"], website=True)
    def scm_scorecards(self, page=1, **_kw):
        """The published cards, the latest first."""
        domain = self._scm_domain_cards()
        # sudo: the domain holds the supplier's own published cards only
        cards = request.env["scm.scorecard"].sudo()
        pager = portal_pager(URL, cards.search_count(domain), page, PER_PAGE)
        found = cards.search(domain, order="date_to desc, id desc", limit=PER_PAGE, offset=pager["offset"])
        return self._scm_render(
            "portal_scorecards",
            "scm_scorecards",
            cards=found,
            many_companies=len(found.company_id) > 1,
            pager=pager,
            crumbs=[{"text": request.env._("Scorecards")}],
        )

    # One card

    @route(f"{URL}/<int:card_id>", type="http", auth="user", methods=["GET"], website=True)
    def scm_scorecard(self, card_id, **_kw):
        """One card: total, areas, measures, what was contested."""
        card = self._scm_find_card(card_id)
        if not card:
            raise request.not_found()
        return self._scm_render(
            "portal_scorecard",
            "scm_scorecards",
            card=card,
            areas=self._scm_areas(card),
            trend=self._scm_trend(card),
            can_contest=card._can_contest(),
            crumbs=[
                {"text": request.env._("Scorecards"), "url": URL},
                {"text": card.period},
            ],
        )

    def _scm_areas(self, card):
        """The measures by area, each area with its weighted score."""
        areas = []
        for area, label in request.env["scm.scorecard.criterion"]._fields["area"]._description_selection(request.env):
            lines = card.line_ids.filtered(lambda line, area=area: line.criterion_id.area == area)
            weight = sum(lines.mapped("weight_used"))
            if lines:
                areas.append(
                    {
                        "area": area,
                        "label": label,
                        "weight": weight,
                        "score": sum(line.score * line.weight_used for line in lines) / weight if weight else None,
                        "rows": [self._scm_measure(line) for line in lines],
                    }
                )
        return areas

    def _scm_measure(self, line):
        missing = line.missing or not line.weight_used
        return {
            "line": line,
            "name": line.criterion_id.name,
            "value": "–" if line.missing else line._format(line.value),
            "before": None if line.missing or not line.previous_value else line._format(line.previous_value),
            "score": None if missing else line.score,
            "tone": self._scm_tone(line.score),
        }

    def _scm_tone(self, score):
        return "success" if score >= 80 else "warning" if score >= 50 else "danger"

    def _scm_trend(self, card):
        """The totals up to this card as points of a small chart; None with fewer than two."""
        # sudo: the domain holds the supplier's own published cards only
        cards = (
            request.env["scm.scorecard"]
            .sudo()
            .search(
                self._scm_domain_cards()
                & Domain("company_id", "=", card.company_id.id)
                & Domain("date_to", "<=", card.date_to),
                order="date_to desc",
                limit=CARDS_IN_TREND,
            )
            .sorted("date_to")
        )
        if len(cards) < 2:
            return None
        step = (TREND_WIDTH - 2 * TREND_PAD) / (len(cards) - 1)
        points = [
            {
                "x": round(TREND_PAD + index * step, 1),
                "y": round(TREND_HEIGHT - TREND_PAD - one.total / 100 * (TREND_HEIGHT - 2 * TREND_PAD), 1),
                "card": one,
            }
            for index, one in enumerate(cards)
        ]
        return {
            "width": TREND_WIDTH,
            "height": TREND_HEIGHT,
            "points": points,
            "line": " ".join(f"{point['x']},{point['y']}" for point in points),
        }

    @route(f"{URL}/<int:card_id>/accept", type="http", auth="user", methods=["POST"], website=True)
    def scm_scorecard_accept(self, card_id, **_kw):
        """The supplier accepts its card."""
        card = self._scm_find_card(card_id)
        if not card:
            raise request.not_found()
        return self._scm_try(
            f"{URL}/{card_id}", request.env._("Thank you for accepting this scorecard."), card.scm_accept
        )

    # The facts behind a measure

    @route(
        [f"{URL}/<int:card_id>/measures/<int:line_id>", f"{URL}/<int:card_id>/measures/<int:line_id>/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def scm_scorecard_measure(self, card_id, line_id, page=1, **_kw):
        """One measure: how it is counted, and the receipts, requests or inspections behind it."""
        card, line = self._scm_find_card_line(card_id, line_id)
        if not line:
            raise request.not_found()
        facts = line._supplier_facts()
        url = f"{URL}/{card_id}/measures/{line_id}"
        pager = portal_pager(url, len(facts or ()), page, FACTS_PER_PAGE)
        shown = facts[pager["offset"] : pager["offset"] + FACTS_PER_PAGE] if facts else []
        contests = card.contest_ids.filtered(lambda contest: contest.criterion_id == line.criterion_id)
        return self._scm_render(
            "portal_scorecard_measure",
            "scm_scorecards",
            card=card,
            line=line,
            measure=self._scm_measure(line),
            group_value=line._format(line.prior) if line.prior else None,
            facts_known=facts is not None,
            fact_count=len(facts or ()),
            facts=line._fact_rows(shown) if shown else [],
            contests=contests,
            contested={(contest.res_model, contest.res_id): contest for contest in contests},
            can_contest=card._can_contest(),
            pager=pager,
            crumbs=[
                {"text": request.env._("Scorecards"), "url": URL},
                {"text": card.period, "url": f"{URL}/{card_id}"},
                {"text": line.criterion_id.name},
            ],
        )

    # Contests

    @route(
        f"{URL}/<int:card_id>/measures/<int:line_id>/contest", type="http", auth="user", methods=["GET"], website=True
    )
    def scm_contest_form(self, card_id, line_id, fact="", **_kw):
        """The form to contest a measure, or one of the facts behind it."""
        card, line = self._scm_find_card_line(card_id, line_id)
        if not line or not card._can_contest():
            raise request.not_found()
        record = self._scm_form_fact(line, fact)
        if fact and not record:
            raise request.not_found()
        return self._scm_render(
            "portal_contest",
            "scm_scorecards",
            card=card,
            line=line,
            fact=line._fact_rows(record)[0] if record else None,
            max_length=MAX_TEXT_LENGTH,
            crumbs=[
                {"text": request.env._("Scorecards"), "url": URL},
                {"text": card.period, "url": f"{URL}/{card_id}"},
                {"text": line.criterion_id.name, "url": f"{URL}/{card_id}/measures/{line_id}"},
                {"text": request.env._("Contest")},
            ],
        )

    def _scm_form_fact(self, line, fact):
        """The fact that a form names by its id, if it is one of those behind the measure."""
        facts = line._supplier_facts() if fact.isdecimal() and len(fact) < 10 else None
        return facts.filtered(lambda one: one.id == int(fact)) if facts else None

    @route(
        f"{URL}/<int:card_id>/measures/<int:line_id>/contest",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST_BYTES,
    )
    def scm_contest_send(self, card_id, line_id, text="", fact="", **_kw):
        """Take the contest and its files; all or nothing."""
        card, line = self._scm_find_card_line(card_id, line_id)
        record = self._scm_form_fact(line, fact) if line and fact else None
        if not line or (fact and not record):
            raise request.not_found()

        def contest():
            if not text.strip():
                raise UserError(request.env._("Please say why you contest this."))
            names = {"res_model": record._name, "res_id": record.id} if record else {}
            contest_id = card.scm_contest(text, line.id, **names)
            made = card.contest_ids.browse(contest_id)
            made.attachment_ids = self._scm_attach(made)

        return self._scm_try(
            f"{URL}/{card_id}/measures/{line_id}",
            request.env._("Thank you. Our buyer will look into it and answer here."),
            contest,
        )

    @route(
        f"{URL}/contests/<int:contest_id>/files/<int:file_id>", type="http", auth="user", methods=["GET"], website=True
    )
    def scm_contest_file(self, contest_id, file_id, **_kw):
        """A file that the supplier sent with a contest."""
        contest = self._scm_find("scm.scorecard.contest", contest_id)
        file = contest.attachment_ids.filtered(lambda file: file.id == file_id)
        if not file:
            raise request.not_found()
        return self._scm_stream(file)
