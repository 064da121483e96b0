-- +goose Up
-- What a patient's days come to, so that reading a caseload costs the same however long its history is; see package
-- adherence. It holds no truth: a row that is missing, stale or of another form is made anew when it is read.
CREATE TABLE patient_status (
    patient_id  text    NOT NULL PRIMARY KEY REFERENCES patients (id),
    holds_until bigint  NOT NULL, -- mostly the patient's next midnight, or when something changed
    changes     bigint  NOT NULL, -- how often something changed, so that a slow writer does not win
    form        integer NOT NULL, -- of content
    content     text    NOT NULL
);
CREATE INDEX patient_status_holds ON patient_status (holds_until);

INSERT INTO patient_status (patient_id, holds_until, changes, form, content) SELECT id, 0, 0, 0, '' FROM patients;

-- +goose Down
DROP TABLE patient_status;
