"""Qualification as a buyer, an auditor on a tablet, and a supplier on a phone use it."""
import os
from pathlib import Path

from tests.integration import adapter

SHOTS = Path(os.environ.get('SCM_SHOTS') or adapter.ROOT / '.local' / 'test' / 'screens')

TABLET = {'width': 768, 'height': 1024}
PHONE = {'width': 390, 'height': 844}


def test_list_form_and_why(screens):
    buyer = screens('buyer')
    page = buyer.open('supplier-qualifications')
    page.wait_for_selector('.o_list_view .o_data_row')
    buyer.shot('supplier-qualifications')
    page.locator('.o_data_row', has_text='Hsinchu').locator('td[name=partner_id]').click()
    page.wait_for_selector('.o_field_widget[name=section_ids] .o_data_row')
    assert page.locator('.o_field_widget[name=section_ids] .o_data_row').count() == 5
    buyer.shot('supplier-qualification')
    page.locator('.o_field_widget[name=why] button, .o_field_widget[name=why] a').first.click()
    page.wait_for_selector('.o_scm_why_popover')
    page.keyboard.press('Escape')
    page.locator('.nav-link', has_text='Answers').click()
    page.wait_for_selector('.o_field_widget[name=answer_ids] .o_data_row')
    page.locator('button[name=action_decide]:visible').click()
    page.wait_for_selector('.modal .o_field_widget[name=outcome]')
    page.locator('.modal button', has_text='Discard').click()
    buyer.check()


def test_board_and_evidence(screens):
    buyer = screens('buyer')
    page = buyer.open('supplier-qualifications')
    page.locator('.o_switch_view.o_kanban').click()
    page.wait_for_selector('.o_kanban_group .o_kanban_record')
    assert page.locator('.o_kanban_group').count() == 8
    page = buyer.open('supplier-evidence')
    page.wait_for_selector('.o_list_view .o_data_row')
    buyer.shot('supplier-evidence')
    for view in ('kanban', 'calendar'):
        page.locator(f'.o_switch_view.o_{view}').click()
        buyer.settle()
    buyer.check()


def test_templates_of_a_manager(planner):
    page = planner.open('supplier-templates')
    page.locator('.o_data_row td[name=name]').first.click()
    page.wait_for_selector('.o_field_widget[name=section_ids] .o_data_row')
    planner.shot('supplier-template')
    page.locator('button[name=action_open_survey]').click()
    page.wait_for_selector('.o_form_view .o_field_widget[name=question_and_page_ids]')
    page.locator('.o_field_widget[name=question_and_page_ids] .o_data_row:not(.o_is_section)').nth(1).click()
    page.wait_for_selector('.modal .nav-link:has-text("Qualification")')
    planner.shot('supplier-question')


def test_questionnaire_on_a_phone(screens, chromium, server):
    """The link works without a login, one section per page, no wider than the phone."""
    buyer = screens('buyer')
    page = buyer.open('supplier-qualifications')
    page.locator('.o_data_row', has_text='Kaohsiung').locator('td[name=partner_id]').click()
    link = page.locator('.o_field_widget[name=form_url]').first
    link.wait_for()
    path = link.inner_text().split('/survey/')[1].split()[0]
    context = chromium.new_context(viewport=PHONE, has_touch=True)
    phone = context.new_page()
    phone.goto(f'{server.url}/survey/{path}')
    phone.locator('button[value=start]:not(.disabled)').click()
    phone.wait_for_selector('.o_survey_form_choice')
    phone.screenshot(path=SHOTS / 'supplier-questionnaire-phone.png')
    assert phone.locator('.o_survey_form_choice').count() == 7
    wide = phone.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    context.close()
    assert wide == 0


def test_site_visit_on_a_tablet(screens):
    tablet = screens('buyer', TABLET)
    page = tablet.open('supplier-qualifications')
    page.locator('.o_data_row, .o_kanban_record', has_text='Hsinchu').first.locator('td[name=partner_id]').click()
    with tablet.context.expect_page() as opened:
        page.locator('button[name=action_site_visit]:visible').click()
    visit = opened.value
    visit.locator('button[value=start]:not(.disabled)').click()
    visit.wait_for_selector('.o_survey_form_choice')
    assert visit.locator('.o_survey_selected').count() >= 7  # what was answered before
    visit.screenshot(path=SHOTS / 'supplier-site-visit.png')
    visit.close()
    tablet.check()
