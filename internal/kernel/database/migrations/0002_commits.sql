-- +goose Up
-- How many commits the file has seen. The anchor outside the file says how many were acknowledged; see anchor.go.
CREATE TABLE commits (
    id      integer NOT NULL PRIMARY KEY CHECK (id = 1),
    lineage text    NOT NULL, -- tells this database from another one at the same place
    count   bigint  NOT NULL
);

-- +goose Down
DROP TABLE commits;
