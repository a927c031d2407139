"""All switches of all services, and the log of what they did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.providers.service import ShownSim
from sandbox.slack import SlackSandbox
from sandbox.slack.model import Json
from sandbox.trouble.log import Log
from sandbox.trouble.providers import provider_switches
from sandbox.trouble.slack import slack_switches
from sandbox.trouble.switch import Report, Switch


@dataclass(frozen=True, slots=True)
class Service:
    """A service and its switches by name."""

    title: str
    switches: Mapping[str, Switch]


class Panel:
    """What breaks things. Several troubles at once compose: a request meets one after the other."""

    def __init__(
        self,
        slack: SlackSandbox,
        providers: Mapping[str, ShownSim],
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        """`changed` is called when there is something new to see."""
        self.log = Log(clock)
        self._changed = changed
        self._services = {"slack": _service("Slack", slack_switches(slack, self._report("Slack")))}
        for name, sim in providers.items():
            switches = provider_switches(sim, self._report(sim.title))
            self._services[name] = _service(sim.title, switches)

    def turn(self, service: str, name: str, on: bool) -> None:
        """Switch a trouble on or off; what is so already stays. KeyError for what is not there."""
        found = self._services[service]
        self._turn(found.title, found.switches[name], on)

    def clear(self) -> None:
        """End all trouble."""
        for service in self._services.values():
            for switch in service.switches.values():
                self._turn(service.title, switch, False)

    def is_on(self, service: str, name: str) -> bool:
        """Whether this trouble is on."""
        return self._services[service].switches[name].on

    def write(self, words: str) -> None:
        """Write a line into the log."""
        self.log.add(words)
        self._changed()

    def shown(self) -> Json:
        """All services and the log as JSON."""
        return {
            "services": [
                {
                    "name": name,
                    "title": service.title,
                    "troubles": [_switch(one) for one in service.switches.values()],
                }
                for name, service in self._services.items()
            ],
            "log": [
                {"number": e.number, "words": e.words, "at": e.at.timestamp(), "times": e.times}
                for e in self.log.entries
            ],
        }

    def _turn(self, title: str, switch: Switch, on: bool) -> None:
        if switch.on == on:
            return
        if on:
            switch.begin()
            self.write(f"{title} {switch.words.now}")
        else:
            switch.end()
            self.write(f"{title}: “{switch.words.title}” is over")

    def _report(self, title: str) -> Report:
        def report(what: str) -> None:
            self.log.count(f"{title} {what}")
            self._changed()

        return report


def _service(title: str, switches: Sequence[Switch]) -> Service:
    return Service(title, {switch.words.name: switch for switch in switches})


def _switch(switch: Switch) -> Json:
    words = switch.words
    return {
        "name": words.name,
        "title": words.title,
        "now": words.now,
        "happens": words.happens,
        "watch": words.watch,
        "lasts": words.lasts,
        "on": switch.on,
        "strikes": switch.strikes,
    }
