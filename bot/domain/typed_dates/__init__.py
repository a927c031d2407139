"""Dates that people type, in English, Spanish, German and Portuguese: read as a whole or not at
all, so that nothing is lost that somebody meant."""

from bot.domain.typed_dates.reading import read_when as read_when, split_when as split_when
