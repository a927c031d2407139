"""The repository: what the bot knows, in one set of SQL statements for every driver.

Instants are stored as whole milliseconds since 1970 (UTC), keys as text, records as JSON.
"""
