-- Since when a deposit is not at its source any more, such as after a chain changed below what was final. Its credit stays until
-- somebody takes it back.
ALTER TABLE deposits ADD COLUMN gone_at timestamptz;
CREATE INDEX deposits_gone ON deposits (source, id) WHERE gone_at IS NOT NULL;
