-- +goose Up
-- What a redeemed invite was answered with, so that a phone which lost the answer gets it again.
ALTER TABLE pairings ADD COLUMN session_id text;
ALTER TABLE pairings ADD COLUMN redemption_hash text; -- keyed; of the whole request

-- +goose Down
ALTER TABLE pairings DROP COLUMN redemption_hash;
ALTER TABLE pairings DROP COLUMN session_id;
