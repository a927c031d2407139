"""What holds a claim of the quality scale."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType

from pydantic import BaseModel

from adapters import conformance
from adapters.contract import Capabilities, Push
from adapters.registry import AdapterSpec

_PATH = re.compile(r"[\w./-]+\.(?:py|md|toml|example)(?:::\w+)?")


class Held(StrEnum):
    """By what the claim that a rule is kept is held."""

    CAPABILITY = "capability"
    """The adapter's capabilities: the one that is named like the rule."""
    SUITE = "suite"
    """Checks of the conformance suite, which fail where it is false."""
    CODE = "code"
    """What the adapter's own modules look like."""
    EVIDENCE = "evidence"
    """A file that the claim names, or a test in it, and that speaks of the adapter."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`says`: what an adapter does that keeps it. `checks`: patterns of ids of checks (SUITE)."""

    id: str
    says: str
    held: Held
    checks: tuple[str, ...] = ()


def false(rule: Rule, text: str, spec: AdapterSpec, root: Path, *, done: bool) -> Iterator[str]:
    """A sentence for each way in which the claim that the rule is kept (`done`) or not is false."""
    if rule.held is Held.EVIDENCE:
        if done:
            yield from _unproven(rule, text, spec, root)
        return
    holds, why_not = _HOLDS[rule.held](rule, spec)
    if done and not holds:
        yield f"not done: {why_not}."
    if holds and not done:
        yield "it is done, whatever the file says."


def capabilities_of(spec: AdapterSpec) -> Capabilities:
    found: Capabilities = getattr(spec.build, "capabilities", Capabilities())
    return found


def _in_capabilities(rule: Rule, spec: AdapterSpec) -> tuple[bool, str]:
    value = getattr(capabilities_of(spec), rule.id)
    return value not in {False, Push.NONE}, "the adapter's capabilities don't name it"


def _in_suite(rule: Rule, spec: AdapterSpec) -> tuple[bool, str]:
    if spec.rig is None:
        return False, "the adapter has no rig, so that no suite holds it"
    able = capabilities_of(spec)
    ids = [check.id for check in conformance.checks() if check.applies(able) is None]
    held = all(any(fnmatch(one, pattern) for one in ids) for pattern in rule.checks)
    return held, f"no check of the suite applies to it ({', '.join(rule.checks)})"


def _in_code(rule: Rule, spec: AdapterSpec) -> tuple[bool, str]:
    return _LOOKS[rule.id](spec), "the adapter's code does not show it"


_HOLDS: Mapping[Held, Callable[[Rule, AdapterSpec], tuple[bool, str]]] = {
    Held.CAPABILITY: _in_capabilities,
    Held.SUITE: _in_suite,
    Held.CODE: _in_code,
}


def _unproven(rule: Rule, text: str, spec: AdapterSpec, root: Path) -> Iterator[str]:
    """What the files that a claim names do not bear out."""
    named = _PATH.findall(text)
    if not named:
        yield "names no file that shows it."
    for name in named:
        path, _, test = name.partition("::")
        if not (root / path).is_file():
            yield f"there is no file {path}."
            continue
        content = (root / path).read_text(encoding="utf-8")
        if spec.name not in content.lower():
            yield f"{path} does not speak of {spec.title}."
        if test and not re.search(rf"def {test}\(", content):
            yield f"{path} has no {test}."
        if rule.id == "options":
            told = set(re.findall(r"[A-Z_]+", content))
            missing = [one for one in _variables(spec) if one not in told]
            yield from (f"{path} does not describe {one}." for one in missing)


def _variables(spec: AdapterSpec) -> list[str]:
    """The settings of the adapter's options."""
    name = spec.name.replace("-", "_")
    return [f"{name}_{option}".upper() for option in spec.options.model_fields]


def _modules(spec: AdapterSpec) -> Iterator[ModuleType]:
    """The adapter's own modules that are loaded: those of its package; of ours, those that are
    named like it (`reten`, `reten_wire`)."""
    main = spec.build.__module__
    package = main.rpartition(".")[0]
    shape = rf"{re.escape(main)}(_\w+)?" if package == "adapters" else rf"{re.escape(package)}\..+"
    for name, module in list(sys.modules.items()):
        if re.fullmatch(shape, name):
            yield module


def _models(spec: AdapterSpec) -> Iterator[type[BaseModel]]:
    """The models of what the provider sends."""
    for module in _modules(spec):
        for thing in vars(module).values():
            own = isinstance(thing, type) and thing.__module__ == module.__name__
            if own and issubclass(thing, BaseModel) and thing is not spec.options:
                yield thing


def _picks(spec: AdapterSpec) -> bool:
    """Models drop what they don't name, options refuse it, and neither echoes what it refuses."""
    models = list(_models(spec))
    picks = all(model.model_config.get("extra") == "ignore" for model in models)
    exact = spec.options.model_config.get("extra") == "forbid"
    hides = all(m.model_config.get("hide_input_in_errors") for m in [*models, spec.options])
    return bool(models) and picks and exact and hides


def _cites(spec: AdapterSpec) -> bool:
    """The docstring of the adapter's main module names the vendor's pages."""
    return "vendor" in (sys.modules[spec.build.__module__].__doc__ or "")


_LOOKS: Mapping[str, Callable[[AdapterSpec], bool]] = {"picks-fields": _picks, "cites": _cites}
