-- Accounts, the ledger, and what guards it. Names are those of the schema that the search path leads to.

-- The only clock that periods are made from.
CREATE FUNCTION clock_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()';

CREATE FUNCTION hour_of(moment timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE
  AS 'SELECT date_trunc(''hour'', moment AT TIME ZONE ''UTC'') AT TIME ZONE ''UTC''';

CREATE FUNCTION hour_key(hour timestamptz) RETURNS text LANGUAGE sql STABLE
  AS 'SELECT ''hour:'' || to_char(hour AT TIME ZONE ''UTC'', ''YYYY-MM-DD"T"HH24'')';

-- One row. An hour is begun under its lock, and accounts are opened under a shared one: so whoever opens an account knows which
-- hours are still to be charged, and whoever charges an hour sees every account that it is to be charged to.
CREATE TABLE books (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  billed_from timestamptz NOT NULL DEFAULT hour_of(clock_now()) CHECK (billed_from = hour_of(billed_from)),
  begun timestamptz CHECK (begun = hour_of(begun)),
  identity_check bytea
);
INSERT INTO books DEFAULT VALUES;

CREATE TABLE accounts (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  identity bytea NOT NULL UNIQUE CHECK (length(identity) = 32),
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
  balance numeric(38, 18) NOT NULL DEFAULT 0,
  credit_limit numeric(38, 18) NOT NULL DEFAULT 0 CHECK (credit_limit >= 0),
  -- Down to where it is not suspended again, because it was lifted for using next to nothing.
  excused numeric(38, 18),
  since timestamptz NOT NULL CHECK (since = hour_of(since)),
  opened_at timestamptz NOT NULL DEFAULT clock_now()
) WITH (fillfactor = 70);
CREATE INDEX accounts_suspended ON accounts (number) WHERE state = 'suspended';

-- Every identity that stands for an account, hashed: the one it was opened with and those that were linked.
CREATE TABLE identities (
  identity bytea PRIMARY KEY CHECK (length(identity) = 32),
  account bigint NOT NULL REFERENCES accounts
);
CREATE INDEX identities_by_account ON identities (account);

CREATE TABLE entries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account bigint NOT NULL REFERENCES accounts,
  type text NOT NULL CHECK (type IN ('charge', 'deposit', 'adjustment')),
  amount numeric(38, 18) NOT NULL CHECK (amount <> 0),
  reference text NOT NULL CHECK (length(reference) BETWEEN 1 AND 300),
  token bigint,
  period timestamptz CHECK (period = hour_of(period)),
  guarded boolean NOT NULL DEFAULT true,
  actor text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_now(),
  CHECK ((type = 'charge') = (period IS NOT NULL)),
  CHECK (type <> 'charge' OR amount < 0),
  CHECK (type <> 'deposit' OR amount > 0)
);
-- The gate: a charge of one account for one hour exists once.
CREATE UNIQUE INDEX entries_charge_once ON entries (account, period) WHERE type = 'charge' AND guarded;
CREATE UNIQUE INDEX entries_deposit_once ON entries (reference) WHERE type = 'deposit';
CREATE UNIQUE INDEX entries_adjustment_once ON entries (account, reference) WHERE type = 'adjustment';
CREATE INDEX entries_by_account ON entries (account, id);

CREATE FUNCTION entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger entries are never changed or deleted; put a mistake right by an adjustment' USING ERRCODE = 'WF002';
END $$;
CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION entries_stay();
CREATE TRIGGER entries_stay_all BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION entries_stay();

-- Who may write entries of a type: whoever claimed under the newest lease. Leases of one source only ever grow.
CREATE TABLE fences (
  scope text PRIMARY KEY,
  source text NOT NULL,
  lease bigint NOT NULL,
  token bigint NOT NULL,
  holder text NOT NULL,
  since timestamptz NOT NULL
);

-- Leases for where no DCS gives any: one for each time that the lock of the database is taken.
CREATE SEQUENCE lock_leases;

CREATE FUNCTION fence_claim(wanted text, by_source text, by_lease bigint, by_holder text) RETURNS bigint LANGUAGE plpgsql
AS $$
DECLARE
  claimed bigint;
BEGIN
  INSERT INTO fences VALUES (wanted, by_source, by_lease, 0, by_holder, clock_now()) ON CONFLICT (scope) DO NOTHING;
  UPDATE fences SET token = token + CASE WHEN source = by_source AND lease = by_lease AND token > 0 THEN 0 ELSE 1 END, source = by_source, lease = by_lease, holder = by_holder, since = clock_now()
    WHERE scope = wanted AND (source <> by_source OR lease <= by_lease) RETURNING token INTO claimed;
  IF claimed IS NULL THEN
    RAISE EXCEPTION 'stale fencing token: a later lease of % has claimed already', wanted USING ERRCODE = 'WF001';
  END IF;
  RETURN claimed;
END $$;

-- Held until the end of the transaction, so that nobody can claim between this check and the commit.
CREATE FUNCTION fence_check(wanted text, mine bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM fences WHERE scope = wanted AND token = mine FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'stale fencing token: % is claimed by somebody else', wanted USING ERRCODE = 'WF001';
  END IF;
END $$;

CREATE FUNCTION entries_fenced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  tried record;
BEGIN
  FOR tried IN SELECT DISTINCT type, token FROM fresh WHERE token IS NOT NULL LOOP
    PERFORM fence_check(tried.type, tried.token);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER entries_fenced AFTER INSERT ON entries REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION entries_fenced();

-- How far the charging of an hour is; moved in the transaction that charges.
CREATE TABLE periods (
  hour timestamptz PRIMARY KEY CHECK (hour = hour_of(hour)),
  next_account bigint NOT NULL DEFAULT 0,
  charged bigint NOT NULL DEFAULT 0,
  free bigint NOT NULL DEFAULT 0,
  skipped bigint NOT NULL DEFAULT 0,
  amount numeric(38, 18) NOT NULL DEFAULT 0,
  begun_at timestamptz NOT NULL DEFAULT clock_now(),
  done_at timestamptz
);
CREATE UNIQUE INDEX periods_one_open ON periods ((true)) WHERE done_at IS NULL;

CREATE TABLE deposits (
  source text NOT NULL,
  id text NOT NULL CHECK (length(id) BETWEEN 1 AND 200),
  payer bytea NOT NULL CHECK (length(payer) = 32),
  amount numeric(38, 18) NOT NULL CHECK (amount > 0),
  at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT clock_now(),
  state text NOT NULL CHECK (state IN ('credited', 'unmatched', 'dust')),
  account bigint REFERENCES accounts,
  claimed_at timestamptz,
  PRIMARY KEY (source, id),
  CHECK ((state = 'credited') = (claimed_at IS NOT NULL)),
  CHECK (state <> 'credited' OR account IS NOT NULL)
);
CREATE INDEX deposits_unmatched ON deposits (payer) WHERE state = 'unmatched';

CREATE TABLE sources (
  name text PRIMARY KEY,
  cursor text NOT NULL,
  read_at timestamptz NOT NULL
);

CREATE TABLE meters (
  name text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,62}$')
);

-- A reading holds until the next one.
CREATE TABLE readings (
  account bigint NOT NULL REFERENCES accounts,
  meter text NOT NULL REFERENCES meters,
  hour timestamptz NOT NULL CHECK (hour = hour_of(hour)),
  quantity numeric NOT NULL CHECK (quantity >= 0),
  PRIMARY KEY (account, meter, hour)
);

-- Why an account is in the state that it is in.
CREATE TABLE state_changes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account bigint NOT NULL REFERENCES accounts,
  state text NOT NULL,
  balance numeric(38, 18) NOT NULL,
  actor text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_now()
);
CREATE INDEX state_changes_by_account ON state_changes (account, id);
