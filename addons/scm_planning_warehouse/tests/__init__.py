from . import test_pick_face_forecast
