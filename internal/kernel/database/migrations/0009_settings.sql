-- +goose Up
-- What a practice sets differently from the defaults; see package settings.
CREATE TABLE practice_settings (
    practice_id text   NOT NULL PRIMARY KEY REFERENCES practices (id),
    content     text   NOT NULL,
    saved_at    bigint NOT NULL,
    saved_by    text   NOT NULL REFERENCES members (id)
);

-- +goose Down
DROP TABLE practice_settings;
