from . import ess_indicator_compute
