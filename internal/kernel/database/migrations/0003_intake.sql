-- +goose Up
-- Reasons for a therapist to look, with the sentence that was true when it was raised, in both languages.
CREATE TABLE alerts (
    id           text    NOT NULL PRIMARY KEY,
    patient_id   text    NOT NULL REFERENCES patients (id),
    kind         text    NOT NULL,
    subject      text    NOT NULL, -- what it is about, so that the same thing is raised once; may be empty
    urgency      text    NOT NULL CHECK (urgency IN ('now', 'today', 'this_week', 'next_visit')),
    reason_nl    text    NOT NULL,
    reason_en    text    NOT NULL,
    rule_version integer NOT NULL,
    opened_at    bigint  NOT NULL,
    resolved_at  bigint,
    resolved_by  text    REFERENCES members (id), -- null when what raised it resolved it
    outcome      text    NOT NULL DEFAULT '',
    note         text    NOT NULL DEFAULT ''
);
CREATE INDEX alerts_patient ON alerts (patient_id, opened_at);
CREATE UNIQUE INDEX alerts_open ON alerts (patient_id, kind, subject) WHERE resolved_at IS NULL;

-- What the safety gate found, and what a therapist decided about it. Rows are only added.
CREATE TABLE safety_reports (
    patient_id   text    NOT NULL REFERENCES patients (id),
    id           text    NOT NULL,
    source       text    NOT NULL CHECK (source IN ('intake', 'session', 'check_in')),
    source_id    text    NOT NULL,
    level        text    NOT NULL CHECK (level IN ('review', 'stop_refer', 'stop_emergency')),
    urgency      text    NOT NULL,
    findings     text    NOT NULL,
    rule_version integer NOT NULL,
    raised_at    bigint  NOT NULL,
    PRIMARY KEY (patient_id, id)
);
CREATE INDEX safety_reports_raised ON safety_reports (patient_id, raised_at);

CREATE TABLE safety_decisions (
    patient_id text   NOT NULL,
    id         text   NOT NULL,
    report_id  text   NOT NULL,
    decision   text   NOT NULL CHECK (decision IN ('cleared', 'refer')),
    note       text   NOT NULL,
    decided_by text   NOT NULL REFERENCES members (id),
    decided_at bigint NOT NULL,
    body_hash  text   NOT NULL,
    PRIMARY KEY (patient_id, id),
    FOREIGN KEY (patient_id, report_id) REFERENCES safety_reports (patient_id, id)
);
CREATE INDEX safety_decisions_report ON safety_decisions (patient_id, report_id, decided_at);

CREATE TABLE intake_drafts (
    patient_id text   NOT NULL PRIMARY KEY REFERENCES patients (id),
    answers    text   NOT NULL,
    saved_at   bigint NOT NULL
);

CREATE TABLE intakes (
    patient_id   text    NOT NULL REFERENCES patients (id),
    id           text    NOT NULL,
    number       integer NOT NULL,
    answers      text    NOT NULL,
    submitted_on text    NOT NULL, -- the patient's local date
    submitted_at bigint  NOT NULL,
    submitted_by text    REFERENCES members (id), -- null when the patient did it
    PRIMARY KEY (patient_id, id),
    UNIQUE (patient_id, number)
);

CREATE TABLE check_ins (
    patient_id  text    NOT NULL REFERENCES patients (id),
    id          text    NOT NULL,
    local_date  text    NOT NULL,
    new_signs   text    NOT NULL,
    nprs_avg24  integer CHECK (nprs_avg24 BETWEEN 0 AND 10),
    nprs_worst  integer CHECK (nprs_worst BETWEEN 0 AND 10),
    received_at bigint  NOT NULL,
    body_hash   text    NOT NULL,
    PRIMARY KEY (patient_id, id)
);
CREATE INDEX check_ins_date ON check_ins (patient_id, local_date);

ALTER TABLE sessions ADD COLUMN new_signs text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE sessions DROP COLUMN new_signs;
DROP TABLE check_ins;
DROP TABLE intakes;
DROP TABLE intake_drafts;
DROP TABLE safety_decisions;
DROP TABLE safety_reports;
DROP TABLE alerts;
