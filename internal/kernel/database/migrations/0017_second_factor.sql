-- +goose Up
-- The second factor of members: a secret shared with their authenticator app, sealed with a key that is not in the database, and
-- codes for when the phone is lost, of which only keyed hashes are here.
CREATE TABLE second_factors (
    member_id    text   NOT NULL PRIMARY KEY REFERENCES members (id),
    secret       text   NOT NULL,
    begun_at     bigint NOT NULL,
    confirmed_at bigint,
    last_step    bigint NOT NULL DEFAULT 0 -- of 30 seconds: no code works twice
);
CREATE TABLE recovery_codes (
    member_id text   NOT NULL REFERENCES members (id),
    code_hash text   NOT NULL,
    used_at   bigint,
    PRIMARY KEY (member_id, code_hash)
);
ALTER TABLE browser_sessions ADD COLUMN proven boolean NOT NULL DEFAULT true; -- false until the second factor
-- The link with which the first practice is made.
CREATE TABLE setup_links (
    token_hash text   NOT NULL PRIMARY KEY,
    expires_at bigint NOT NULL
);

-- +goose Down
DROP TABLE setup_links;
ALTER TABLE browser_sessions DROP COLUMN proven;
DROP TABLE recovery_codes;
DROP TABLE second_factors;
