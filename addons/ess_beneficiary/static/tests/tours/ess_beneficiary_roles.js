import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Type a name in the search that comes before a file. */
function lookFor(name) {
    return [
        {
            content: `Look for ${name}`,
            trigger: ".o_ess_search .o_field_widget[name=name] input",
            run: `edit ${name}`,
        },
        {
            content: "Search",
            trigger: ".o_ess_search button[name=action_search]",
            run: "click",
        },
    ];
}

/** Choose the first record that a many2one proposes for a text. */
function choose(field, text) {
    return [
        {
            content: `Type ${text}`,
            trigger: `.o_field_widget[name=${field}] input`,
            run: `edit ${text}`,
        },
        {
            content: `Choose ${text}`,
            trigger: `.o-autocomplete--dropdown-item:contains(${text}) a`,
            run: "click",
        },
    ];
}

/** Go to another screen, as by its address. */
function goTo(action) {
    return {
        content: `Go to ${action}`,
        trigger: ".o_main_navbar",
        run: () => {
            window.location = `/odoo/action-ess_beneficiary.${action}`;
        },
        expectUnloadPage: true,
    };
}

const CONFIRM = {
    content: "Yes, go on",
    trigger: ".modal .modal-footer .btn-primary",
    run: "click",
};

// Reception: search, one name is enough, and nothing but names.
tours.add("ess_role_reception", {
    url: "/odoo/search-or-create",
    steps: () => [
        {
            content: "No rights and no quality of data in the menus",
            trigger:
                ".o_main_navbar:not(:has([data-menu-xmlid='ess_beneficiary.ess_beneficiary_menu_rights'])):not(:has([data-menu-xmlid='ess_beneficiary.ess_beneficiary_menu_quality']))",
        },
        ...lookFor("TESTHIDDEN"),
        {
            content: "A protected file answers as one that never was",
            trigger:
                ".o_ess_search .alert:contains(No file with this name):not(:contains(TESTHIDDEN))",
        },
        ...lookFor("TESTKNOWN"),
        {
            content: "The person who is known appears",
            trigger:
                ".o_ess_search .o_field_widget[name=beneficiary_ids]:contains(TESTKNOWN):not(:contains(0611223344))",
        },
        {
            content: "Open the file",
            trigger: ".o_ess_search button[name=action_open_file]",
            run: "click",
        },
        {
            content: "Names only: no tab, no message, no phone, no words of the person",
            trigger:
                ".o_ess_file:contains(Reception sees names):not(:has(.o_notebook)):not(:has(.o-mail-Chatter)):not(:has([name=phone])):not(:contains(Test worker))",
        },
        {
            content: "A new person begins with a search too",
            trigger: ".o_form_button_create",
            run: "click",
        },
        ...lookFor("Ana TESTNEW"),
        {
            content: "Nobody has this name: open a file",
            trigger: ".o_ess_search button[name=action_create_file]",
            run: "click",
        },
        {
            content: "One name is enough",
            trigger:
                ".o_ess_file .o_field_widget[name=last_name] textarea:value(TESTNEW)",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The file has a number",
            trigger: ".o_ess_file .o_field_widget[name=ref]:contains(/^D\\d\\d-/)",
        },
    ],
});

// Field worker on a phone: opens a file, a note, a change, a goal.
tours.add("ess_role_worker_phone", {
    url: "/odoo/my-people",
    steps: () => [
        {
            content: "Own people only",
            trigger: ".o_kanban_view:not(:contains(TESTOTHER)):not(:contains(TESTHIDDEN))",
        },
        {
            content: "Open a file",
            trigger: ".o_kanban_record:contains(TESTKNOWN)",
            run: "click",
        },
        {
            content: "Open a goal by touch",
            trigger: ".o_field_widget[name=goal_ids] .o_kanban_record:contains(A room)",
            run: "click",
        },
        {
            content: "Add a step",
            trigger:
                ".modal .o_field_widget[name=step_ids] .o-kanban-button-new, .modal .o_field_widget[name=step_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Who does what",
            trigger:
                ".modal:not(:has([name=step_ids])) .o_field_widget[name=name] input",
            run: "edit Call the housing office",
        },
        {
            content: "Keep the step",
            trigger: ".modal:has(.o_field_widget[name=name]):not(:has([name=step_ids])) .o_form_button_save",
            run: "click",
        },
        {
            content: "Keep the goal",
            trigger:
                ".modal:has(.o_field_widget[name=step_ids]:contains(Call the housing office)) .o_form_button_save",
            run: "click",
        },
        {
            content: "The notes",
            trigger: ".o_notebook_headers a[name=notes]",
            run: "click",
        },
        {
            content: "A colleague's aide-mémoire is not there",
            trigger: ".o_ess_file:not(:contains(Words of a colleague alone))",
        },
        {
            content: "Write a note",
            trigger: ".o_notebook button[name=action_new_note]",
            run: "click",
        },
        {
            content: "What happened",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Seen at the station. Wants a bed for the dog too.",
        },
        {
            content: "Save the note",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It stands in the file",
            trigger: ".o_notebook:contains(Wants a bed for the dog too)",
        },
        {
            content: "The situations",
            trigger: ".o_notebook_headers a[name=situations]",
            run: "click",
        },
        {
            content: "Something changed",
            trigger: ".o_ess_timeline_add",
            run: "click",
        },
        {
            content: "Choose a domain by touch",
            trigger: ".modal .o_field_widget[name=domain_id] input",
            run: "click",
        },
        {
            content: "Housing",
            trigger: ".o_select_menu_item:contains(Housing), .o-autocomplete--dropdown-item:contains(Housing) a, .o_kanban_record:contains(Housing), .o_data_row:contains(Housing)",
            run: "click",
        },
        {
            content: "And what it is now",
            trigger: ".modal .o_field_widget[name=value_id] input",
            run: "click",
        },
        {
            content: "The first of the list",
            trigger: ".o-autocomplete--dropdown-item:contains(Tenant) a, .modal .o_kanban_record:contains(Tenant), .modal .o_data_row:contains(Tenant)",
            run: "click",
        },
        {
            content: "Save the situation",
            trigger: ".modal .o_form_button_save, .modal .o_form_button_save_new",
            run: "click",
        },
        {
            content: "It is on the time line",
            trigger: ".o_ess_timeline_rows:contains(Housing)",
        },
        {
            content: "Nothing is wider than the phone",
            trigger: ".o_form_saved, .o_form_status_indicator_buttons.invisible",
            run() {
                const { scrollWidth } = document.documentElement;
                if (scrollWidth > window.innerWidth + 1) {
                    throw new Error(`The page is ${scrollWidth} pixels wide`);
                }
            },
        },
    ],
});

// Coordination: beyond one's own people with a reason, two files of one person become one
// and two again, a whole caseload goes to a colleague.
tours.add("ess_role_coordinator", {
    url: "/odoo/my-people",
    steps: () => [
        {
            content: "My people, not everybody",
            trigger: ".o_action_manager:not(:contains(TESTKNOWN))",
        },
        {
            content: "Look at all files",
            trigger: "button[name=action_browse_all]",
            run: "click",
        },
        {
            content: "Why is asked",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Preparing the meeting of the team",
        },
        {
            content: "Go",
            trigger: ".modal button[name=action_browse]",
            run: "click",
        },
        {
            content: "The files of the others, but not the protected one",
            trigger: ".o_list_view:contains(TESTKNOWN):not(:contains(TESTHIDDEN))",
        },
        goTo("ess_duplicate_action"),
        {
            content: "A probable duplicate, none of protected files",
            trigger: ".o_list_view:not(:contains(TESTHIDDEN)) .o_data_row:contains(TESTTWIN) .o_data_cell",
            run: "click",
        },
        {
            content: "Compare",
            trigger: "button[name=action_compare]",
            run: "click",
        },
        {
            content: "Merge",
            trigger: "button[name=action_merge]",
            run: "click",
        },
        {
            content: "The kept file is open",
            trigger: ".o_ess_file:contains(TESTTWIN)",
        },
        goTo("ess_merge_action"),
        {
            content: "The merge is in the list",
            trigger: ".o_data_row:contains(TESTTWIN) .o_data_cell",
            run: "click",
        },
        {
            content: "Undo it",
            trigger: "button[name=action_undo]",
            run: "click",
        },
        CONFIRM,
        {
            content: "Both files are back",
            trigger: ".o_notification:contains(both files are back)",
        },
        goTo("ess_handover_action/new"),
        ...choose("user_from_id", "Test worker"),
        ...choose("user_to_id", "Test importer"),
        {
            content: "What will happen is said before",
            trigger: ".o_field_widget[name=preview]:contains(people)",
        },
        {
            content: "Hand over",
            trigger: "button[name=action_apply]",
            run: "click",
        },
        CONFIRM,
        {
            content: "It can be undone",
            trigger: "button[name=action_undo]",
        },
    ],
});

// Data-protection officer: a contested reading, the seals, the changes of protection, and
// a file without what is its team's and its authors'.
tours.add("ess_role_dpo", {
    url: "/odoo/action-ess_beneficiary.ess_access_contest_action",
    steps: () => [
        {
            content: "A reading is contested",
            trigger: ".o_data_row:contains(neighbour) .o_data_cell",
            run: "click",
        },
        {
            content: "Answer",
            trigger: ".o_field_widget[name=answer] textarea",
            run: "edit She replaced your referent that day.",
        },
        {
            content: "Close it",
            trigger: "button[name=action_answer]",
            run: "click",
        },
        {
            content: "It is answered",
            trigger: ".o_arrow_button_current:contains(Answered)",
        },
        goTo("ess_access_log_action"),
        {
            content: "Who read what; nothing of a protected file, nothing to change",
            trigger:
                ".o_list_view:contains(TESTKNOWN):not(:contains(TESTHIDDEN)):not(:has(.o_list_button_add))",
        },
        {
            content: "Check the seals",
            trigger: "button[name=action_check_seals]",
            run: "click",
        },
        {
            content: "The log is intact",
            trigger: ".o_notification:contains(intact)",
        },
        goTo("ess_security_event_action"),
        {
            content: "A change of what protects the files",
            trigger: ".o_list_view:not(:has(.o_list_button_add)) .o_data_row .o_data_cell",
            run: "click",
        },
        {
            content: "Told in words",
            trigger: ".o_field_widget[name=details_words]:not(:contains({))",
        },
        goTo("ess_beneficiary_search_action"),
        ...lookFor("TESTKNOWN"),
        {
            content: "Open the file",
            trigger: ".o_ess_search button[name=action_open_file]",
            run: "click",
        },
        {
            content: "Nothing can be written",
            trigger: ".o_ess_file .o_field_widget[name=last_name]:not(:has(textarea))",
        },
        {
            content: "The notes",
            trigger: ".o_notebook_headers a[name=notes]",
            run: "click",
        },
        {
            content: "Shared words, not those of the team, nor an aide-mémoire",
            trigger:
                ".o_notebook:contains(Words to share):not(:contains(Words of the team)):not(:contains(Words of a colleague alone))",
        },
    ],
});

