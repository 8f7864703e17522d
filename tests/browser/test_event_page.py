"""The event page: live, and replayed hour by hour."""
import pytest

SLIDE = """(hour) => {
  const slider = document.querySelector('.o_scm_slider');
  slider.value = hour;
  slider.dispatchEvent(new Event('input', {bubbles: true}));
  slider.dispatchEvent(new Event('change', {bubbles: true}));
}"""


def choose(page, name):
    """Choose the newest occurrence of an event that is over."""
    option = page.locator('.o_scm_pick_event option').filter(has_text=name).first
    value = option.get_attribute('value')
    page.select_option('.o_scm_pick_event', value)
    page.wait_for_selector(f'.o_scm_event_body[data-event="{value}"]')


def slide(page, hour):
    page.evaluate(SLIDE, hour)
    page.wait_for_selector(f'.o_scm_event_body[data-hour="{hour}"]')


def number(page, selector):
    return float(page.inner_text(selector).replace(',', ''))


def test_double_11_is_replayed(planner):
    planner.open('scm-event-page')
    page = planner.page
    choose(page, 'Double 11')
    end = number(page, '[data-measure=units] .o_scm_actual')
    slide(page, 158)
    sold = number(page, '[data-measure=units] .o_scm_actual')
    assert 0 < sold < end
    # what was projected then lies near what came: the demo's customers keep to the plan
    assert sold < number(page, '[data-measure=units] .o_scm_end') < 2 * end
    assert page.locator('.o_scm_stock tbody tr').count() > 3
    assert page.locator('.o_scm_regions button').count() > 5
    planner.settle()
    planner.shot('analytics-event-page')
    page.click('.o_scm_mode >> nth=1')
    page.click('.o_scm_play')
    page.wait_for_function("() => +document.querySelector('.o_scm_event_body').dataset.hour > 158")
    page.click('.o_scm_play')
    page.wait_for_selector('.o_scm_play .fa-play')
    planner.settle()
    planner.shot('analytics-event-page-hours')
    page.click('.o_scm_regions button >> nth=0')
    page.wait_for_selector('.o_list_view .o_data_row')


@pytest.mark.parametrize('measure', ['orders'])
def test_what_runs_is_shown_first(planner, measure):
    planner.open('scm-event-page')
    page = planner.page
    page.wait_for_selector('.o_scm_live')
    page.click(f'[data-measure={measure}]')
    page.wait_for_selector(f'[data-measure={measure}].o_scm_chosen')
    planner.settle()
    planner.shot('analytics-event-page-live')


def test_event_page_on_a_phone(phone):
    phone.open('scm-event-page')
    phone.page.wait_for_selector('.o_scm_event_body')
    choose(phone.page, 'Double 11')
    slide(phone.page, 158)
    assert phone.overflow() <= 0
    phone.shot('analytics-event-page-phone')
