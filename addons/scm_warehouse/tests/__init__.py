from . import test_wave
from . import test_pick_face
