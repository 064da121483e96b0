-- +goose Up
-- Exercises that a practice made itself, beside those of the library.
CREATE TABLE exercises (
    id          text    NOT NULL PRIMARY KEY, -- chosen by the app; it is the slug of the exercise
    practice_id text    NOT NULL REFERENCES practices (id),
    content     text    NOT NULL,
    picture     text    NOT NULL DEFAULT '', -- hash of its media
    film        text    NOT NULL DEFAULT '',
    revision    integer NOT NULL,
    saved_at    bigint  NOT NULL,
    saved_by    text    NOT NULL REFERENCES members (id),
    archived_at bigint
);
CREATE INDEX exercises_practice ON exercises (practice_id);

-- Pictures and films of exercises, by what is in them.
CREATE TABLE media (
    practice_id text    NOT NULL REFERENCES practices (id),
    hash        text    NOT NULL, -- SHA-256, hexadecimal
    type        text    NOT NULL,
    content     bytea   NOT NULL,
    bytes       bigint  NOT NULL,
    saved_at    bigint  NOT NULL,
    saved_by    text    NOT NULL REFERENCES members (id),
    PRIMARY KEY (practice_id, hash)
);

-- +goose Down
DROP TABLE media;
DROP TABLE exercises;
