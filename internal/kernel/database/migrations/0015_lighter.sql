-- +goose Up
-- A smaller program for a while, chosen by the patient.
CREATE TABLE lighter_programs (
    patient_id text   NOT NULL REFERENCES patients (id),
    id         text   NOT NULL,
    kind       text   NOT NULL CHECK (kind IN ('short', 'half')),
    start_date text   NOT NULL,
    end_date   text   NOT NULL, -- the last day of it
    chosen_at  bigint NOT NULL,
    PRIMARY KEY (patient_id, id)
);

-- +goose Down
DROP TABLE lighter_programs;
