from odoo.fields import Command

from odoo.addons.scm_base.tests.common import ScmCase


class QualificationCase(ScmCase):
    """Two sections of two questions each, one of them critical; a buyer and a supplier with a contact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_user("buyer", "purchase.group_purchase_user")
        cls.importer = cls._create_user("importer", "purchase.group_purchase_user", "scm_base.scm_group_user")
        cls.vendor.write({"email": "vendor@scm.example", "is_company": True})
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ms Contact", "parent_id": cls.vendor.id, "email": "contact@scm.example"}
        )
        cls.fabrics, cls.steel = cls.env["product.category"].create([{"name": "Fabrics"}, {"name": "Steel"}])
        cls.cotton = cls.env["product.category"].create({"name": "Cotton", "parent_id": cls.fabrics.id})
        cls.template = cls._create_template()
        cls.q = {question.scm_code: question for question in cls.template.survey_id.question_ids}

    @classmethod
    def _create_template(cls, active=True, **values):
        template = cls.env["scm.supplier.template"].create({"name": "Short Check", **values})
        template.survey_id.question_and_page_ids = [
            Command.create(values)
            for values in (
                cls._page(1, "Capacity"),
                cls._question(2, "C-1", "Do you plan?"),
                cls._question(3, "C-2", "Do you maintain?"),
                cls._page(4, "Quality"),
                cls._question(5, "Q-1", "Do you trace lots?", scm_critical=True),
                cls._question(6, "Q-2", "Do you calibrate?", na=True),
                {"sequence": 7, "scm_code": "Q-N", "title": "How many people?", "question_type": "numerical_box"},
            )
        ]
        template.action_read_sections()
        if active:
            template.action_activate()
        return template

    @classmethod
    def _page(cls, sequence, title):
        return {"sequence": sequence, "title": title, "is_page": True, "question_type": False}

    @classmethod
    def _question(cls, sequence, code, title, na=False, **values):
        choices = [("No", 0.0, False), ("Partly", 1.0, False), ("Yes", 2.0, False)]
        if na:
            choices.append(("Not applicable", 0.0, True))
        return {
            "sequence": sequence,
            "scm_code": code,
            "title": title,
            "question_type": "simple_choice",
            "constr_mandatory": True,
            "suggested_answer_ids": [
                Command.create({"value": value, "answer_score": score, "scm_not_applicable": none, "sequence": index})
                for index, (value, score, none) in enumerate(choices)
            ],
            **values,
        }

    @classmethod
    def _create_qualification(cls, partner=None, categ=None, company=None, **values):
        return cls.env["scm.supplier.qualification"].create(
            {
                "partner_id": (partner or cls.vendor).id,
                "categ_id": categ.id if categ else False,
                "company_id": (company or cls.company_a).id,
                "template_id": cls.template.id,
                "user_id": cls.buyer.id,
                **values,
            }
        )

    def _fill(self, qualification, answers, source="supplier", partner=None):
        """Hand in a form: ``{code: words}``."""
        form = qualification._create_form(source, partner or qualification.partner_id)
        form._mark_in_progress()
        questions = {question.scm_code: question for question in qualification.template_id.survey_id.question_ids}
        for code, words in answers.items():
            question = questions[code]
            answer = words
            if question.question_type == "simple_choice":
                answer = question.suggested_answer_ids.filtered(lambda one, words=words: one.value == words).id
            form._save_lines(question, str(answer))
        form._mark_done()
        return form

    GOOD = {"C-1": "Yes", "C-2": "Yes", "Q-1": "Yes", "Q-2": "Yes"}

    def _decided(self, outcome="qualified", **values):
        """A qualification with a decision, by the system."""
        terms = {"conditions": "Calibrate", "condition_date": "2027-01-31"} if outcome == "conditional" else {}
        one = self._create_qualification(**values)
        with self._at(self.TODAY):
            one.sudo().scm_decide(outcome, reason="as agreed", **terms)
        return one
