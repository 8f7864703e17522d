from . import test_flow_errors
