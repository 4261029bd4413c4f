DROP INDEX deposits_gone;
ALTER TABLE deposits DROP COLUMN gone_at;
