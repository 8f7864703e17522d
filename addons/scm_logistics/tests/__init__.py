from . import test_parcel
from . import test_carrier_choice
