-- +goose Up
-- Wrong tries to sign in decay; before, a count that had reached its limit was never forgotten. The key is a hash.
CREATE TABLE wrong_tries (
    key          text   NOT NULL PRIMARY KEY,
    forgotten_at bigint NOT NULL
);
CREATE INDEX wrong_tries_forgotten ON wrong_tries (forgotten_at);
DROP TABLE attempts;

-- Browsers that have shown the right password of an account; a hash of both.
CREATE TABLE known_browsers (
    pair_hash text   NOT NULL PRIMARY KEY,
    seen_at   bigint NOT NULL
);
CREATE INDEX known_browsers_seen ON known_browsers (seen_at);

-- The keys that this database has been used with, by a fingerprint that does not give them away.
CREATE TABLE signing_keys (
    fingerprint text   NOT NULL PRIMARY KEY,
    first_at    bigint NOT NULL
);

-- +goose Down
DROP TABLE signing_keys;
DROP TABLE known_browsers;
DROP TABLE wrong_tries;
CREATE TABLE attempts (
    key          text    NOT NULL PRIMARY KEY,
    window_until bigint  NOT NULL,
    count        integer NOT NULL
);
