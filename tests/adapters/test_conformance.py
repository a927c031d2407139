"""The built-in adapters keep what the contract promises, also where the vendors' documents leave it
open how the provider behaves."""

from __future__ import annotations

from functools import partial

from adapters import conformance
from sandbox.providers.pland import Answering
from sandbox.providers.pland_records import Times, Wire
from sandbox.providers.reten import Rescheduling
from sandbox.providers.vambe_due import AllDay
from sandbox.rigs.pland import PlandRig
from sandbox.rigs.reten import RetenRig
from sandbox.rigs.vambe import VambeRig

TestReten = conformance.suite("reten")
TestClose = conformance.suite("close")
TestVambe = conformance.suite("vambe")
TestPland = conformance.suite("pland")

TestRetenOtherwise = conformance.suite(
    "reten", partial(RetenRig, rescheduling=Rescheduling.SAME_ID, pending_result_blocks=False)
)
TestVambeOtherwise = conformance.suite(
    "vambe", partial(VambeRig, all_day=AllDay.LOCAL_MIDNIGHT, created_status=200)
)
TestPlandOtherwise = conformance.suite(
    "pland",
    partial(
        PlandRig,
        answering=Answering.NOTHING,
        wire=Wire(Times.ISO, status_as_text=False, assignee_key="_id"),
        missing_status=400,
        ignores_filters=True,
        limit_cap=200,
    ),
)
