-- +goose Up
-- A version that somebody took back before it started. The version itself stays as it was published.
CREATE TABLE program_withdrawals (
    patient_id   text   NOT NULL,
    version_id   text   NOT NULL,
    withdrawn_at bigint NOT NULL,
    withdrawn_by text   NOT NULL REFERENCES members (id),
    PRIMARY KEY (patient_id, version_id),
    FOREIGN KEY (patient_id, version_id) REFERENCES program_versions (patient_id, id)
);

-- +goose Down
DROP TABLE program_withdrawals;
