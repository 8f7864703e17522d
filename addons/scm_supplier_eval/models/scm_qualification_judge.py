from collections import defaultdict

import numpy as np
from odoo import fields, models

from ..kernel.qualification import Questionnaire, judge

OUTCOMES = ("rejected", "conditional", "qualified")


class ScmSupplierQualification(models.Model):
    """Judging the answers: read all forms at once, score them in the kernel, write section and answer rows in bulk."""

    _inherit = "scm.supplier.qualification"

    def _answers_arrived(self):
        """A questionnaire was handed in: judge it and give it to the person responsible."""
        self._judge()
        self.filtered(lambda one: one.state in ("draft", "asked")).write({"state": "review"})
        self.write({"date_answered": fields.Datetime.now()})
        self._plan_review()

    def _plan_review(self):
        """One open activity per qualification, however many forms come in."""
        activity_type = self.env.ref("scm_supplier_eval.scm_mail_activity_type_review")
        waiting = self.activity_ids.filtered(lambda activity: activity.activity_type_id == activity_type)
        for one in self.filtered(lambda one: one.user_id and one.state == "review"):
            if one.id not in waiting.mapped("res_id"):
                one.activity_schedule(
                    activity_type_id=activity_type.id,
                    user_id=one.user_id.id,
                    summary=one.env._("Review the answers of %(supplier)s", supplier=one.partner_id.name),
                )

    def _judge(self):
        """Score the forms that count: the latest site visit, else the latest answers of the supplier."""
        # sudo: buyers may judge, but have no right to surveys; which records are judged was checked by the caller
        self.sudo()._judge_forms()

    def _judge_forms(self):
        forms, said = self._counted_forms()
        by_template = defaultdict(list)
        for one in self:
            if one in forms and one.template_id:
                by_template[one.template_id].append(one)
        sections, answers, values = [], [], {}
        for template, members in by_template.items():
            questions = template.survey_id.question_ids
            lines = self._lines_of([form for one in members for form in (forms[one], said.get(one)) if form])
            facts = self._facts(questions, [forms[one] for one in members], lines)
            judged = judge(facts["points"], facts["applicable"], self._questionnaire(template, questions))
            for row, one in enumerate(members):
                sections += one._prepare_sections(template, questions, facts, judged, row)
                answers += one._prepare_answers(questions, facts, judged, row, forms[one], said.get(one), lines)
                values[one] = one._prepare_result(template, questions, facts, judged, row, forms[one])
        self._write_judged(sections, answers, values)

    def _write_judged(self, sections, answers, values):
        ids = [one.id for one in values]
        for model, rows in (
            ("scm.supplier.qualification.section", sections),
            ("scm.supplier.qualification.answer", answers),
        ):
            self.env[model].search([("qualification_id", "in", ids)]).unlink()
            self.env[model].create(rows)
        for one, result in values.items():
            one.write(result)

    def _counted_forms(self):
        """({qualification: the form that counts}, {qualification: the supplier's own form beside a site visit})."""
        forms = self.env["survey.user_input"].search(
            [("scm_qualification_id", "in", self.ids), ("state", "=", "done"), ("test_entry", "=", False)],
            order="end_datetime, id",
        )
        visits, own = {}, {}
        for form in forms:
            (visits if form.scm_source == "auditor" else own)[form.scm_qualification_id] = form
        return {**own, **visits}, {one: form for one, form in own.items() if one in visits}

    def _lines_of(self, forms):
        """{(form id, question id): answer lines}"""
        lines = self.env["survey.user_input.line"].search_fetch(
            [("user_input_id", "in", [form.id for form in forms])],
            ["user_input_id", "question_id", "answer_type", "skipped", "suggested_answer_id", "answer_score"],
        )
        found = defaultdict(lambda: lines.browse())
        for line in lines:
            found[line.user_input_id.id, line.question_id.id] += line
        return found

    def _facts(self, questions, forms, lines):
        """Arrays (forms x questions) of the kernel: points from 0 to 1, and whether the question applies."""
        best = np.array([question._scm_best() for question in questions])
        points = np.full((len(forms), len(questions)), np.nan)
        applicable = np.tile(best > 0, (len(forms), 1))
        not_applicable = np.zeros_like(applicable)
        for row, form in enumerate(forms):
            shown = set(form.predefined_question_ids.ids)
            for column, question in enumerate(questions):
                own = lines[form.id, question.id]
                if question.id not in shown or own.suggested_answer_id.filtered("scm_not_applicable"):
                    not_applicable[row, column] = True
                elif best[column] > 0 and own.filtered(lambda line: not line.skipped):
                    points[row, column] = self._points(question, own) / best[column]
        applicable &= ~not_applicable
        return {
            "scored": best > 0,
            "points": np.clip(points, 0.0, 1.0),
            "applicable": applicable,
            "not_applicable": not_applicable,
        }

    def _points(self, question, lines):
        if question.question_type == "scale":
            return float(sum(lines.mapped("value_scale")))
        return float(sum(lines.mapped("answer_score")))

    def _questionnaire(self, template, questions):
        position = {section.page_id.id: index for index, section in enumerate(template.section_ids)}
        return Questionnaire(
            section=np.array([position.get(question.page_id.id, -1) for question in questions]),
            weight=np.array([question.scm_weight or 1.0 for question in questions]),
            critical=np.array([question.scm_critical for question in questions]),
            section_weight=np.array(template.section_ids.mapped("weight")),
            section_mark=np.array(template.section_ids.mapped("pass_mark")),
            pass_mark=template.pass_mark,
            conditional_mark=template.conditional_mark,
        )

    def _prepare_sections(self, template, questions, facts, judged, row):
        rows = []
        for index, section in enumerate(template.section_ids):
            own = np.array([question.page_id == section.page_id for question in questions]) & facts["applicable"][row]
            score = judged.section_score[row, index]
            missing = bool(np.isnan(score))
            rows.append(
                {
                    "qualification_id": self.id,
                    "page_id": section.page_id.id,
                    "sequence": index,
                    "score": 0.0 if missing else round(float(score), 2),
                    "weight": section.weight,
                    "weight_used": round(100.0 * float(judged.weight_used[row, index]), 2),
                    "pass_mark": section.pass_mark,
                    "question_count": int(own.sum()),
                    "answered_count": int((own & ~np.isnan(facts["points"][row])).sum()),
                    "passed": missing or bool(score >= section.pass_mark - 5e-4),
                    "missing": missing,
                }
            )
        return rows

    def _prepare_answers(self, questions, facts, judged, row, form, own_form, lines):
        rows = []
        for column, question in enumerate(questions):
            choice, text, comment = self._words(lines[form.id, question.id])
            said_choice, said_text, _said = self._words(lines[own_form.id, question.id] if own_form else None)
            if not (facts["scored"][column] or choice or text):
                continue
            differs = bool(own_form) and (said_choice, said_text) != (choice, text)
            points = facts["points"][row, column]
            missing = bool(facts["applicable"][row, column] and np.isnan(points))
            rows.append(
                {
                    "qualification_id": self.id,
                    "question_id": question.id,
                    "page_id": question.page_id.id,
                    "sequence": column,
                    "code": question.scm_code,
                    "choice_id": choice,
                    "answer_text": text,
                    "comment": comment,
                    "source": form.scm_source,
                    "supplier_choice_id": said_choice if differs else False,
                    "supplier_text": said_text if differs else False,
                    "scored": bool(facts["scored"][column]),
                    "score": 0.0 if np.isnan(points) else round(100.0 * float(points), 2),
                    "critical": question.scm_critical,
                    "not_applicable": bool(facts["not_applicable"][row, column]),
                    "missing": missing,
                    "failed": bool(judged.failed[row, column]),
                }
            )
        return rows

    def _words(self, lines):
        """(choice id, text, comment) of the lines of one answer."""
        if not lines:
            return False, False, False
        choices = lines.suggested_answer_id
        comment = (
            "\n".join(line.value_char_box for line in lines if line.answer_type == "char_box" and choices) or False
        )
        if len(choices) == 1:
            return choices.id, False, comment
        if choices:
            return False, ", ".join(choices.mapped("value")), comment
        return False, "\n".join(line.display_name for line in lines if not line.skipped) or False, comment

    def _prepare_result(self, template, questions, facts, judged, row, form):
        total, failed = round(float(judged.total[row]), 2), judged.failed[row]
        outcome = OUTCOMES[int(judged.outcome[row])]
        names = [question.scm_code or question.title for question, no in zip(questions, failed, strict=True) if no]
        terms = [
            {"code": section.page_id.title, "value": round(float(score), 1), "unit": "qualification_points"}
            for section, score in zip(template.section_ids, judged.section_score[row], strict=True)
            if not np.isnan(score)
        ]
        return {
            "score": total,
            "proposed_state": outcome,
            "failed_critical_count": int(failed.sum()),
            "why": self._prepare_why(template, facts["applicable"][row], total, outcome, names, terms, form),
        }

    def _prepare_why(self, template, applicable, total, outcome, critical_names, terms, form):
        marks = {
            "code": "qualification_marks",
            "values": {"pass": template.pass_mark, "low": template.conditional_mark},
        }
        notes = [f"qualification_{outcome}", f"qualification_by_{form.scm_source}", marks]
        if critical_names:
            notes.append({"code": "qualification_critical", "values": {"names": ", ".join(critical_names)}})
        if len(terms) < len(template.section_ids):
            notes.append("qualification_spread")
        return {
            "value": total,
            "unit": "qualification_points",
            "method": "qualification_score",
            "formula": "qualification_formula",
            "sample": int(applicable.sum()),
            "terms": terms,
            "notes": notes,
        }
