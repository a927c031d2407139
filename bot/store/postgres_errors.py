"""What the errors of PostgreSQL mean, and what is said of them: never a value of a row, which may
be somebody's name, and never what the connection was opened with."""

from __future__ import annotations

from psycopg import Error, IntegrityError, InterfaceError, OperationalError, errors

from bot.store.database import ConstraintError, StorageError

_BY_STATE = {
    "08": "the connection to the server was lost; it is opened again when the server is back",
    "25006": "it cannot be written: the server is a standby or was set to read only",
    "28": "the server refuses the user or the password; check DATABASE_URL",
    "3D000": "the server has no database of that name; create it, or check DATABASE_URL",
    "40": "others kept changing the same rows; try again",
    "42501": "the user may not do that; make it the owner of the database",
    "53100": "the disk is full; free some room",
    "53200": "the server has no memory left; try again",
    "53300": "the server takes no more connections; allow more, or run fewer processes",
    "55P03": "another process is changing the same rows; try again",
    "57014": "the server took too long; try again",
    "57P": "the server is starting or stopping; it is asked again",
    "58030": "the server cannot read or write its disk",
    "XX001": "the server's files are damaged; restore a backup",
    "XX002": "the server's files are damaged; restore a backup",
}
"""By SQLSTATE, or the beginning of one (PostgreSQL documentation, Error Codes)."""

_BY_WORDS = {
    "password authentication failed": _BY_STATE["28"],
    "no password supplied": _BY_STATE["28"],
    "no pg_hba.conf entry": _BY_STATE["28"],
    'role "': _BY_STATE["28"],
    'database "': _BY_STATE["3D000"],
    "too many clients": _BY_STATE["53300"],
    "too many connections": _BY_STATE["53300"],
    "remaining connection slots": _BY_STATE["53300"],
    "starting up": _BY_STATE["57P"],
    "shutting down": _BY_STATE["57P"],
    "resolve host": "the server's name is not known; check DATABASE_URL",
    "SSL": "the server and we do not agree on encryption; check sslmode in DATABASE_URL",
}
"""Of a connection that could not be opened: libpq tells no SQLSTATE then."""

_AWAY = "the server cannot be reached; check that it runs, and DATABASE_URL"


def cannot_connect(error: Error) -> StorageError:
    """Why no connection could be opened."""
    text = str(error)
    return _failed(next((said for words, said in _BY_WORDS.items() if words in text), _AWAY))


def commit_lost() -> StorageError:
    """The connection was lost while a transaction ended: nobody knows how."""
    return _failed("the connection was lost at the end of a write, which may or may not stand")


def told(error: Exception) -> Exception:
    """What the caller hears of an error: the storage's trouble, a constraint that did its work,
    or its own as it is."""
    if isinstance(error, IntegrityError):
        return ConstraintError(error.diag.message_primary)
    if not isinstance(error, Error):
        return error
    state = error.sqlstate or ("08" if isinstance(error, OperationalError) else "")
    known = (said for begin, said in _BY_STATE.items() if state.startswith(begin))
    return _failed(next(known, error.diag.message_primary or type(error).__name__))


def conflict(error: Exception) -> bool:
    """Whether another transaction came between: the same work may well succeed now."""
    return isinstance(error, errors.SerializationFailure | errors.DeadlockDetected)


def stale(error: Exception) -> bool:
    """Whether the connection is at fault, and a new one may do: it was lost, or has statements
    prepared for a schema that has changed since."""
    if isinstance(error, OperationalError | InterfaceError) and error.sqlstate is None:
        return True
    return isinstance(
        error, errors.AdminShutdown | errors.CrashShutdown | errors.IdleInTransactionSessionTimeout
    ) or (isinstance(error, errors.FeatureNotSupported) and "cached plan" in str(error))


def demoted(error: Exception) -> bool:
    """Whether the server takes no writes: a new connection may find the one that does."""
    return isinstance(error, errors.ReadOnlySqlTransaction)


def _failed(remedy: str) -> StorageError:
    return StorageError(f"The database failed: {remedy}.")
