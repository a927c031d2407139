"""The built-in adapters keep what the contract promises."""

from __future__ import annotations

from adapters import conformance

TestReten = conformance.suite("reten")
TestClose = conformance.suite("close")
TestVambe = conformance.suite("vambe")
TestPland = conformance.suite("pland")
