"""What customers say: words that stand out, the texts behind them, reasons to confirm; at a desk and on a phone."""


def test_a_word_leads_to_what_customers_wrote(planner):
    page = planner.open('voice-of-customers')
    page.locator('.o_scm_voice_word').first.wait_for()
    planner.shot('aftersales-voice')
    assert page.locator('.o_scm_voice_accuracy').inner_text().endswith('%')
    page.click('[data-dimension=rating]')
    page.locator('[data-dimension=rating].active').wait_for()
    page.locator('.o_scm_voice_word').first.click()
    page.locator('.o_scm_voice_example mark').first.wait_for()
    page.get_by_role('button', name='All texts').click()
    page.wait_for_selector('.o_list_view .o_data_row')
    planner.settle()
    page = planner.open('voice-of-customers')
    page.get_by_text('Reasons to confirm').click()
    page.locator('.o_data_row .o_scm_why').first.click()
    page.wait_for_selector('.o_scm_why_popover')
    planner.shot('aftersales-feedback')


def test_on_a_phone(phone):
    page = phone.open('voice-of-customers')
    page.locator('.o_scm_voice_word').first.click()
    page.locator('.o_scm_voice_example').first.wait_for()
    phone.shot('aftersales-voice-phone')
    assert phone.overflow() <= 0
