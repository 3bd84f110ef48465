"""What is true of people at a date, what they want, and how far they are."""

from .story import DEMO_MARK

#: login that notes situations and projects for each list of people
WORKER = {
    "etal": "etal",
    "mots": "mots",
    "tandem": "tandem",
    "cap": "insertion",
    "maraude": "terrain",
}


def build(story):
    """Write situations, life projects and goals."""
    with story.step("Situations") as made:
        situations = _write_situations(story)
        made(f"{len(situations)} situations datées")
    with story.step("Projets de vie") as made:
        projects, goals = _write_projects(story)
        made(f"{len(projects)} projets, {len(goals)} objectifs")
    story.figures.update(
        situations=len(situations),
        life_projects=len(projects),
        goals=len(goals),
        goals_reached=len(goals.filtered(lambda goal: goal.state == "reached")),
    )


def _write_situations(story):
    """Write the dated situations; what was asked and not answered is kept too."""
    values = {
        (value.domain_id.code, value.code): value.id
        for value in story.env["ess.situation.value"].search([])
    }
    domains = story.by_code("ess.situation.domain")
    rows = story.read(__file__, "situations.csv")
    return story.spread_create(
        story.env["ess.situation"],
        [
            {
                "beneficiary_id": story.people[row["person"]],
                "domain_id": domains[row["domain"]],
                "value_id": values.get((row["domain"], row["value"]), False),
                "answer": row["answer"],
                "date_from": story.day(row["date_from"]),
                "date_to": story.day(row["date_to"]),
                "source": row["source"],
            }
            for row in rows
        ],
    )


def _write_projects(story):
    """Write the first versions with their goals, then the versions that followed."""
    rows = story.read(__file__, "life_projects.csv")
    goal_rows = story.read(__file__, "goals.csv")
    authors = _authors(story)
    first = [row for row in rows if row["version"] == "1"]
    projects = story.env["ess.life.project"].create(
        [
            {
                "beneficiary_id": story.people[row["person"]],
                "words": row["words"],
                "date": story.day(row["date"]),
                "agreement": row["agreement"],
                "agreement_note": row["agreement_note"],
                "author_id": authors[row["person"]],
            }
            for row in first
        ]
    )
    current = {
        row["person"]: project for row, project in zip(first, projects, strict=True)
    }
    goals = _write_goals(story, current, goal_rows, "1")
    for row in rows:
        if row["version"] != "1":
            current[row["person"]] = _next_version(story, current[row["person"]], row)
    goals |= _write_goals(story, current, goal_rows, "2")
    return story.env["ess.life.project"].search([]), goals


def _write_goals(story, projects, rows, version):
    """Write the goals that people stated in one version of their project."""
    themes = story.by_code("ess.goal.theme")
    return story.env["ess.goal"].create(
        [
            {
                "life_project_id": projects[row["person"]].id,
                "theme_id": themes[row["theme"]],
                "words": row["words"],
                "rank": int(row["rank"]),
                "state": row["state"],
                "date_target": story.day(row["date_target"]),
                "date_reached": story.day(row["date_reached"]),
                "progress_person": row["progress_person"],
                "progress_worker": row["progress_worker"],
            }
            for row in rows
            if row["version"] == version
        ]
    )


def _next_version(story, project, row):
    """Follow a project by its next version, as the button on the file does."""
    project.action_new_version()
    following = project.search([("previous_id", "=", project.id)])
    following.write(
        {
            "words": row["words"],
            "date": story.day(row["date"]),
            "agreement": row["agreement"],
            "agreement_note": row["agreement_note"] or DEMO_MARK,
            "author_id": project.author_id.id,
        }
    )
    return following


def _authors(story):
    """Return ``{key of the person: id of the worker who noted their project}``."""
    users = {source: story.user(login).id for source, login in WORKER.items()}
    return {
        row["key"]: users[row["list"]] for row in story.read(__file__, "people.csv")
    }
