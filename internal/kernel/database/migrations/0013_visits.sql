-- +goose Up
-- When a therapist saw or spoke to a patient, and when they will next.
CREATE TABLE visits (
    patient_id  text   NOT NULL REFERENCES patients (id),
    id          text   NOT NULL,
    kind        text   NOT NULL CHECK (kind IN ('practice', 'phone', 'video')),
    local_date  text   NOT NULL,
    next_on     text,
    recorded_by text   NOT NULL REFERENCES members (id),
    recorded_at bigint NOT NULL,
    body_hash   text   NOT NULL,
    PRIMARY KEY (patient_id, id)
);
CREATE INDEX visits_date ON visits (patient_id, local_date, recorded_at);

-- +goose Down
DROP TABLE visits;
