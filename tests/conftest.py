import mpmath
import pytest
from hypothesis import HealthCheck, settings

# The same examples on every run and machine; a failure in CI can be repeated by hand.
settings.register_profile(
    "reproducible",
    derandomize=True,
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("reproducible")


@pytest.fixture(autouse=True)
def default_precision():
    """Let no test see the precision that another one set."""
    mpmath.mp.dps = 15
    yield
    mpmath.mp.dps = 15
