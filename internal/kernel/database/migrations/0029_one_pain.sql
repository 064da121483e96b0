-- +goose Up
-- Pain told in intakes, questionnaires and monthly answers belongs to the day as well: the days are made anew.
INSERT INTO jobs (kind, key, run_at, attempts)
SELECT 'ledger', patient_id, 0, 0 FROM intakes
UNION SELECT 'ledger', patient_id, 0, 0 FROM scores WHERE instrument = 'nprs'
UNION SELECT 'ledger', patient_id, 0, 0 FROM recurrence_checks WHERE nprs_avg IS NOT NULL
ON CONFLICT (kind, key) DO NOTHING;

-- Complaints that came to another phase, as it was told. A later intake of the same episode tells it no second time.
CREATE TABLE phase_changes (
    patient_id   text    NOT NULL REFERENCES patients (id),
    phase        text    NOT NULL CHECK (phase IN ('subacute', 'chronic')),
    onset_on     text    NOT NULL, -- of the complaints
    changed_on   text    NOT NULL, -- the patient's day
    changed_at   bigint  NOT NULL,
    intake_id    text    NOT NULL,
    rule_version integer NOT NULL,
    proposal_id  text    NOT NULL, -- empty without one
    PRIMARY KEY (patient_id, phase, onset_on),
    FOREIGN KEY (patient_id, intake_id) REFERENCES intakes (patient_id, id)
);
INSERT INTO jobs (kind, key, run_at, attempts) SELECT DISTINCT 'phase', patient_id, 0, 0 FROM intakes WHERE 1 = 1
ON CONFLICT (kind, key) DO NOTHING;

-- +goose Down
DROP TABLE phase_changes;
DELETE FROM jobs WHERE kind = 'phase';
DELETE FROM jobs WHERE kind = 'ledger';
