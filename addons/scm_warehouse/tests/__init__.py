from . import test_geometry
from . import test_pick_day
from . import test_wave
from . import test_pick_face
from . import test_count_phone
from . import test_box_choice
from . import test_count_plan
from . import test_count_accuracy
