-- +goose Up
-- Pain told in check-ins belongs to the day, beside what was told before sessions: the days are made anew.
INSERT INTO jobs (kind, key, run_at, attempts) SELECT DISTINCT 'ledger', patient_id, 0, 0 FROM check_ins WHERE nprs_avg24 IS NOT NULL
ON CONFLICT (kind, key) DO NOTHING;

-- +goose Down
DELETE FROM jobs WHERE kind = 'ledger';
