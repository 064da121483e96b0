-- +goose Up
-- An alert can be seen, put off, and collect reasons; what happened to it is kept.
ALTER TABLE alerts ADD COLUMN updated_at bigint NOT NULL DEFAULT 0; -- when it was raised, or got its latest reason
ALTER TABLE alerts ADD COLUMN acknowledged_at bigint;
ALTER TABLE alerts ADD COLUMN acknowledged_by text REFERENCES members (id);
ALTER TABLE alerts ADD COLUMN snoozed_until bigint;
ALTER TABLE alerts ADD COLUMN reasons text NOT NULL DEFAULT '[]'; -- of an alert that collects them; see package alert
UPDATE alerts SET updated_at = opened_at;

CREATE TABLE alert_events (
    alert_id  text    NOT NULL REFERENCES alerts (id),
    number    integer NOT NULL,
    what      text    NOT NULL CHECK (what IN ('raised', 'reason_added', 'acknowledged', 'snoozed', 'resolved', 'settled')),
    at        bigint  NOT NULL,
    member_id text    REFERENCES members (id), -- null when a rule did it
    until     bigint,
    detail    text    NOT NULL DEFAULT '', -- the rule, or the outcome
    note      text    NOT NULL DEFAULT '',
    PRIMARY KEY (alert_id, number)
);

-- A patient asks for another exercise, or an easier one.
CREATE TABLE change_requests (
    patient_id  text   NOT NULL REFERENCES patients (id),
    id          text   NOT NULL,
    local_date  text   NOT NULL,
    reason      text   NOT NULL CHECK (reason IN ('too_hard', 'too_easy', 'hurts', 'no_space', 'no_equipment')),
    item_id     text   NOT NULL DEFAULT '',
    note        text   NOT NULL DEFAULT '',
    received_at bigint NOT NULL,
    body_hash   text   NOT NULL,
    closed_at   bigint,
    closed_by   text   REFERENCES members (id),
    outcome     text   NOT NULL DEFAULT '' CHECK (outcome IN ('', 'changed', 'kept')),
    PRIMARY KEY (patient_id, id)
);

-- +goose Down
DROP TABLE change_requests;
DROP TABLE alert_events;
ALTER TABLE alerts DROP COLUMN reasons;
ALTER TABLE alerts DROP COLUMN snoozed_until;
ALTER TABLE alerts DROP COLUMN acknowledged_by;
ALTER TABLE alerts DROP COLUMN acknowledged_at;
ALTER TABLE alerts DROP COLUMN updated_at;
