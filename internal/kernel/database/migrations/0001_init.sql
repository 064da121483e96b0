-- +goose Up
-- One file serves SQLite and PostgreSQL. Instants are bigint milliseconds since 1970 in UTC; local dates and times of
-- day are text, as they have no zone. A document that never changes and is only read whole (items) is JSON text.

CREATE TABLE heartbeat (
    id      integer NOT NULL PRIMARY KEY,
    beat_at bigint  NOT NULL
);

CREATE TABLE practices (
    id         text   NOT NULL PRIMARY KEY,
    name       text   NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE members (
    id            text   NOT NULL PRIMARY KEY,
    practice_id   text   NOT NULL REFERENCES practices (id),
    name          text   NOT NULL,
    email         text   NOT NULL UNIQUE, -- lower case
    role          text   NOT NULL CHECK (role IN ('therapist', 'admin')),
    password_hash text   NOT NULL,
    body_hash     text   NOT NULL,
    created_at    bigint NOT NULL
);
CREATE INDEX members_practice ON members (practice_id, name);

CREATE TABLE patients (
    id           text    NOT NULL PRIMARY KEY,
    practice_id  text    NOT NULL REFERENCES practices (id),
    name         text    NOT NULL,
    birth_year   integer NOT NULL,
    complaint    text    NOT NULL CHECK (complaint IN ('low_back', 'neck', 'upper_back')),
    phase        text    NOT NULL CHECK (phase IN ('treatment', 'prevention')),
    language     text    NOT NULL CHECK (language IN ('nl', 'en')),
    time_zone    text    NOT NULL,
    next_zone    text    NOT NULL DEFAULT '', -- takes effect on next_zone_on, a Monday
    next_zone_on text,
    push_consent boolean NOT NULL,
    anchor_time  text    NOT NULL,
    quiet_from   text    NOT NULL,
    quiet_until  text    NOT NULL,
    max_per_day  integer NOT NULL CHECK (max_per_day BETWEEN 0 AND 2),
    max_per_week integer NOT NULL CHECK (max_per_week BETWEEN 0 AND 7),
    body_hash    text    NOT NULL,
    created_at   bigint  NOT NULL
);
CREATE INDEX patients_practice ON patients (practice_id);

CREATE TABLE treatments (
    patient_id text   NOT NULL REFERENCES patients (id),
    member_id  text   NOT NULL REFERENCES members (id),
    since      bigint NOT NULL,
    PRIMARY KEY (patient_id, member_id)
);
CREATE INDEX treatments_member ON treatments (member_id, patient_id);

CREATE TABLE devices (
    id                 text   NOT NULL PRIMARY KEY,
    patient_id         text   NOT NULL REFERENCES patients (id),
    name               text   NOT NULL,
    platform           text   NOT NULL,
    paired_at          bigint NOT NULL,
    last_seen_at       bigint NOT NULL,
    push_kind          text   NOT NULL DEFAULT '',
    push_address       text,   -- may grow beyond 4 KiB: FCM is moving from tokens to installation ids
    push_registered_at bigint,
    revoked_at         bigint
);
CREATE INDEX devices_patient ON devices (patient_id);
CREATE UNIQUE INDEX devices_push_address ON devices (push_address);

CREATE TABLE pairings (
    id          text    NOT NULL PRIMARY KEY,
    patient_id  text    NOT NULL REFERENCES patients (id),
    created_by  text    NOT NULL REFERENCES members (id),
    code_hash   text    NOT NULL UNIQUE, -- keyed hashes; the code itself is never stored
    secret_hash text    NOT NULL UNIQUE,
    created_at  bigint  NOT NULL,
    expires_at  bigint  NOT NULL,
    redeemed_at bigint,
    revoked_at  bigint,
    tries       integer NOT NULL DEFAULT 0
);
CREATE INDEX pairings_patient ON pairings (patient_id);

CREATE TABLE auth_sessions (
    id          text   NOT NULL PRIMARY KEY,
    practice_id text   NOT NULL REFERENCES practices (id),
    role        text   NOT NULL,
    patient_id  text   REFERENCES patients (id),
    member_id   text   REFERENCES members (id),
    device_id   text   REFERENCES devices (id),
    created_at  bigint NOT NULL,
    revoked_at  bigint,
    revoked_why text   NOT NULL DEFAULT ''
);
CREATE INDEX auth_sessions_patient ON auth_sessions (patient_id);
CREATE INDEX auth_sessions_member ON auth_sessions (member_id);

CREATE TABLE refresh_tokens (
    token_hash text   NOT NULL PRIMARY KEY,
    session_id text   NOT NULL REFERENCES auth_sessions (id),
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at    bigint
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE attempts (
    key          text    NOT NULL PRIMARY KEY, -- a hash: no address or e-mail is kept
    window_until bigint  NOT NULL,
    count        integer NOT NULL
);

CREATE TABLE program_versions (
    id             text    NOT NULL,
    patient_id     text    NOT NULL REFERENCES patients (id),
    number         integer NOT NULL,
    effective_from text    NOT NULL,
    items          text    NOT NULL,
    published_at   bigint  NOT NULL,
    published_by   text    NOT NULL REFERENCES members (id),
    body_hash      text    NOT NULL,
    PRIMARY KEY (patient_id, id),
    UNIQUE (patient_id, number)
);

CREATE TABLE pauses (
    id          text   NOT NULL,
    patient_id  text   NOT NULL REFERENCES patients (id),
    reason      text   NOT NULL,
    start_date  text   NOT NULL,
    end_date    text   NOT NULL, -- the last paused day; before start_date when the pause was taken back
    declared_by text   NOT NULL,
    body_hash   text   NOT NULL,
    created_at  bigint NOT NULL,
    PRIMARY KEY (patient_id, id)
);

CREATE TABLE sessions (
    patient_id         text    NOT NULL REFERENCES patients (id),
    id                 text    NOT NULL, -- chosen by the phone; two patients may choose alike
    performed_at       bigint  NOT NULL,
    utc_offset_s       integer NOT NULL,
    time_zone          text    NOT NULL,
    local_date         text    NOT NULL,
    program_version_id text    NOT NULL,
    status             text    NOT NULL,
    stopped_reason     text    NOT NULL DEFAULT '',
    duration_s         integer,
    items              text    NOT NULL,
    pain_before        integer CHECK (pain_before BETWEEN 0 AND 10),
    pain_after         integer CHECK (pain_after BETWEEN 0 AND 10),
    confidence         integer CHECK (confidence BETWEEN 0 AND 10),
    note               text    NOT NULL DEFAULT '',
    credit_permille    integer NOT NULL CHECK (credit_permille BETWEEN 0 AND 1000),
    received_at        bigint  NOT NULL,
    revision           integer NOT NULL,
    revised_at         bigint  NOT NULL,
    deleted_at         bigint,
    body_hash          text    NOT NULL,
    PRIMARY KEY (patient_id, id),
    FOREIGN KEY (patient_id, program_version_id) REFERENCES program_versions (patient_id, id)
);
CREATE INDEX sessions_date ON sessions (patient_id, local_date);

CREATE TABLE session_revisions (
    patient_id  text    NOT NULL,
    session_id  text    NOT NULL,
    revision    integer NOT NULL,
    content     text    NOT NULL,
    replaced_at bigint  NOT NULL,
    PRIMARY KEY (patient_id, session_id, revision),
    FOREIGN KEY (patient_id, session_id) REFERENCES sessions (patient_id, id)
);

CREATE TABLE session_notes (
    patient_id text   NOT NULL,
    id         text   NOT NULL,
    session_id text   NOT NULL,
    text       text   NOT NULL,
    written_at bigint NOT NULL,
    PRIMARY KEY (patient_id, id),
    FOREIGN KEY (patient_id, session_id) REFERENCES sessions (patient_id, id)
);
CREATE INDEX session_notes_session ON session_notes (patient_id, session_id);

CREATE TABLE barrier_reports (
    patient_id  text   NOT NULL REFERENCES patients (id),
    id          text   NOT NULL,
    local_date  text   NOT NULL,
    barrier     text   NOT NULL,
    note        text   NOT NULL DEFAULT '',
    received_at bigint NOT NULL,
    body_hash   text   NOT NULL,
    PRIMARY KEY (patient_id, id)
);
CREATE INDEX barrier_reports_date ON barrier_reports (patient_id, local_date);

CREATE TABLE adherence_days (
    patient_id    text    NOT NULL REFERENCES patients (id),
    local_date    text    NOT NULL,
    active        boolean NOT NULL, -- under a program and not paused
    paused        boolean NOT NULL,
    expected7     integer NOT NULL, -- sevenths of a session
    dose7000      integer NOT NULL, -- expected dose, in 7000ths of a full session
    done          integer NOT NULL, -- sessions with at least half of what was due
    complete      integer NOT NULL, -- sessions with at least 80 % of what was due
    credit        integer NOT NULL, -- permille of a full session, counted
    extra         integer NOT NULL, -- permille beyond what the day can count
    pause_done    integer NOT NULL, -- sessions done while paused
    pause_credit  integer NOT NULL, -- and their permille
    sessions      integer NOT NULL,
    late          integer NOT NULL, -- sessions that arrived after 48 hours
    uncounted     integer NOT NULL, -- sessions that arrived after 7 days
    pain_sum      integer NOT NULL, -- of the scores before sessions
    pain_count    integer NOT NULL,
    pain_max      integer,
    rises         integer NOT NULL, -- sessions after which pain was 2 or more higher
    stopped_pain  integer NOT NULL, -- sessions stopped because of pain
    PRIMARY KEY (patient_id, local_date)
);

CREATE TABLE reminder_due (
    patient_id text   NOT NULL PRIMARY KEY REFERENCES patients (id),
    due_at     bigint NOT NULL
);
CREATE INDEX reminder_due_at ON reminder_due (due_at);

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

CREATE TABLE feedback (
    patient_id   text   NOT NULL REFERENCES patients (id),
    id           text   NOT NULL,
    member_id    text   NOT NULL REFERENCES members (id),
    about        text   NOT NULL CHECK (about IN ('program', 'session')),
    session_id   text,
    text         text   NOT NULL,
    sent_at      bigint NOT NULL,
    delivered_at bigint,
    opened_at    bigint,
    body_hash    text   NOT NULL,
    PRIMARY KEY (patient_id, id),
    FOREIGN KEY (patient_id, session_id) REFERENCES sessions (patient_id, id)
);
CREATE INDEX feedback_sent ON feedback (patient_id, sent_at);

-- +goose Down
DROP TABLE feedback;
DROP TABLE reminder_slots;
DROP TABLE reminder_due;
DROP TABLE adherence_days;
DROP TABLE barrier_reports;
DROP TABLE session_notes;
DROP TABLE session_revisions;
DROP TABLE sessions;
DROP TABLE pauses;
DROP TABLE program_versions;
DROP TABLE attempts;
DROP TABLE refresh_tokens;
DROP TABLE auth_sessions;
DROP TABLE pairings;
DROP TABLE devices;
DROP TABLE treatments;
DROP TABLE patients;
DROP TABLE members;
DROP TABLE practices;
DROP TABLE heartbeat;
