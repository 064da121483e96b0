-- +goose Up
-- Members who are signed in with a browser. What the browser holds is random; only its hash is here.
CREATE TABLE browser_sessions (
    token_hash text   NOT NULL PRIMARY KEY,
    session_id text   NOT NULL REFERENCES auth_sessions (id),
    begun_at   bigint NOT NULL,
    seen_at    bigint NOT NULL
);
CREATE INDEX browser_sessions_session ON browser_sessions (session_id);

-- +goose Down
DROP TABLE browser_sessions;
