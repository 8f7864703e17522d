from . import test_stress_test
from . import test_vendor_choice
