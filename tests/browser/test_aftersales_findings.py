"""Findings from returns and the improvement with its chart."""


def test_a_finding_and_the_effect_of_an_improvement(planner, server):
    calls = server.xmlrpc('planner')
    page = planner.open('return-findings')
    page.locator('.o_data_row').first.wait_for()
    planner.shot('aftersales-findings')
    [finding] = calls.call('scm.return.finding', 'search', [('is_current', '=', True)], limit=1)
    page = planner.open(f'return-findings/{finding}')
    page.locator('.o_scm_finding_figures').wait_for()
    planner.shot('aftersales-finding')
    [improvement] = calls.call('scm.improvement', 'search', [('source_key', '=like', 'demo_return,%')], limit=1)
    page = planner.open(f'improvements/{improvement}')
    page.locator('.o_scm_return_chart canvas').wait_for()
    planner.settle()
    planner.shot('aftersales-improvement')
