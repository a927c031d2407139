"""Accounts of the simulated providers under the hands of the adapters' conformance suite."""
