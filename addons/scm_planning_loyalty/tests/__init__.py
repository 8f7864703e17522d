from . import test_loyalty_proposal
