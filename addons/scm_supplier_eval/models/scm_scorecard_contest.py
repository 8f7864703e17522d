from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

MAX_TEXT_LENGTH = 5000

#: what a buyer may write; the answer itself goes through scm_answer
EDITABLE = {"answer", "scope", "user_id"}
STATES = [("open", "To Answer"), ("accepted", "Accepted"), ("refused", "Refused")]


class ScmScorecardContest(models.Model):
    """What a supplier contests on a published scorecard: a whole measure, or one of the facts behind it.

    The supplier says why, with files, on its portal page. A buyer answers: an accepted contest excludes the fact with
    a logged reason and restates the card; a refused one leaves the card as it is, with the reason.
    """

    _name = "scm.scorecard.contest"
    _description = "Contest of a Scorecard"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_contested desc, id desc"

    card_id = fields.Many2one(
        "scm.scorecard", "Scorecard", required=True, readonly=True, ondelete="cascade", index=True
    )
    criterion_id = fields.Many2one(
        "scm.scorecard.criterion", "Measure", required=True, readonly=True, ondelete="restrict", index=True
    )
    # a restated card has new lines
    line_id = fields.Many2one("scm.scorecard.line", "Line of the Card", compute="_compute_line_id")
    partner_id = fields.Many2one(related="card_id.partner_id", string="Supplier", store=True, index=True)
    company_id = fields.Many2one(related="card_id.company_id", store=True, index=True)
    res_model = fields.Char("Fact Model", readonly=True)
    res_id = fields.Many2oneReference("Fact", model_field="res_model", readonly=True)
    fact_name = fields.Char("Contested", readonly=True, help="What the supplier contests, as it was called then.")
    text = fields.Text("Reason Given", required=True, readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Files", readonly=True)
    author_id = fields.Many2one("res.partner", "Contested by", readonly=True)
    date_contested = fields.Datetime("Contested on", required=True, readonly=True, default=fields.Datetime.now)
    state = fields.Selection(STATES, required=True, readonly=True, default="open", index=True, tracking=True)
    user_id = fields.Many2one("res.users", "Responsible", domain=[("share", "=", False)], tracking=True)
    answer = fields.Text(help="The supplier reads it on its portal page.")
    answered_by_id = fields.Many2one("res.users", "Answered by", readonly=True)
    date_answered = fields.Datetime("Answered", readonly=True)
    scope = fields.Selection(
        [("measure", "This measure"), ("all", "All measures")],
        "Leave out of",
        required=True,
        default="measure",
        help="When the contest is accepted, the fact does not count in this measure only, or in none.",
    )
    exclusion_ids = fields.One2many("scm.scorecard.exclusion", "contest_id", "Excluded", readonly=True)
    total_before = fields.Float("Total before", readonly=True, aggregator=None)
    total_after = fields.Float("Total after", readonly=True, aggregator=None)

    _open_uniq = models.UniqueIndex(
        "(card_id, criterion_id, COALESCE(res_model, ''), COALESCE(res_id, 0)) WHERE state = 'open'",
        "This has been contested already and waits for an answer.",
    )

    @api.depends("card_id.line_ids", "criterion_id")
    def _compute_line_id(self):
        for contest in self:
            contest.line_id = contest.card_id.line_ids.filtered(
                lambda line, contest=contest: line.criterion_id == contest.criterion_id
            )[:1]

    @api.depends("card_id", "fact_name", "criterion_id")
    def _compute_display_name(self):
        for contest in self:
            contest.display_name = " · ".join(
                part for part in (contest.partner_id.name, contest.criterion_id.name, contest.fact_name) if part
            )

    def write(self, vals):
        if not self.env.su and vals.keys() - EDITABLE:
            raise AccessError(
                self.env._("What a supplier contested stays as it is. Use Accept or Refuse to answer it.")
            )
        return super().write(vals)

    # Opening

    @api.model
    def _open(self, card, line, text, res_model, res_id):
        """Make the contest and give it to the supplier's buyer; the caller has checked who contests."""
        text = (text or "").strip()[:MAX_TEXT_LENGTH]
        if not text:
            raise UserError(self.env._("Say why you contest this: without a reason nobody can answer."))
        fact = line._supplier_fact(res_model, res_id) if res_model else None
        if res_model and not fact:
            raise UserError(self.env._("What is contested is not among the facts behind this measure."))
        key = [
            ("card_id", "=", card.id),
            ("criterion_id", "=", line.criterion_id.id),
            ("res_model", "=", fact._name if fact else False),
        ]
        # sudo: the caller has checked that the card is the supplier's, or that a buyer writes it down for him
        contests = self.sudo()
        if contests.search_count([*key, ("res_id", "=", fact.id if fact else False), ("state", "=", "open")], limit=1):
            raise UserError(self.env._("This has been contested already and waits for an answer."))
        contest = contests.create(
            {
                "card_id": card.id,
                "criterion_id": line.criterion_id.id,
                "res_model": fact._name if fact else False,
                "res_id": fact.id if fact else False,
                "fact_name": self._fact_name(line, fact),
                "text": text,
                "author_id": self.env.user.partner_id.id,
                "user_id": self._responsible(card).id,
            }
        )
        contest._tell_responsible()
        return contest.sudo(False)

    @api.model
    def _fact_name(self, line, fact):
        if not fact:
            return False
        row = line._fact_rows(fact)[0]
        return " · ".join(part for part in (row["subtitle"], row["title"]) if part)

    @api.model
    def _responsible(self, card):
        """The supplier's buyer, else whoever ordered from it last, else nobody."""
        buyer = card.partner_id.with_company(card.company_id).buyer_id
        if buyer:
            return buyer
        orders = self.env["purchase.order"].search(
            [
                ("partner_id", "child_of", card.partner_id.id),
                ("company_id", "=", card.company_id.id),
                ("user_id", "!=", False),
            ],
            order="date_order desc",
            limit=1,
        )
        return orders.user_id

    def _tell_responsible(self):
        if self.user_id:
            self.activity_schedule(
                "mail.mail_activity_data_todo", summary=self.env._("Answer the contest"), user_id=self.user_id.id
            )

    # Answering

    @api.model
    def _check_buyer(self):
        if not self.env.user.has_groups("purchase.group_purchase_user,scm_base.scm_group_manager"):
            raise AccessError(self.env._("Contests are answered by purchasing. Ask your administrator for the role."))

    def scm_answer(self, accept, answer, scope="measure"):
        """Answer contests: accepted ones are left out with a logged reason and their cards restated.

        :param accept: True: the supplier is right; False: the card stays as it is
        :param answer: what the supplier reads
        :param scope: ``measure``: the fact is left out of the contested measure only; ``all``: of all measures
        :return: True
        """
        self._check_buyer()
        self.check_access("write")
        if scope not in ("measure", "all"):
            raise UserError(self.env._("'%s' is not known: scope is 'measure' or 'all'.", scope))
        if not (answer or "").strip():
            raise UserError(self.env._("Write an answer: the supplier reads it on its page."))
        for contest in self:
            if contest.state != "open":
                raise UserError(self.env._("“%s” was answered before.", contest.display_name))
        # sudo: role and records were checked above; these fields are written by the system only
        contests = self.sudo()
        contests.write(
            {
                "answer": answer.strip()[:MAX_TEXT_LENGTH],
                "scope": scope,
                "state": "accepted" if accept else "refused",
                "answered_by_id": self.env.uid,
                "date_answered": fields.Datetime.now(),
            }
        )
        if accept:
            contests._exclude_and_restate()
        contests.activity_feedback(["mail.mail_activity_data_todo"], user_id=self.env.uid)
        return True

    def _exclude_and_restate(self):
        self.env["scm.scorecard.exclusion"].create([vals for contest in self for vals in contest._exclusion_vals()])
        for card, contests in self.grouped("card_id").items():
            before = card.total
            card._restate(" / ".join(contest._reason() for contest in contests))
            contests.write({"total_before": before, "total_after": card.total})

    def _reason(self):
        return self.env._("Contest accepted: %(what)s. %(answer)s", what=self.display_name, answer=self.answer)

    def _exclusion_vals(self):
        """One exclusion for the contested fact, or one for each fact behind the contested measure."""
        facts = self.line_id.get_fact_ids()
        if self.res_model:
            facts["ids"] = [self.res_id]
        criteria = self.criterion_id if self.scope == "measure" else self.criterion_id.browse()
        return [
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "res_model": facts["model"],
                "res_id": res_id,
                "criterion_ids": [fields.Command.set(criteria.ids)],
                "reason": self._reason(),
                "user_id": self.env.uid,
                "contest_id": self.id,
            }
            for res_id in facts["ids"]
        ]

    def action_accept(self):
        """The supplier is right."""
        self.ensure_one()
        return self.scm_answer(True, self.answer, self.scope)

    def action_refuse(self):
        """The card stays as it is."""
        self.ensure_one()
        return self.scm_answer(False, self.answer, self.scope)

    def action_open_fact(self):
        """Open what the supplier contests."""
        self.ensure_one()
        if not self.res_model:
            return self.line_id.action_open_facts()
        model, res_id = self.res_model, self.res_id
        if model == "scm.receipt.fact":  # rows of a view have no form: their order line's order has
            model, res_id = "purchase.order", self.env[model].browse(res_id).order_id.id
        return {"type": "ir.actions.act_window", "res_model": model, "res_id": res_id, "view_mode": "form"}

    def action_open_card(self):
        """Open the card."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "scm_supplier_scorecard",
            "name": self.card_id.display_name,
            "params": {"card_id": self.card_id.id},
        }
