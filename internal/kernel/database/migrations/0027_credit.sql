-- +goose Up
-- A session's credit is rounded once, no longer for each exercise: the days are made anew.
INSERT INTO jobs (kind, key, run_at, attempts) SELECT DISTINCT 'ledger', patient_id, 0, 0 FROM sessions WHERE true
ON CONFLICT (kind, key) DO NOTHING;

-- +goose Down
DELETE FROM jobs WHERE kind = 'ledger';
