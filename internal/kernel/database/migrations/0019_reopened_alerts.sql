-- +goose Up
-- What was put off or resolved by mistake is opened again; that is kept too.
CREATE TABLE alert_events_with_reopening (
    alert_id  text    NOT NULL REFERENCES alerts (id),
    number    integer NOT NULL,
    what      text    NOT NULL CHECK (what IN ('raised', 'reason_added', 'acknowledged', 'snoozed', 'resolved', 'settled', 'reopened')),
    at        bigint  NOT NULL,
    member_id text    REFERENCES members (id), -- null when a rule did it
    until     bigint,
    detail    text    NOT NULL DEFAULT '', -- the rule, or the outcome
    note      text    NOT NULL DEFAULT '',
    PRIMARY KEY (alert_id, number)
);
INSERT INTO alert_events_with_reopening SELECT alert_id, number, what, at, member_id, until, detail, note FROM alert_events;
DROP TABLE alert_events;
ALTER TABLE alert_events_with_reopening RENAME TO alert_events;

-- +goose Down
DELETE FROM alert_events WHERE what = 'reopened';
