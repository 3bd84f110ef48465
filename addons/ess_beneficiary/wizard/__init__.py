from . import (
    ess_beneficiary_protect,
    ess_beneficiary_search,
    ess_beneficiary_unprotect,
    ess_household_add,
    ess_household_move,
    ess_life_project_agree,
    ess_life_project_scan,
    ess_situation_figures,
)
