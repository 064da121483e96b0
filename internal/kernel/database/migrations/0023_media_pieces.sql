-- +goose Up
-- Files are written in pieces, so that nobody waits for a whole film. New rows of media have an empty content.
CREATE TABLE media_pieces (
    practice_id text    NOT NULL REFERENCES practices (id),
    hash        text    NOT NULL,
    number      integer NOT NULL,
    content     bytea   NOT NULL,
    saved_at    bigint  NOT NULL,
    PRIMARY KEY (practice_id, hash, number)
);

-- +goose Down
DELETE FROM media WHERE length(content) = 0;
DROP TABLE media_pieces;
