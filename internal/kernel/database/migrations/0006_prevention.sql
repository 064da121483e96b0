-- +goose Up
-- Steps and walks by hand or from a phone's health store: one row for each record there, the highest version of it.
CREATE TABLE activities (
    patient_id  text    NOT NULL REFERENCES patients (id),
    source      text    NOT NULL CHECK (source IN ('manual', 'healthkit', 'health_connect')),
    external_id text    NOT NULL,
    version     bigint  NOT NULL,
    kind        text    NOT NULL CHECK (kind IN ('steps', 'walk')),
    local_date  text    NOT NULL,
    start_at    bigint  NOT NULL,
    end_at      bigint  NOT NULL,
    count       integer, -- steps
    minutes     integer, -- of a walk
    distance_m  integer,
    received_at bigint  NOT NULL,
    PRIMARY KEY (patient_id, source, external_id)
);
CREATE INDEX activities_date ON activities (patient_id, local_date);

CREATE TABLE walking_plans (
    patient_id  text    NOT NULL REFERENCES patients (id),
    id          text    NOT NULL,
    start_on    text    NOT NULL, -- a Monday
    track       text    NOT NULL CHECK (track IN ('gentle', 'standard', 'fast')),
    week_one    integer NOT NULL, -- minutes
    item_id     text    NOT NULL, -- of the program
    started_by  text    NOT NULL REFERENCES members (id),
    started_at  bigint  NOT NULL,
    body_hash   text    NOT NULL,
    PRIMARY KEY (patient_id, id)
);

CREATE TABLE adverse_events (
    patient_id    text   NOT NULL REFERENCES patients (id),
    id            text   NOT NULL,
    local_date    text   NOT NULL,
    site          text   NOT NULL CHECK (site IN ('foot', 'knee', 'hip', 'other')),
    days_affected integer,
    related       text   NOT NULL CHECK (related IN ('yes', 'no', 'unknown')),
    reported_at   bigint NOT NULL,
    body_hash     text   NOT NULL,
    PRIMARY KEY (patient_id, id)
);

CREATE TABLE recurrence_checks (
    patient_id    text    NOT NULL REFERENCES patients (id),
    id            text    NOT NULL,
    local_date    text    NOT NULL,
    new_episode   boolean NOT NULL,
    onset_on      text,
    over_on       text,
    nprs_avg      integer CHECK (nprs_avg BETWEEN 0 AND 10),
    nprs_worst    integer CHECK (nprs_worst BETWEEN 0 AND 10),
    limited       boolean,
    care_sought   boolean,
    hours_off     integer,
    received_at   bigint  NOT NULL,
    body_hash     text    NOT NULL,
    PRIMARY KEY (patient_id, id)
);
CREATE INDEX recurrence_checks_date ON recurrence_checks (patient_id, local_date);

-- +goose Down
DROP TABLE recurrence_checks;
DROP TABLE adverse_events;
DROP TABLE walking_plans;
DROP TABLE activities;
