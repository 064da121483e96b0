-- +goose Up
-- A plan is decided by the rules that it was started under, to the end.
ALTER TABLE walking_plans ADD COLUMN rule_version integer NOT NULL DEFAULT 1;

-- +goose Down
ALTER TABLE walking_plans DROP COLUMN rule_version;
