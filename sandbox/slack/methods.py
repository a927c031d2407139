"""The methods that this Slack serves."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sandbox.slack import chat, directory, view_methods
from sandbox.slack.method import Method

METHODS: Mapping[str, Method] = MappingProxyType(
    chat.METHODS | directory.METHODS | view_methods.METHODS
)
