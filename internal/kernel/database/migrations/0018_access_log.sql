-- +goose Up
-- Who of a practice looked at or changed what about whom. Rows are only ever added; each carries the hash of itself and the one before,
-- so that a changed, removed or inserted row shows. No row holds health data.
CREATE TABLE access_log (
    practice_id text   NOT NULL REFERENCES practices (id),
    seq         bigint NOT NULL,
    at          bigint NOT NULL,
    member_id   text   NOT NULL,
    role        text   NOT NULL,
    patient_id  text   NOT NULL, -- empty for a list or the practice itself
    operation   text   NOT NULL,
    outcome     text   NOT NULL,
    request_id  text   NOT NULL,
    hash        text   NOT NULL,
    PRIMARY KEY (practice_id, seq)
);
CREATE INDEX access_log_patient ON access_log (patient_id, seq);
CREATE TABLE access_log_heads (
    practice_id text   NOT NULL PRIMARY KEY REFERENCES practices (id),
    seq         bigint NOT NULL,
    hash        text   NOT NULL
);

-- +goose Down
DROP TABLE access_log_heads;
DROP TABLE access_log;
