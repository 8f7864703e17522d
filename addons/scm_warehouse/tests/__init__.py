from . import test_wave
