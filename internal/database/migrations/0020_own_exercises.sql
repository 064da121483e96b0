-- +goose Up
-- Exercises that a practice made itself, beside those of the library.
CREATE TABLE exercises (
    id          text    NOT NULL PRIMARY KEY, -- chosen by the app; it is the slug of the exercise
    practice_id text    NOT NULL REFERENCES practices (id),
    content     text    NOT NULL,
    revision    integer NOT NULL,
    saved_at    bigint  NOT NULL,
    saved_by    text    NOT NULL REFERENCES members (id),
    archived_at bigint
);
CREATE INDEX exercises_practice ON exercises (practice_id);

-- +goose Down
DROP TABLE exercises;
