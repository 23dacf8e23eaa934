-- +goose Up
-- Changes of plans, sites, the brand, promotions and of the site of a router, with the fields
-- that differ as JSON, so that each can be taken back. site_id is '' for what concerns the whole
-- shop. From here on; what was changed before is in the audit trail alone.
CREATE TABLE catalogue_changes (
    id              TEXT PRIMARY KEY,
    site_id         TEXT NOT NULL,
    subject         TEXT NOT NULL,
    action          TEXT NOT NULL,
    old_fields      TEXT NOT NULL,
    new_fields      TEXT NOT NULL,
    changed_by      TEXT NOT NULL,
    at_ms           BIGINT NOT NULL,
    taken_back_ms   BIGINT,
    taken_back_by   TEXT NOT NULL DEFAULT ''
);
CREATE INDEX catalogue_changes_site ON catalogue_changes (site_id, id);

-- +goose Down
DROP TABLE catalogue_changes;
