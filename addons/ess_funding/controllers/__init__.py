from . import funder_space, main
