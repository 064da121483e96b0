-- +goose Up
-- Work that was promised; see package queue.
CREATE TABLE jobs (
    kind     text    NOT NULL,
    key      text    NOT NULL,
    run_at   bigint  NOT NULL,
    attempts integer NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE INDEX jobs_due ON jobs (run_at);

-- Did pain settle within 24 hours: the next morning's answer.
CREATE TABLE session_aftermath (
    patient_id  text    NOT NULL,
    session_id  text    NOT NULL,
    settled     boolean NOT NULL,
    answered_at bigint  NOT NULL,
    PRIMARY KEY (patient_id, session_id),
    FOREIGN KEY (patient_id, session_id) REFERENCES sessions (patient_id, id)
);

CREATE TABLE progression_settings (
    patient_id    text    NOT NULL PRIMARY KEY REFERENCES patients (id),
    auto_progress boolean NOT NULL,
    set_by        text    NOT NULL REFERENCES members (id),
    set_at        bigint  NOT NULL
);

CREATE TABLE progressions (
    patient_id   text    NOT NULL REFERENCES patients (id),
    id           text    NOT NULL,
    item_id      text    NOT NULL,
    rule         text    NOT NULL CHECK (rule IN ('PROGRESS', 'REGRESS')),
    state        text    NOT NULL CHECK (state IN ('open', 'applied', 'accepted', 'refused', 'undone', 'superseded')),
    item_before  text    NOT NULL,
    item_after   text    NOT NULL,
    because      text    NOT NULL,
    rule_version integer NOT NULL,
    session_id   text    NOT NULL,
    made_at      bigint  NOT NULL,
    decided_at   bigint,
    decided_by   text    REFERENCES members (id),
    reason       text    NOT NULL DEFAULT '',
    PRIMARY KEY (patient_id, id)
);
CREATE INDEX progressions_made ON progressions (patient_id, made_at);

CREATE TABLE flares (
    patient_id  text    NOT NULL REFERENCES patients (id),
    id          text    NOT NULL,
    start_date  text    NOT NULL,
    end_date    text    NOT NULL, -- the last day with the flare program
    declared_at bigint  NOT NULL,
    body_hash   text    NOT NULL,
    PRIMARY KEY (patient_id, id)
);

-- +goose Down
DROP TABLE flares;
DROP TABLE progressions;
DROP TABLE progression_settings;
DROP TABLE session_aftermath;
DROP TABLE jobs;
