-- +goose Up
-- Why a version is there: published by a member, or made by a rule on top of what a member published.
ALTER TABLE program_versions ADD COLUMN origin text NOT NULL DEFAULT 'published';
ALTER TABLE program_versions ADD COLUMN reason_nl text NOT NULL DEFAULT '';
ALTER TABLE program_versions ADD COLUMN reason_en text NOT NULL DEFAULT '';

CREATE TABLE program_proposals (
    patient_id   text    NOT NULL REFERENCES patients (id),
    id           text    NOT NULL,
    intake_id    text    NOT NULL,
    rule_version integer NOT NULL,
    composition  text    NOT NULL, -- scores with their reasons, caps and items
    propensity   real    NOT NULL, -- the probability with which this choice was made; 1 when nothing was drawn
    proposed_at  bigint  NOT NULL,
    proposed_by  text    NOT NULL REFERENCES members (id),
    outcome      text    NOT NULL DEFAULT '' CHECK (outcome IN ('', 'accepted', 'changed', 'refused')),
    reason       text    NOT NULL DEFAULT '',
    version_id   text    NOT NULL DEFAULT '',
    decided_at   bigint,
    decided_by   text    REFERENCES members (id),
    PRIMARY KEY (patient_id, id),
    FOREIGN KEY (patient_id, intake_id) REFERENCES intakes (patient_id, id)
);

-- +goose Down
DROP TABLE program_proposals;
ALTER TABLE program_versions DROP COLUMN reason_en;
ALTER TABLE program_versions DROP COLUMN reason_nl;
ALTER TABLE program_versions DROP COLUMN origin;
