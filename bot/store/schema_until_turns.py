"""The schema's first migrations, up to the turns of messages; `bot.store.schema` has the rest."""

from __future__ import annotations

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

UNTIL_TURNS = (_FIRST, _MORE_PROVIDERS, _STORY, _PACE, _LEASES, _RECOUNTS, _TURNS)
