from . import test_wave_carrier
