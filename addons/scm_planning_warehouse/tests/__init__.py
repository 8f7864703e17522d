from . import test_pick_face_forecast
from . import test_flow_forecast
from . import test_slotting_forecast
