"""Talks to providers; knows nothing of Slack or of storage."""
