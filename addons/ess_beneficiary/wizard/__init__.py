from . import (
    ess_beneficiary_search,
    ess_life_project_agree,
    ess_life_project_scan,
    ess_situation_figures,
)
