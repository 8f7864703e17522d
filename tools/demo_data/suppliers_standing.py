"""What buyers think of the suppliers, corrective actions at all stages, and one decision of a manager."""

from __future__ import annotations

from datetime import timedelta

QUESTIONS = ('communication', 'flexibility', 'problem_solving', 'documents', 'improvement')
# answers by vendor, best known first; vendors beyond the list get the middle
OPINIONS = ((5, 4, 5, 4, 4), (4, 4, 4, 5, 3), (2, 3, 2, 3, 2), (3, 4, 3, 4, 3), (4, 2, 3, 2, 3), (5, 5, 4, 4, 4))
MIDDLE = (3, 3, 4, 3, 3)
QUARTERS = 4
# stage of the corrective actions that are there, most urgent first, and what has been answered by then
STAGES = (
    ('running', 4, 'Deliveries wait for the carton supplier.', ('Second carton supplier', 'Safety stock of cartons')),
    ('checking', 7, 'The planner released orders only on Fridays.', ('Release orders daily', 'Train the planners')),
    ('running', 2, '', ('Sort stock at the warehouse',)),
)


def create_surveys(env, company, today):
    """Answers of the buyer about each supplier with orders, for the quarters that are over; before cards are made."""
    if 'scm.buyer.survey' not in env:
        return 0
    buyer = env['res.users'].search([('login', '=', 'buyer'), ('company_ids', 'in', company.ids)])
    vendors = _vendors(env, company)
    rows = []
    for age, (first, last) in enumerate(_quarters(today)):
        for number, vendor in enumerate(vendors):
            marks = OPINIONS[number] if number < len(OPINIONS) else MIDDLE
            # an opinion moves by at most one mark a quarter
            shift = (number + age) % 3 - 1 if age else 0
            answers = {name: str(min(5, max(1, mark + (shift if at == age % 5 else 0))))
                       for at, (name, mark) in enumerate(zip(QUESTIONS, marks, strict=True))}
            rows.append({'partner_id': vendor.id, 'company_id': company.id, 'user_id': buyer.id,
                         'date_from': first, 'date_to': last, **answers})
    return len(env['scm.buyer.survey'].create(rows))


def create_improvements(env, company):
    """Move the corrective actions that bad grades opened, add two whose effect is measured, decide about a supplier."""
    if 'scm.buyer.survey' not in env or not (vendors := _vendors(env, company)):
        return 0
    today = company._scm_local_today()
    improvements = env['scm.improvement'].search(
        [('company_id', '=', company.id), ('area', '=', 'supplier'), ('state', '=', 'open')], order='date_due, id')
    buyer = env['res.users'].search([('login', '=', 'buyer'), ('company_ids', 'in', company.ids)])
    for improvement, stage in zip(improvements, STAGES, strict=False):
        _advance(improvement, buyer, today, *stage)
    measured = env['scm.improvement'].create([_past(company, vendor, buyer, today) for vendor in vendors])
    measured.action_measure()
    # the two with the clearest effect, for the better and for the worse
    measured = measured.sorted(lambda one: (one.effect, one.id))
    kept = measured[:1] | measured[-1:]
    (measured - kept).unlink()
    kept[:1].action_close()
    _decide(env, company, today)
    return len(improvements) + len(kept)


def _vendors(env, company):
    groups = env['purchase.order']._read_group(
        [('company_id', '=', company.id), ('state', '=', 'purchase')], ['partner_id'], ['__count'])
    return env['res.partner'].union(*(partner.commercial_partner_id for partner, _count in groups)).sorted('id')


def _quarters(today):
    """First and last days of the quarters that are over, latest first."""
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    for _quarter in range(QUARTERS):
        last = first - timedelta(days=1)
        first = last.replace(month=last.month - 2, day=1)
        yield first, last


def _advance(improvement, buyer, today, state, steps, cause, actions):
    answers = {
        'd1_team': 'Plant manager, quality engineer, our buyer',
        'd3_containment': 'All open orders are confirmed anew by phone each Monday.',
        'd5_correction': 'Orders are released daily, with a second source for what was short.',
        'd6_implementation': 'Since last week, checked by our buyer on site.',
        'd7_prevention': 'The same rule holds for the other product lines.',
    }
    values = dict(list(answers.items())[:max(steps - 2, 1)])
    improvement.write(values | {
        'user_id': buyer.id, 'cause': cause or False, 'date_answered': f'{today - timedelta(days=2)} 08:00:00',
        'action_ids': [(0, 0, {'name': name, 'partner_id': improvement.partner_id.id, 'user_id': buyer.id,
                               'date_due': today + timedelta(days=14 + 7 * at),
                               'date_done': today - timedelta(days=1) if state == 'checking' or not at else False})
                       for at, name in enumerate(actions)],
    })
    improvement.state = state


def _past(company, vendor, buyer, today):
    """An earlier one: half a year before against half a year after."""
    middle = today - timedelta(days=182)
    return {
        'name': 'Confirmed dates are kept', 'area': 'supplier', 'company_id': company.id, 'partner_id': vendor.id,
        'user_id': buyer.id, 'date_open': middle - timedelta(days=30), 'date_due': middle, 'metric': 'days_late',
        'problem': 'Too many lines come after the confirmed day.',
        'cause': 'Dates were confirmed by sales without asking the plant.',
        'd1_team': 'Sales, plant, our buyer', 'd3_containment': 'Weekly call about all open lines',
        'd5_correction': 'The plant confirms dates itself.', 'd6_implementation': 'Done',
        'd7_prevention': 'Checked monthly',
        'baseline_from': middle - timedelta(days=182), 'baseline_to': middle - timedelta(days=1), 'after_from': middle,
        'after_to': today, 'state': 'checking', 'date_answer_due': middle - timedelta(days=16),
        'date_answered': f'{middle - timedelta(days=20)} 08:00:00', 'value': 48000,
    }


def _decide(env, company, today):
    """A manager lets a supplier have a better grade for a while, with a reason that all can read."""
    planner = env['res.users'].search([('login', '=', 'planner'), ('company_ids', 'in', company.ids)])
    standing = env['scm.supplier.standing'].search(
        [('company_id', '=', company.id), ('consequence', '=', 'warn')], order='score desc', limit=1)
    grades = env['scm.grade.scheme']._of_company(company).grade_ids
    better = grades.filtered(lambda grade: grade.consequence == 'normal')
    if standing and better and planner:
        standing.with_user(planner).with_context(allowed_company_ids=company.ids).set_override(
            better[0].id, 'Only source of this range until the second plant is approved',
            str(today + timedelta(days=120)))
    company.scm_grade_gate = 'block'
