"""The schema, as migrations that run once each, in order."""

from __future__ import annotations

from bot.store.database import StorageError, Tx
from bot.store.schema_until_turns import UNTIL_TURNS

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

_REQUESTS = """
ALTER TABLE proposal RENAME TO proposal_before;
CREATE TABLE proposal (
    id TEXT PRIMARY KEY,
    connection TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    slack_user TEXT NOT NULL,
    provenance TEXT NOT NULL CHECK (provenance IN ('email', 'self')),
    channel TEXT,
    state TEXT NOT NULL CHECK (state IN ('new', 'open', 'linked', 'refused', 'overtaken')),
    created_at BIGINT NOT NULL,
    decided_by TEXT,
    decided_at BIGINT,
    CHECK ((decided_at IS NULL) = (state IN ('new', 'open'))),
    CHECK ((decided_at IS NULL) = (decided_by IS NULL))
);
INSERT INTO proposal (id, connection, operator_id, slack_user, provenance, state, created_at)
    SELECT 'p' || ROW_NUMBER() OVER (ORDER BY connection, operator_id), connection, operator_id,
           slack_user, 'email', 'open', created_at
    FROM proposal_before;
DROP TABLE proposal_before;
CREATE UNIQUE INDEX proposal_waiting ON proposal (connection, operator_id, slack_user)
    WHERE decided_at IS NULL;
CREATE INDEX proposal_decided ON proposal (connection, operator_id) WHERE decided_at IS NOT NULL;

CREATE TABLE proposal_ask (
    message TEXT PRIMARY KEY,
    proposal TEXT NOT NULL,
    reader TEXT NOT NULL,
    UNIQUE (proposal, reader),
    FOREIGN KEY (proposal) REFERENCES proposal (id)
);

CREATE TABLE kept_click (
    connection TEXT NOT NULL,
    task_id TEXT NOT NULL,
    slack_user TEXT NOT NULL,
    key TEXT NOT NULL,
    channel TEXT,
    body TEXT NOT NULL,
    clicked_at BIGINT NOT NULL,
    PRIMARY KEY (connection, task_id, slack_user),
    FOREIGN KEY (connection, task_id) REFERENCES task (connection, id)
);
"""
"""Who asks to be linked, which messages ask the admins, and what is done once they agree."""

_SCREENS = """
ALTER TABLE list_view ADD COLUMN words TEXT NOT NULL DEFAULT '';
ALTER TABLE list_view ADD COLUMN whose TEXT;

CREATE TABLE screen (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('home', 'modal')),
    slack_user TEXT NOT NULL,
    filter TEXT NOT NULL,
    page BIGINT NOT NULL,
    words TEXT NOT NULL,
    whose TEXT,
    watched TEXT NOT NULL,
    showing TEXT NOT NULL DEFAULT '[]',
    said TEXT,
    shown TEXT,
    asked INTEGER NOT NULL DEFAULT 1 CHECK (asked IN (0, 1)),
    wishes BIGINT NOT NULL DEFAULT 1,
    drawing INTEGER NOT NULL DEFAULT 0 CHECK (drawing IN (0, 1)),
    redraw_at BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX screen_redraw ON screen (kind, redraw_at) WHERE redraw_at IS NOT NULL;
CREATE INDEX screen_expires ON screen (expires_at);
"""
"""`filter`, `page`, `words` and `whose` are one look; `showing`: the keys of the tasks that `shown`
shows."""

MIGRATIONS: tuple[str, ...] = (
    *UNTIL_TURNS,
    _HOLDERS,
    _ANY_INTENT,
    _PREFERENCES,
    _NEWS,
    _LOCALE,
    _BOARDS,
    _LANES,
    _CREATIONS,
    _REQUESTS,
    _SCREENS,
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
