"""The morning page and the dashboards, as a planner sees them."""
import json

import pytest

# values of all cells of the open dashboard that are errors, and the charts without data
CELLS = '''() => {
  const seen = new Set();
  const walk = (node) => {
    if (!node || seen.has(node)) return;
    seen.add(node);
    const model = node.component && (node.component.props?.model || node.component.state?.activeDashboard?.model);
    if (model?.getters?.getSheetIds) return model;
    for (const child of Object.values(node.children || {})) {
      const found = walk(child);
      if (found) return found;
    }
  };
  const model = walk([...owl.App.apps][0].root);
  if (!model) return null;
  const errors = [], empty = [];
  let cells = 0, charts = 0;
  for (const sheet of model.getters.getSheetIds()) {
    for (const cell of Object.values(model.getters.getEvaluatedCells(sheet))) {
      cells += 1;
      if (cell.type === 'error') errors.push(String(cell.message));
      if (String(cell.formattedValue).startsWith('Loading')) return null;
    }
    for (const figure of model.getters.getFigures(sheet)) {
      charts += 1;
      const chart = model.getters.getChartRuntime(figure.id);
      const data = chart?.chartJsConfig?.data;
      if (data && !data.datasets.some((set) => set.data.some((value) => value))) empty.push(figure.id);
    }
  }
  return {cells, charts, errors, empty};
}'''


def test_control_tower(planner):
    planner.open('scm-control-tower')
    page = planner.page
    assert '%' in page.inner_text('[data-metric=otif]')
    page.click('[data-metric=otif]')
    page.wait_for_selector('.o_scm_detail tbody tr')
    page.fill('#scm_note', 'Rain in the north')
    page.click('.o_scm_save_note')
    page.wait_for_selector('[data-metric=otif] .fa-comment-o')
    planner.shot('analytics-control-tower')
    page.click('.o_scm_detail tbody a >> nth=0')
    page.wait_for_selector('.o_list_view .o_data_row')


def test_control_tower_on_a_phone(phone):
    phone.open('scm-control-tower')
    phone.page.wait_for_selector('.o_scm_tile')
    assert phone.overflow() <= 0
    phone.shot('analytics-control-tower-phone')


@pytest.mark.parametrize('name', ['Inventory', 'Suppliers', 'Delivery', 'After-Sales', 'Planning'])
def test_dashboard(planner, name):
    planner.open('dashboards')
    page = planner.page
    page.get_by_text(name, exact=True).first.click()
    page.wait_for_timeout(500)
    page.wait_for_function(f'() => ({CELLS})()', timeout=60_000)
    page.wait_for_timeout(1500)
    found = page.evaluate(CELLS)
    assert found['cells'] > 20 and found['charts'] >= 9, json.dumps(found)
    assert not found['errors'] and not found['empty'], json.dumps(found)
    planner.shot(f'analytics-dashboard-{name.lower()}')
