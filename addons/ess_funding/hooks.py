def post_init_hook(env):
    """Give each company that already exists its *Structure* action."""
    for company in env["res.company"].search([]):
        company._get_structure_action()
