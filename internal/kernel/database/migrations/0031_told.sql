-- +goose Up
-- What a phone told, word for word, where something was mended or the record was refused. A record without an id that
-- can be read has an empty one.
CREATE TABLE told (
    patient_id  text   NOT NULL REFERENCES patients (id),
    operation   text   NOT NULL,
    record_id   text   NOT NULL,
    body_hash   text   NOT NULL,
    body        text   NOT NULL, -- as told
    mended      text   NOT NULL, -- the body as it was read, where it was mended; empty otherwise
    outcome     text   NOT NULL CHECK (outcome IN ('adjusted', 'refused')),
    findings    text   NOT NULL, -- pointer and code of each, as JSON
    received_at bigint NOT NULL,
    PRIMARY KEY (patient_id, operation, record_id, body_hash)
);

-- +goose Down
DROP TABLE told;
