"""The schema, as migrations that run once each, in order."""

from __future__ import annotations

from bot.store.database import StorageError, Tx

_FIRST = """
CREATE TABLE connection (
    name TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    outcomes TEXT NOT NULL DEFAULT '[]',
    baseline_at BIGINT,
    good_at BIGINT,
    full_at BIGINT,
    full_pages INTEGER NOT NULL DEFAULT 0,
    directory_at BIGINT,
    trouble TEXT CHECK (trouble IN ('unauthorized', 'unavailable', 'malformed')),
    trouble_since BIGINT,
    told_at BIGINT,
    CHECK ((trouble IS NULL) = (trouble_since IS NULL))
);

CREATE TABLE operator (
    connection TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT,
    email TEXT,
    kind TEXT,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    matched_at BIGINT,
    PRIMARY KEY (connection, id)
);

CREATE TABLE person (
    id TEXT PRIMARY KEY,
    name TEXT,
    timezone TEXT,
    im TEXT,
    refreshed_at BIGINT
);

CREATE TABLE link (
    connection TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    slack_user TEXT NOT NULL,
    provenance TEXT NOT NULL CHECK (provenance IN ('email', 'self', 'admin', 'import')),
    actor TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (connection, operator_id)
);
CREATE INDEX link_slack_user ON link (slack_user);

CREATE TABLE proposal (
    connection TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    slack_user TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (connection, operator_id)
);

CREATE TABLE task (
    connection TEXT NOT NULL,
    id TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    doc TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('open', 'done', 'cancelled', 'gone')),
    due_at BIGINT,
    due_on TEXT,
    read_at BIGINT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    submission_id TEXT,
    look_at BIGINT,
    PRIMARY KEY (connection, id),
    CHECK (due_at IS NULL OR due_on IS NULL)
);
CREATE INDEX task_look ON task (look_at) WHERE look_at IS NOT NULL;

CREATE TABLE assignment (
    connection TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    baseline INTEGER NOT NULL CHECK (baseline IN (0, 1)),
    PRIMARY KEY (connection, operator_id, task_id),
    FOREIGN KEY (connection, task_id) REFERENCES task (connection, id)
);
CREATE INDEX assignment_task ON assignment (connection, task_id);

CREATE TABLE intent (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('answer', 'undo', 'list')),
    slack_user TEXT NOT NULL,
    channel TEXT,
    message_ts TEXT,
    response_url TEXT,
    body TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    handled_at BIGINT
);
CREATE INDEX intent_new ON intent (received_at) WHERE handled_at IS NULL;

CREATE TABLE submission (
    id TEXT PRIMARY KEY,
    connection TEXT NOT NULL,
    task_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    label TEXT NOT NULL,
    fields TEXT NOT NULL,
    slack_user TEXT NOT NULL,
    operator_id TEXT,
    occurred_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('held', 'pending', 'sending', 'retry', 'unknown', 'done', 'refused', 'withdrawn')),
    due_at BIGINT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    doubt INTEGER NOT NULL DEFAULT 0 CHECK (doubt IN (0, 1)),
    error TEXT,
    failing_since BIGINT,
    finished_at BIGINT,
    CHECK ((finished_at IS NOT NULL) = (state IN ('done', 'refused', 'withdrawn'))),
    CHECK (state <> 'refused' OR error IS NOT NULL),
    FOREIGN KEY (connection, task_id) REFERENCES task (connection, id)
);
CREATE UNIQUE INDEX submission_active ON submission (connection, task_id)
    WHERE finished_at IS NULL;
CREATE INDEX submission_due ON submission (connection, due_at) WHERE finished_at IS NULL;

CREATE TABLE message (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('card', 'notice', 'whisper')),
    reader TEXT NOT NULL,
    connection TEXT,
    task_id TEXT,
    reason TEXT,
    moment TEXT,
    live INTEGER NOT NULL DEFAULT 0 CHECK (live IN (0, 1)),
    wanted TEXT NOT NULL,
    shown TEXT,
    channel TEXT,
    ts TEXT,
    state TEXT NOT NULL CHECK (state IN
        ('pending', 'sending', 'sent', 'refused', 'retry', 'unknown')),
    attempt INTEGER NOT NULL DEFAULT 0,
    due_at BIGINT,
    sending_at BIGINT,
    error TEXT,
    created_at BIGINT NOT NULL,
    CHECK (kind = 'card' OR live = 0),
    CHECK (kind <> 'card' OR (task_id IS NOT NULL AND reason IS NOT NULL)),
    CHECK (state <> 'sent' OR kind = 'whisper' OR (channel IS NOT NULL AND ts IS NOT NULL)),
    CHECK (state <> 'refused' OR error IS NOT NULL)
);
CREATE UNIQUE INDEX message_live ON message (connection, task_id, reader) WHERE live = 1;
CREATE INDEX message_task ON message (connection, task_id) WHERE kind = 'card';
CREATE INDEX message_due ON message (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE list_view (
    slack_user TEXT NOT NULL,
    message_ts TEXT NOT NULL,
    filter TEXT NOT NULL,
    page INTEGER NOT NULL,
    watched TEXT NOT NULL,
    response_url TEXT NOT NULL,
    uses INTEGER NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL,
    redraw_at BIGINT,
    PRIMARY KEY (slack_user, message_ts)
);
CREATE INDEX list_view_redraw ON list_view (redraw_at) WHERE redraw_at IS NOT NULL;

CREATE TABLE tick (
    name TEXT PRIMARY KEY,
    next_at BIGINT NOT NULL
);

CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    connection TEXT,
    subject TEXT,
    detail TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (connection, subject);
"""

_MORE_PROVIDERS = """
ALTER TABLE connection ADD COLUMN gap TEXT;
ALTER TABLE operator ADD COLUMN person INTEGER NOT NULL DEFAULT 1 CHECK (person IN (0, 1));
ALTER TABLE operator ADD COLUMN listed_at BIGINT;
ALTER TABLE submission ADD COLUMN effect TEXT NOT NULL DEFAULT 'answer'
    CHECK (effect IN ('answer', 'reopen', 'reschedule', 'reassign', 'comment'));
ALTER TABLE submission ADD COLUMN before TEXT NOT NULL DEFAULT '{}';

CREATE TABLE subscription (
    connection TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    id TEXT,
    secret TEXT NOT NULL DEFAULT ''
);

CREATE TABLE push (
    connection TEXT NOT NULL,
    id TEXT NOT NULL,
    tasks TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    handled_at BIGINT,
    PRIMARY KEY (connection, id)
);
CREATE INDEX push_new ON push (connection, received_at) WHERE handled_at IS NULL;
"""

_STORY = """
ALTER TABLE message ADD COLUMN redraws BIGINT NOT NULL DEFAULT 0;
CREATE INDEX audit_at ON audit (at, id);

CREATE TABLE outage (
    subject TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    since BIGINT NOT NULL
);
"""

_PACE = """
ALTER TABLE message ADD COLUMN clicked_at BIGINT;
ALTER TABLE message ADD COLUMN busy_until BIGINT;

CREATE TABLE pace (
    workspace TEXT NOT NULL,
    method TEXT NOT NULL,
    channel TEXT NOT NULL,
    whole_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, method, channel)
);

CREATE TABLE breaker (
    connection TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    since BIGINT NOT NULL,
    rest_until BIGINT NOT NULL
);
"""

_LEASES = """
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until_at BIGINT NOT NULL
);

CREATE TABLE turn (
    name TEXT PRIMARY KEY
);
"""

_RECOUNTS = """
CREATE TABLE recount (
    channel TEXT PRIMARY KEY,
    since BIGINT NOT NULL,
    latest_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL
);
CREATE INDEX recount_due ON recount (due_at);
"""

_TURNS = """
DROP INDEX message_due;
CREATE INDEX message_due ON message (due_at, state, kind, reason, clicked_at, reader, key)
    WHERE due_at IS NOT NULL;
"""
"""All that `pace` asks of those that wait, so that it need not read past their views."""

_HOLDERS = """
ALTER TABLE message ADD COLUMN holder TEXT;
ALTER TABLE submission ADD COLUMN holder TEXT;
"""
"""Which process has claimed it, so that others need not wait for one that is gone."""

_ANY_INTENT = """
DROP INDEX intent_new;
ALTER TABLE intent RENAME TO intent_before;
CREATE TABLE intent (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    slack_user TEXT NOT NULL,
    channel TEXT,
    message_ts TEXT,
    response_url TEXT,
    body TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    handled_at BIGINT
);
INSERT INTO intent (key, kind, slack_user, channel, message_ts, response_url, body, received_at,
                    handled_at)
    SELECT key, kind, slack_user, channel, message_ts, response_url, body, received_at, handled_at
    FROM intent_before;
DROP TABLE intent_before;
CREATE INDEX intent_new ON intent (received_at) WHERE handled_at IS NULL;
"""
"""Which kinds of intents there are, their handlers know."""

_PREFERENCES = """
CREATE TABLE preference (
    slack_user TEXT PRIMARY KEY,
    chosen TEXT NOT NULL
);
ALTER TABLE person ADD COLUMN away INTEGER NOT NULL DEFAULT 0 CHECK (away IN (0, 1));
ALTER TABLE person ADD COLUMN away_until BIGINT;
"""
"""`away`: by their Slack status."""

_NEWS = """
CREATE TABLE news (
    connection TEXT NOT NULL,
    task_id TEXT NOT NULL,
    reader TEXT NOT NULL,
    since BIGINT NOT NULL,
    told_at BIGINT,
    PRIMARY KEY (connection, task_id, reader),
    FOREIGN KEY (connection, task_id) REFERENCES task (connection, id)
);
CREATE INDEX news_waiting ON news (reader) WHERE told_at IS NULL;

CREATE TABLE snooze (
    connection TEXT NOT NULL,
    task_id TEXT NOT NULL,
    reader TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    by_user TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (connection, task_id, reader),
    FOREIGN KEY (connection, task_id) REFERENCES task (connection, id)
);
"""

_LOCALE = """
ALTER TABLE person ADD COLUMN locale TEXT;
"""

_BOARDS = """
DROP INDEX message_live;
DROP INDEX message_task;
DROP INDEX message_due;
ALTER TABLE message RENAME TO message_before;
CREATE TABLE message (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('card', 'notice', 'whisper', 'board')),
    reader TEXT NOT NULL,
    connection TEXT,
    task_id TEXT,
    reason TEXT,
    moment TEXT,
    live INTEGER NOT NULL DEFAULT 0 CHECK (live IN (0, 1)),
    wanted TEXT NOT NULL,
    shown TEXT,
    channel TEXT,
    ts TEXT,
    state TEXT NOT NULL CHECK (state IN
        ('pending', 'sending', 'sent', 'refused', 'retry', 'unknown')),
    attempt INTEGER NOT NULL DEFAULT 0,
    due_at BIGINT,
    sending_at BIGINT,
    error TEXT,
    created_at BIGINT NOT NULL,
    redraws BIGINT NOT NULL DEFAULT 0,
    clicked_at BIGINT,
    busy_until BIGINT,
    holder TEXT,
    CHECK (kind IN ('card', 'board') OR live = 0),
    CHECK (kind <> 'card' OR (task_id IS NOT NULL AND reason IS NOT NULL)),
    CHECK (state <> 'sent' OR kind = 'whisper' OR (channel IS NOT NULL AND ts IS NOT NULL)),
    CHECK (state <> 'refused' OR error IS NOT NULL)
);
INSERT INTO message (key, kind, reader, connection, task_id, reason, moment, live, wanted, shown,
                     channel, ts, state, attempt, due_at, sending_at, error, created_at, redraws,
                     clicked_at, busy_until, holder)
    SELECT key, kind, reader, connection, task_id, reason, moment, live, wanted, shown, channel, ts,
           state, attempt, due_at, sending_at, error, created_at, redraws, clicked_at, busy_until,
           holder
    FROM message_before;
DROP TABLE message_before;
CREATE UNIQUE INDEX message_live ON message (connection, task_id, reader) WHERE live = 1;
CREATE INDEX message_task ON message (connection, task_id) WHERE kind = 'card';
CREATE INDEX message_due ON message (due_at, state, kind, reason, clicked_at, reader, key)
    WHERE due_at IS NOT NULL;

CREATE TABLE agenda (
    reader TEXT PRIMARY KEY,
    look_at BIGINT,
    digest_day TEXT,
    cards INTEGER NOT NULL DEFAULT 0,
    cards_at BIGINT
);
CREATE INDEX agenda_look ON agenda (look_at) WHERE look_at IS NOT NULL;
ALTER TABLE list_view ADD COLUMN below INTEGER NOT NULL DEFAULT 0 CHECK (below IN (0, 1));
INSERT INTO agenda (reader, look_at) SELECT DISTINCT slack_user, 0 FROM link;

CREATE TABLE board (
    key TEXT PRIMARY KEY,
    reader TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('burst', 'release', 'digest', 'escalation')),
    day TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    redraw_at BIGINT,
    FOREIGN KEY (key) REFERENCES message (key)
);
CREATE INDEX board_reader ON board (reader, created_at);
CREATE INDEX board_redraw ON board (redraw_at) WHERE redraw_at IS NOT NULL;

CREATE TABLE board_task (
    board TEXT NOT NULL,
    connection TEXT NOT NULL,
    task_id TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('overdue', 'today', 'new')),
    place INTEGER NOT NULL,
    PRIMARY KEY (board, connection, task_id),
    FOREIGN KEY (board) REFERENCES board (key),
    FOREIGN KEY (connection, task_id) REFERENCES task (connection, id)
);
CREATE INDEX board_task_task ON board_task (connection, task_id);

CREATE TABLE escalation (
    connection TEXT NOT NULL,
    task_id TEXT NOT NULL,
    reader TEXT NOT NULL,
    due TEXT NOT NULL,
    told INTEGER NOT NULL,
    told_at BIGINT NOT NULL,
    acked_by TEXT,
    PRIMARY KEY (connection, task_id, reader),
    FOREIGN KEY (connection, task_id) REFERENCES task (connection, id)
);
"""
"""`message` is made anew for its new kind alone."""

_LANES = """
DROP INDEX message_due;
CREATE INDEX message_turn ON message (
    (CASE WHEN kind = 'whisper' THEN 'chat.postEphemeral'
          WHEN state = 'sent' THEN 'chat.update'
          WHEN state IN ('sending', 'unknown') THEN 'conversations.history'
          ELSE 'chat.postMessage' END),
    (CASE WHEN kind <> 'card' THEN 3
          WHEN reason IN ('due_soon', 'due') THEN 1
          ELSE 2 END),
    due_at, reader, key
) WHERE due_at IS NOT NULL;
CREATE INDEX message_clicked ON message (
    (CASE WHEN kind = 'whisper' THEN 'chat.postEphemeral'
          WHEN state = 'sent' THEN 'chat.update'
          WHEN state IN ('sending', 'unknown') THEN 'conversations.history'
          ELSE 'chat.postMessage' END),
    due_at, clicked_at
) WHERE clicked_at IS NOT NULL AND due_at IS NOT NULL;
"""
"""What `bot.store.pace` asks of those that wait, so that it need not read past the others."""

_CREATIONS = """
ALTER TABLE connection ADD COLUMN draft_fields TEXT NOT NULL DEFAULT '[]';

DROP INDEX submission_active;
DROP INDEX submission_due;
ALTER TABLE submission RENAME TO submission_before;
CREATE TABLE submission (
    id TEXT PRIMARY KEY,
    connection TEXT NOT NULL,
    task_id TEXT,
    outcome TEXT NOT NULL,
    label TEXT NOT NULL,
    fields TEXT NOT NULL,
    slack_user TEXT NOT NULL,
    operator_id TEXT,
    occurred_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('held', 'pending', 'sending', 'retry', 'unknown', 'done', 'refused', 'withdrawn')),
    due_at BIGINT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    doubt INTEGER NOT NULL DEFAULT 0 CHECK (doubt IN (0, 1)),
    error TEXT,
    failing_since BIGINT,
    finished_at BIGINT,
    effect TEXT NOT NULL DEFAULT 'answer'
        CHECK (effect IN ('answer', 'reopen', 'reschedule', 'reassign', 'comment', 'create')),
    before TEXT NOT NULL DEFAULT '{}',
    holder TEXT,
    CHECK ((finished_at IS NOT NULL) = (state IN ('done', 'refused', 'withdrawn'))),
    CHECK (state <> 'refused' OR error IS NOT NULL),
    CHECK (task_id IS NOT NULL OR (effect = 'create' AND state <> 'done')),
    FOREIGN KEY (connection, task_id) REFERENCES task (connection, id)
);
INSERT INTO submission (id, connection, task_id, outcome, label, fields, slack_user, operator_id,
                        occurred_at, state, due_at, attempt, doubt, error, failing_since,
                        finished_at, effect, before, holder)
    SELECT id, connection, task_id, outcome, label, fields, slack_user, operator_id, occurred_at,
           state, due_at, attempt, doubt, error, failing_since, finished_at, effect, before, holder
    FROM submission_before;
DROP TABLE submission_before;
CREATE UNIQUE INDEX submission_active ON submission (connection, task_id)
    WHERE finished_at IS NULL;
CREATE INDEX submission_due ON submission (connection, due_at) WHERE finished_at IS NULL;
"""
"""`submission` is made anew for tasks that are still to be made, which have no id."""

MIGRATIONS: tuple[str, ...] = (
    _FIRST,
    _MORE_PROVIDERS,
    _STORY,
    _PACE,
    _LEASES,
    _RECOUNTS,
    _TURNS,
    _HOLDERS,
    _ANY_INTENT,
    _PREFERENCES,
    _NEWS,
    _LOCALE,
    _BOARDS,
    _LANES,
    _CREATIONS,
)


def migrate(tx: Tx) -> None:
    """Bring the schema up to date; raises StorageError for a schema from a newer version."""
    tx.run(
        "CREATE TABLE IF NOT EXISTS schema_version"
        " (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)"
    )
    found = tx.row("SELECT COALESCE(MAX(version), 0) AS version FROM schema_version")
    current = found["version"] if found else 0
    if current > len(MIGRATIONS):
        raise StorageError(
            f"The database is from a newer version of Taskbell (schema {current}, this one knows"
            f" {len(MIGRATIONS)}); update Taskbell or restore an older backup."
        )
    for version, script in enumerate(MIGRATIONS[current:], start=current + 1):
        for statement in filter(None, map(str.strip, script.split(";"))):
            tx.run(statement)
        tx.run("INSERT INTO schema_version (version) VALUES (:version)", {"version": version})
