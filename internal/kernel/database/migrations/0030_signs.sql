-- +goose Up
-- The signs that were new in a report: for some days they may make another one more serious. Those of a worse period
-- were not kept until now.
ALTER TABLE safety_reports ADD COLUMN signs text NOT NULL DEFAULT '';
UPDATE safety_reports SET signs = COALESCE((SELECT new_signs FROM sessions
    WHERE sessions.patient_id = safety_reports.patient_id AND sessions.id = safety_reports.source_id), '')
WHERE source = 'session';
UPDATE safety_reports SET signs = COALESCE((SELECT new_signs FROM check_ins
    WHERE check_ins.patient_id = safety_reports.patient_id AND check_ins.id = safety_reports.source_id), '')
WHERE source = 'check_in';

-- +goose Down
ALTER TABLE safety_reports DROP COLUMN signs;
