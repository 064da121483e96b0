-- +goose Up
ALTER TABLE patients ADD COLUMN reminder_days integer NOT NULL DEFAULT 127; -- a bit for each weekday, Sunday first
ALTER TABLE patients ADD COLUMN reminder_windows text NOT NULL DEFAULT ''; -- '09:00-12:00,17:00-20:00'; '' is any time
ALTER TABLE patients ADD COLUMN research_consent boolean NOT NULL DEFAULT false; -- to learning from how reminders work out
ALTER TABLE devices ADD COLUMN time_zone text NOT NULL DEFAULT ''; -- where the phone is, as far as it said so
ALTER TABLE reminder_due ADD COLUMN answered_at bigint NOT NULL DEFAULT 0; -- when the patient last chose how to be reminded

-- More kinds, what a phone reported, and how often the patient put a reminder off.
CREATE TABLE reminder_slots_now (
    id           text    NOT NULL PRIMARY KEY,
    patient_id   text    NOT NULL REFERENCES patients (id),
    local_date   text    NOT NULL,
    kind         text    NOT NULL CHECK (kind IN ('cue', 'rescue', 'weekly', 'lapse', 'milestone', 'questions', 'feedback')),
    state        text    NOT NULL CHECK (state IN ('due', 'sending', 'sent', 'dead', 'expired', 'skipped')),
    reason       text    NOT NULL,
    policy       integer NOT NULL,
    decided_at   bigint  NOT NULL,
    due_at       bigint  NOT NULL,
    expires_at   bigint  NOT NULL,
    lease_until  bigint,
    attempts     integer NOT NULL DEFAULT 0,
    sent_at      bigint,
    delivered_at bigint,
    opened_at    bigint,
    acted_at     bigint,
    dismissed_at bigint,
    snoozes      integer NOT NULL DEFAULT 0,
    arm          text    NOT NULL DEFAULT '', -- how it is said
    unsure       integer NOT NULL DEFAULT 0, -- sends of which nobody knows whether they went out
    UNIQUE (patient_id, local_date, kind)
);
INSERT INTO reminder_slots_now (id, patient_id, local_date, kind, state, reason, policy, decided_at, due_at, expires_at, lease_until, attempts, sent_at)
    SELECT id, patient_id, local_date, kind, state, reason, policy, decided_at, due_at, expires_at, lease_until, attempts, sent_at FROM reminder_slots;
DROP TABLE reminder_slots;
ALTER TABLE reminder_slots_now RENAME TO reminder_slots;
CREATE INDEX reminder_slots_due ON reminder_slots (due_at) WHERE state IN ('due', 'sending');
CREATE INDEX reminder_slots_counted ON reminder_slots (patient_id, local_date) WHERE state IN ('due', 'sending', 'sent');

CREATE TABLE reminder_snoozes (
    patient_id text   NOT NULL REFERENCES patients (id),
    id         text   NOT NULL,
    slot_id    text   NOT NULL REFERENCES reminder_slots (id),
    until      bigint NOT NULL,
    asked_at   bigint NOT NULL,
    body_hash  text   NOT NULL,
    PRIMARY KEY (patient_id, id)
);

-- The log of decisions: what was known, what could be done, how likely each was, and what was chosen. Rows are only ever
-- added, so that an effect can be estimated from it.
CREATE TABLE reminder_decisions (
    id              text    NOT NULL PRIMARY KEY, -- of the slot
    practice_id     text    NOT NULL REFERENCES practices (id),
    patient_id      text    NOT NULL REFERENCES patients (id),
    kind            text    NOT NULL,
    policy          integer NOT NULL,
    decided_at      bigint  NOT NULL,
    time_zone       text    NOT NULL,
    local_date      text    NOT NULL,
    local_minute    integer NOT NULL,
    program_week    integer NOT NULL,
    available       boolean NOT NULL,
    reason          text    NOT NULL, -- why not, where nothing could be sent
    arms            text    NOT NULL, -- JSON: the arms with the exact probability of each
    seed            bigint  NOT NULL,
    arm             text    NOT NULL, -- chosen; '' where nothing was chosen
    template        text    NOT NULL,
    template_version integer NOT NULL,
    state           text    NOT NULL -- JSON: what the decision rested on
);
CREATE INDEX reminder_decisions_practice ON reminder_decisions (practice_id, kind, decided_at) WHERE arm <> '';
CREATE INDEX reminder_decisions_patient ON reminder_decisions (patient_id);

CREATE TABLE action_plans (
    patient_id text   NOT NULL PRIMARY KEY REFERENCES patients (id),
    content    text   NOT NULL,
    saved_at   bigint NOT NULL
);

-- More reasons to ask for a change.
CREATE TABLE change_requests_now (
    patient_id  text   NOT NULL REFERENCES patients (id),
    id          text   NOT NULL,
    local_date  text   NOT NULL,
    reason      text   NOT NULL CHECK (reason IN ('too_hard', 'too_easy', 'hurts', 'no_space', 'no_equipment', 'too_long', 'technique', 'felt_better', 'unsure_useful')),
    item_id     text   NOT NULL DEFAULT '',
    note        text   NOT NULL DEFAULT '',
    received_at bigint NOT NULL,
    body_hash   text   NOT NULL,
    closed_at   bigint,
    closed_by   text   REFERENCES members (id),
    outcome     text   NOT NULL DEFAULT '' CHECK (outcome IN ('', 'changed', 'kept')),
    PRIMARY KEY (patient_id, id)
);
INSERT INTO change_requests_now SELECT patient_id, id, local_date, reason, item_id, note, received_at, body_hash, closed_at, closed_by, outcome FROM change_requests;
DROP TABLE change_requests;
ALTER TABLE change_requests_now RENAME TO change_requests;

-- +goose Down
DELETE FROM change_requests WHERE reason IN ('too_long', 'technique', 'felt_better', 'unsure_useful');
DROP TABLE action_plans;
DROP TABLE reminder_decisions;
DROP TABLE reminder_snoozes;
DROP TABLE reminder_slots;
CREATE TABLE reminder_slots (
    id          text    NOT NULL PRIMARY KEY,
    patient_id  text    NOT NULL REFERENCES patients (id),
    local_date  text    NOT NULL,
    kind        text    NOT NULL CHECK (kind IN ('cue', 'rescue', 'feedback')),
    state       text    NOT NULL CHECK (state IN ('due', 'sending', 'sent', 'dead', 'expired', 'skipped')),
    reason      text    NOT NULL,
    policy      integer NOT NULL,
    decided_at  bigint  NOT NULL,
    due_at      bigint  NOT NULL,
    expires_at  bigint  NOT NULL,
    lease_until bigint,
    attempts    integer NOT NULL DEFAULT 0,
    sent_at     bigint,
    UNIQUE (patient_id, local_date, kind)
);
CREATE INDEX reminder_slots_due ON reminder_slots (due_at) WHERE state IN ('due', 'sending');
CREATE INDEX reminder_slots_sent ON reminder_slots (patient_id, sent_at) WHERE state = 'sent';
ALTER TABLE reminder_due DROP COLUMN answered_at;
ALTER TABLE devices DROP COLUMN time_zone;
ALTER TABLE patients DROP COLUMN research_consent;
ALTER TABLE patients DROP COLUMN reminder_windows;
ALTER TABLE patients DROP COLUMN reminder_days;
