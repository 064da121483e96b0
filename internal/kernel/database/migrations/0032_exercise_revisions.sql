-- +goose Up
-- What own exercises said before and say now: a program keeps the exercise as the patient saw it. What was changed
-- before is not known.
CREATE TABLE exercise_revisions (
    exercise_id text    NOT NULL REFERENCES exercises (id),
    revision    integer NOT NULL,
    content     text    NOT NULL,
    picture     text    NOT NULL,
    film        text    NOT NULL,
    saved_at    bigint  NOT NULL,
    PRIMARY KEY (exercise_id, revision)
);
INSERT INTO exercise_revisions (exercise_id, revision, content, picture, film, saved_at)
SELECT id, revision, content, picture, film, saved_at FROM exercises;

-- +goose Down
DROP TABLE exercise_revisions;
