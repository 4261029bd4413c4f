-- Layout 1. SCHEMA stands for the quoted name of the schema. Run under a lock, as a whole, each time a client connects first.
CREATE SCHEMA IF NOT EXISTS SCHEMA;

CREATE TABLE IF NOT EXISTS SCHEMA.dcs_meta (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  layout int NOT NULL,
  revision bigint NOT NULL,
  forgotten bigint NOT NULL
);
INSERT INTO SCHEMA.dcs_meta (layout, revision, forgotten) VALUES (1, 0, 0) ON CONFLICT DO NOTHING;

-- renewals counts up; whoever sees it stand still for a TTL, by its own monotonic clock, may end the session.
CREATE TABLE IF NOT EXISTS SCHEMA.dcs_session (
  id bigint PRIMARY KEY,
  name text NOT NULL,
  ttl_ms bigint NOT NULL,
  renewals bigint NOT NULL,
  locked boolean NOT NULL
);

CREATE TABLE IF NOT EXISTS SCHEMA.dcs_key (
  key bytea PRIMARY KEY,
  value bytea NOT NULL,
  revision bigint NOT NULL,
  session bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS dcs_key_session ON SCHEMA.dcs_key (session) WHERE session <> 0;

-- value is null for a deletion.
CREATE TABLE IF NOT EXISTS SCHEMA.dcs_change (
  revision bigint NOT NULL,
  key bytea NOT NULL,
  value bytea,
  session bigint NOT NULL,
  PRIMARY KEY (revision, key)
);

-- Kinds: 0 put, 1 delete, 2 check. Expectations: -1 any, 0 absent, else a revision. Outcomes: 0 done, 1 conflict, 2 session lost.
-- The lock on dcs_meta makes revisions visible in their order, which watches rely on. One statement, so a client that hangs holds no lock.
CREATE OR REPLACE FUNCTION SCHEMA.dcs_write(
    keys bytea[], kinds int[], vals bytea[], expects bigint[], sessions bigint[], OUT outcome int, OUT rev bigint, OUT place int)
LANGUAGE plpgsql AS $$
DECLARE
  current bigint;
BEGIN
  SELECT m.revision INTO rev FROM SCHEMA.dcs_meta m FOR UPDATE;
  FOR i IN 1 .. cardinality(keys) LOOP
    place := i;
    IF sessions[i] <> 0 AND NOT EXISTS (SELECT 1 FROM SCHEMA.dcs_session s WHERE s.id = sessions[i]) THEN
      outcome := 2;
      RETURN;
    END IF;
    current := 0;
    SELECT k.revision INTO current FROM SCHEMA.dcs_key k WHERE k.key = keys[i];
    IF expects[i] >= 0 AND expects[i] <> coalesce(current, 0) THEN
      outcome := 1;
      RETURN;
    END IF;
  END LOOP;
  outcome := 0;
  rev := rev + 1;
  FOR i IN 1 .. cardinality(keys) LOOP
    IF kinds[i] = 0 THEN
      INSERT INTO SCHEMA.dcs_key AS k (key, value, revision, session) VALUES (keys[i], vals[i], rev, sessions[i])
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, revision = excluded.revision, session = excluded.session;
      INSERT INTO SCHEMA.dcs_change VALUES (rev, keys[i], vals[i], sessions[i]);
    ELSIF kinds[i] = 1 THEN
      DELETE FROM SCHEMA.dcs_key k WHERE k.key = keys[i];
      IF FOUND THEN
        INSERT INTO SCHEMA.dcs_change VALUES (rev, keys[i], NULL, 0);
      END IF;
    END IF;
  END LOOP;
  UPDATE SCHEMA.dcs_meta SET revision = rev;
  PERFORM pg_notify('CHANNEL', rev::text);
END $$;

-- Ends a session that was not renewed since, or whatever it did where renewals_seen is negative.
CREATE OR REPLACE FUNCTION SCHEMA.dcs_end(session_id bigint, renewals_seen bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  rev bigint;
BEGIN
  SELECT m.revision INTO rev FROM SCHEMA.dcs_meta m FOR UPDATE;
  DELETE FROM SCHEMA.dcs_session s WHERE s.id = session_id AND (renewals_seen < 0 OR s.renewals = renewals_seen);
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF EXISTS (SELECT 1 FROM SCHEMA.dcs_key k WHERE k.session = session_id) THEN
    rev := rev + 1;
    INSERT INTO SCHEMA.dcs_change SELECT rev, k.key, NULL, 0 FROM SCHEMA.dcs_key k WHERE k.session = session_id;
    DELETE FROM SCHEMA.dcs_key k WHERE k.session = session_id;
    UPDATE SCHEMA.dcs_meta SET revision = rev;
    PERFORM pg_notify('CHANNEL', rev::text);
  END IF;
  RETURN true;
END $$;

-- Keeps the newest changes only.
CREATE OR REPLACE FUNCTION SCHEMA.dcs_forget(keep bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  upto bigint;
BEGIN
  SELECT m.revision - keep INTO upto FROM SCHEMA.dcs_meta m FOR UPDATE;
  IF upto > 0 THEN
    DELETE FROM SCHEMA.dcs_change c WHERE c.revision <= upto;
    UPDATE SCHEMA.dcs_meta SET forgotten = greatest(forgotten, upto);
  END IF;
END $$;
