-- +goose Up
-- What a day held besides counts: pain after sessions, and seconds of work by module as a JSON object.
ALTER TABLE adherence_days ADD COLUMN pain_after_sum integer NOT NULL DEFAULT 0;
ALTER TABLE adherence_days ADD COLUMN pain_after_count integer NOT NULL DEFAULT 0;
ALTER TABLE adherence_days ADD COLUMN module_seconds text NOT NULL DEFAULT '{}';

-- Days stored before have neither: they are made anew from their sessions.
INSERT INTO jobs (kind, key, run_at, attempts) SELECT 'ledger', id, 0, 0 FROM patients;

-- +goose Down
DELETE FROM jobs WHERE kind = 'ledger';
ALTER TABLE adherence_days DROP COLUMN module_seconds;
ALTER TABLE adherence_days DROP COLUMN pain_after_count;
ALTER TABLE adherence_days DROP COLUMN pain_after_sum;
