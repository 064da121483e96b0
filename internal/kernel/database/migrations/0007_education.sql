-- +goose Up
CREATE TABLE module_responses (
    patient_id   text    NOT NULL REFERENCES patients (id),
    module       integer NOT NULL CHECK (module BETWEEN 1 AND 6),
    id           text    NOT NULL,
    text         text    NOT NULL,
    saved_at     bigint  NOT NULL,
    submitted_at bigint,
    feedback     text    NOT NULL DEFAULT '',
    feedback_at  bigint,
    feedback_by  text    REFERENCES members (id),
    PRIMARY KEY (patient_id, module),
    UNIQUE (patient_id, id)
);

CREATE TABLE valued_activities (
    patient_id text    NOT NULL REFERENCES patients (id),
    id         text    NOT NULL,
    activity   text    NOT NULL,
    planned_on text    NOT NULL,
    done       boolean, -- null until it was said
    saved_at   bigint  NOT NULL,
    PRIMARY KEY (patient_id, id)
);

CREATE TABLE scores (
    patient_id    text    NOT NULL REFERENCES patients (id),
    id            text    NOT NULL,
    instrument    text    NOT NULL,
    version       text    NOT NULL,
    local_date    text    NOT NULL,
    task          text    NOT NULL, -- which task it answers; empty for an imported score
    score_tenths  integer NOT NULL,
    min_tenths    integer NOT NULL,
    max_tenths    integer NOT NULL,
    direction     text    NOT NULL CHECK (direction IN ('higher_is_better', 'lower_is_better')),
    answers       text    NOT NULL, -- empty for an imported score
    source        text    NOT NULL,
    stored_at     bigint  NOT NULL,
    stored_by     text    REFERENCES members (id), -- null when the patient answered
    body_hash     text    NOT NULL,
    PRIMARY KEY (patient_id, id)
);
CREATE INDEX scores_instrument ON scores (patient_id, instrument, local_date);

-- +goose Down
DROP TABLE scores;
DROP TABLE valued_activities;
DROP TABLE module_responses;
