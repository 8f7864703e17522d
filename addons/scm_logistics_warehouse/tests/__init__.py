from . import test_wave_carrier
from . import test_parcel_packaging
