"""The tables of `docs/sandbox.md`, made from those that the sandbox reads.

`python -m tests.house.sandbox_tables` writes them into the guide."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from sandbox.clock import SystemClock
from sandbox.slack import SlackSandbox, Workspace
from sandbox.slack.blocks import BLOCKS
from sandbox.slack.budgets import BUDGETS, Allowance, Budget
from sandbox.slack.codes import CODES
from sandbox.slack.events import EVENTS
from sandbox.slack.limits import LIMITS, SURFACES, UNDOCUMENTED
from sandbox.slack.methods import METHODS
from sandbox.slack.refused import REFUSED
from sandbox.trouble.slack import slack_switches

GUIDE = Path(__file__).parents[2] / "docs" / "sandbox.md"
MARK = "<!-- tables -->\n"


def tables() -> str:
    """All of them, as they stand in the guide."""
    parts = {
        "Methods that are served": _methods(),
        "Methods that are not": _refused(),
        "Events": _events(),
        "Errors": _errors(),
        "Limits": _limits(),
        "Blocks, and where they may stand": _blocks(),
        "What breaks on the page": _troubles(),
    }
    return "\n".join(f"### {title}\n\n{table}" for title, table in parts.items())


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [[*heads], ["---"] * len([*heads]), *([*row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _methods() -> str:
    rows = (
        (
            f"`{name}`",
            (method.handle.__doc__ or "").strip().replace("\n    ", " "),
            f"`{method.scope}`" if method.scope else "",
            _pace(BUDGETS[name]),
        )
        for name, method in sorted(METHODS.items())
    )
    told = (
        "`conversations.info` and `conversations.history` need the scope of the kind of "
        "conversation.\nThe pace holds once `enforce_rate_limits()` was called.\n\n"
    )
    return told + _table(("method", "does", "scope", "calls a minute"), rows)


def _pace(allowed: Allowance) -> str:
    told = _budget(allowed.workspace)
    if allowed.channel is not None:
        told = f"{_budget(allowed.channel)} to a channel, {told} in all"
    return f"{told} ({allowed.why})"


def _budget(budget: Budget) -> str:
    if budget.at_once == budget.per_minute:
        return str(budget.per_minute)
    return f"{budget.per_minute}, {budget.at_once} at once"


def _refused() -> str:
    told = (
        "Each answers `method_not_in_sandbox`, and says why. What Slack does not have either "
        "answers\n`unknown_method`.\n\n"
    )
    by_why = sorted(REFUSED, key=lambda name: (REFUSED[name], name))
    rows = (
        (why, "<br>".join(_family(family, [*names]) for family, names in _families(whole)))
        for why, whole in groupby(by_why, REFUSED.__getitem__)
    )
    return told + _table(("why", "methods"), rows)


def _families(names: Iterable[str]) -> Iterable[tuple[str, Iterable[str]]]:
    return groupby(names, lambda name: name.partition(".")[0])


def _family(family: str, names: list[str]) -> str:
    """The methods that begin alike; those for admins only by their number."""
    if family == "admin":
        return f"`admin.*` ({len(names)})"
    return f"{family}: " + ", ".join(f"`{name.removeprefix(family + '.')}`" for name in names)


def _events() -> str:
    rows = ((f"`{name}`", f"`{scope}`" if scope else "") for name, scope in EVENTS.items())
    return _table(("event", "needs the scope"), rows)


def _errors() -> str:
    rows = (
        (f"`{code}`", told.meaning, ", ".join(_named(name) for name in told.methods))
        for code, told in CODES.items()
    )
    return _table(("error", "means", "answered by"), rows)


def _named(method: str) -> str:
    return "any" if method == "any" else f"`{method}`"


def _limits() -> str:
    told = (
        "The most that is taken (`.least`: the fewest): characters of texts, items of lists, "
        "and what the\nname says.\n\n"
    )
    rows = ((f"`{name}`", f"{most:,}", UNDOCUMENTED.get(name, "")) for name, most in LIMITS.items())
    return told + _table(("limit", "most", "where Slack's reference says it otherwise"), rows)


def _blocks() -> str:
    everywhere = "message, modal, home"
    rows = (
        (f"`{kind}`", ", ".join(sorted(SURFACES[kind])) if kind in SURFACES else everywhere)
        for kind in sorted(BLOCKS)
    )
    return _table(("block", "in a"), rows)


def _troubles() -> str:
    told = (
        "The switches of *Trouble*: on until they are switched off, or for one time. Several at "
        "once compose.\n\n"
    )
    slack = SlackSandbox(Workspace(SystemClock()))
    every = (switch.words for switch in slack_switches(slack, lambda _: None))
    rows = ((one.title, "" if one.lasts else "once", one.happens, one.watch) for one in every)
    return told + _table(("switch", "", "what happens", "what to watch"), rows)


def written(guide: str) -> str:
    """The guide with its tables as they should be."""
    before, _, _ = guide.partition(MARK)
    return f"{before}{MARK}\n{tables()}"


if __name__ == "__main__":
    GUIDE.write_text(written(GUIDE.read_text()))
