"""The checks of the conformance suite; `adapters.conformance` is the way in."""
