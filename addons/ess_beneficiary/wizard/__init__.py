from . import ess_beneficiary_search
