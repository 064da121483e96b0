-- +goose Up
-- A practice's own programs to start from. Core items are what the program is; the others are options.
CREATE TABLE program_templates (
    practice_id text   NOT NULL REFERENCES practices (id),
    id          text   NOT NULL,
    name        text   NOT NULL,
    items       text   NOT NULL,
    revision    integer NOT NULL,
    saved_at    bigint NOT NULL,
    saved_by    text   NOT NULL REFERENCES members (id),
    archived_at bigint,
    PRIMARY KEY (practice_id, id)
);

CREATE TABLE program_drafts (
    patient_id text   NOT NULL PRIMARY KEY REFERENCES patients (id),
    content    text   NOT NULL,
    saved_at   bigint NOT NULL,
    saved_by   text   NOT NULL REFERENCES members (id)
);

-- What was made of a template for a patient, and why it differs.
CREATE TABLE program_adaptations (
    patient_id  text    NOT NULL,
    version_id  text    NOT NULL,
    template_id text    NOT NULL,
    revision    integer NOT NULL,
    changed     boolean NOT NULL,
    reason      text    NOT NULL,
    PRIMARY KEY (patient_id, version_id),
    FOREIGN KEY (patient_id, version_id) REFERENCES program_versions (patient_id, id)
);

-- The therapist's word on how much support somebody needs; the last one holds.
CREATE TABLE risk_profiles (
    patient_id text   NOT NULL REFERENCES patients (id),
    id         text   NOT NULL,
    risk       text   NOT NULL CHECK (risk IN ('low', 'medium', 'high')),
    source     text   NOT NULL CHECK (source IN ('therapist', 'start_back')),
    set_at     bigint NOT NULL,
    set_by     text   NOT NULL REFERENCES members (id),
    PRIMARY KEY (patient_id, id)
);

-- +goose Down
DROP TABLE risk_profiles;
DROP TABLE program_adaptations;
DROP TABLE program_drafts;
DROP TABLE program_templates;
