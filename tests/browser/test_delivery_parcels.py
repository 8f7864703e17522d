"""Parcels on screen: the list, one parcel's journey, who is late, and the phone list at the door."""


def test_a_parcel_and_its_journey(planner):
    page = planner.open("parcels")
    page.locator(".o_data_row").first.wait_for()
    planner.shot("delivery-parcels")
    page.locator(".o_data_row", has_text="In Transit").first.locator(".o_data_cell[name=name]").click()
    page.locator(".o_scm_journey_event").first.wait_for()
    assert page.locator(".o_scm_journey_stage").count() >= 3
    planner.settle()
    planner.shot("delivery-parcel")


def test_who_is_late(planner):
    page = planner.open("who-is-late")
    page.locator(".o_graph_renderer canvas").wait_for()
    page.wait_for_timeout(800)
    planner.shot("delivery-who-is-late")


def test_delivered_at_the_door(phone):
    page = phone.open("deliver-today")
    card = page.locator(".o_kanban_record", has=page.locator("button.btn-success")).first
    card.wait_for()
    before = page.locator(".o_kanban_record button.btn-success").count()
    phone.shot("delivery-deliver-today")
    card.locator("button.btn-success").click()
    page.locator(".modal [name=signed_by] input").fill("Ms Lin")
    page.get_by_role("button", name="Save").click()
    page.locator(".modal").wait_for(state="detached")
    phone.settle()
    # a full page is filled up from the next one
    assert before >= 40 or page.locator(".o_kanban_record button.btn-success").count() == before - 1
