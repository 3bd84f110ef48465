from markupsafe import Markup

from odoo import api, fields, models

from ..tools.text_diff import ADDED, REMOVED, word_changes


class EssLifeProject(models.Model):
    """What changed since the version before, for eyes and for screen readers."""

    _inherit = "ess.life.project"

    difference = fields.Html(
        string="What changed",
        compute="_compute_difference",
        sanitize=False,
        help="Since the version before: what is struck through was removed, what is "
        "underlined was added.",
    )

    @api.depends("previous_id", "words", "goal_ids.words", "goal_ids.rank")
    @api.depends_context("lang")
    def _compute_difference(self):
        for project in self:
            if not project.previous_id:
                project.difference = False
                continue
            project.difference = Markup("").join(
                [project._render_words_difference(), project._render_goal_difference()]
            )

    def _render_words_difference(self):
        """Return the words with what was removed and added in them.

        :rtype: Markup
        """
        before, after = self.previous_id.words or "", self.words or ""
        if before == after:
            return Markup("<p>%s</p>") % self.env._("The words are the same.")
        pieces = Markup("").join(
            self._render_piece(kind, text) for kind, text in word_changes(before, after)
        )
        return Markup('<p class="o_ess_difference">%s</p>') % pieces

    @api.model
    def _render_piece(self, kind, text):
        """Mark one piece; the sign is said to screen readers, not only drawn.

        :rtype: Markup
        """
        if kind == REMOVED:
            tag, sign = "del", self.env._("removed:")
        elif kind == ADDED:
            tag, sign = "ins", self.env._("added:")
        else:
            return Markup("%s") % text
        return Markup(
            '<%(tag)s><span class="visually-hidden">%(sign)s </span>%(text)s</%(tag)s>'
        ) % {"tag": Markup(tag), "sign": sign, "text": text}

    def _render_goal_difference(self):
        """Return one line per goal that came, went, changed words or moved.

        :rtype: Markup
        """
        lines = self._get_goal_changes()
        if not lines:
            return Markup("<p>%s</p>") % self.env._("The goals are the same.")
        items = Markup("").join(Markup("<li>%s</li>") % line for line in lines)
        return Markup('<ul class="o_ess_list">%s</ul>') % items

    def _get_goal_changes(self):
        """Compare the goals with those of the version before, one by one.

        :return: sentences as Markup, in the order of the new version then what left
        :rtype: list
        """
        before = self.previous_id.goal_ids.sorted(lambda goal: (goal.rank, goal.id))
        after = self.goal_ids.sorted(lambda goal: (goal.rank, goal.id))
        pairs = {goal: self._find_former_goal(goal, before) for goal in after}
        kept_before = [goal for goal in before if goal in pairs.values()]
        kept_after = [goal for goal in after if pairs[goal]]
        lines = []
        for goal in after:
            former = pairs[goal]
            if not former:
                lines.append(self._render_goal(self.env._("New goal:"), ADDED, goal))
                continue
            if former.words != goal.words:
                lines.append(self._render_reworded(former, goal))
            place, former_place = kept_after.index(goal), kept_before.index(former)
            if place != former_place:
                lines.append(self._render_moved(goal, former_place, place))
        gone = [goal for goal in before if goal not in pairs.values()]
        return lines + [self._render_gone(goal) for goal in gone]

    @api.model
    def _find_former_goal(self, goal, before):
        """Return the goal of the version before that this one continues, if any."""
        if goal.previous_id in before:
            return goal.previous_id
        if goal.previous_id:
            return before.browse()
        same = before.filtered(lambda former: former.words == goal.words)
        return same[:1]

    def _render_goal(self, label, kind, goal):
        return Markup("%s %s") % (label, self._render_piece(kind, goal.words))

    def _render_gone(self, goal):
        """Say how a goal left: reached is no loss."""
        states = dict(goal._fields["state"]._description_selection(self.env))
        return Markup("%s (%s)") % (
            self._render_goal(self.env._("No longer a goal:"), REMOVED, goal),
            states[goal.state],
        )

    def _render_reworded(self, former, goal):
        pieces = Markup("").join(
            self._render_piece(kind, text)
            for kind, text in word_changes(former.words, goal.words)
        )
        return Markup("%s %s") % (self.env._("Said otherwise:"), pieces)

    def _render_moved(self, goal, former_place, place):
        if place < former_place:
            text = self.env._("Matters more now:")
        else:
            text = self.env._("Matters less now:")
        return Markup("%s %s") % (text, goal.words)
