from . import (
    ess_access_browse,
    ess_beneficiary_protect,
    ess_beneficiary_search,
    ess_beneficiary_unprotect,
    ess_emergency_defer,
    ess_emergency_request,
    ess_household_add,
    ess_household_move,
    ess_life_project_agree,
    ess_life_project_scan,
    ess_situation_figures,
)
