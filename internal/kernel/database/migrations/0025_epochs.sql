-- +goose Up
-- A new epoch begins where acknowledged changes may be missing; see epoch.go. The last one is the current one.
CREATE TABLE epochs (
    number   integer NOT NULL PRIMARY KEY,
    id       text    NOT NULL UNIQUE, -- random
    begun_at bigint  NOT NULL,
    reason   text    NOT NULL,
    missing  bigint,                  -- commits; unknown when absent
    since    bigint,                  -- up to then nothing is missing
    -- Where a PostgreSQL server was when the epoch began; empty on SQLite.
    system   text    NOT NULL,
    timeline text    NOT NULL,
    position bigint  NOT NULL
);

-- When a SQLite file was last written: what is missing is later.
ALTER TABLE commits ADD COLUMN last_at bigint;

-- A refresh token says its number in its session, and the epoch that it was issued in; 0 and empty in older ones.
ALTER TABLE refresh_tokens ADD COLUMN number integer NOT NULL DEFAULT 0;
ALTER TABLE refresh_tokens ADD COLUMN epoch text NOT NULL DEFAULT '';

-- Whose admin has read that changes may be missing.
CREATE TABLE loss_dismissals (
    practice_id  text   NOT NULL REFERENCES practices (id),
    epoch_id     text   NOT NULL REFERENCES epochs (id),
    dismissed_by text   NOT NULL REFERENCES members (id),
    dismissed_at bigint NOT NULL,
    PRIMARY KEY (practice_id, epoch_id)
);

-- +goose Down
DROP TABLE loss_dismissals;
ALTER TABLE refresh_tokens DROP COLUMN epoch;
ALTER TABLE refresh_tokens DROP COLUMN number;
ALTER TABLE commits DROP COLUMN last_at;
DROP TABLE epochs;
