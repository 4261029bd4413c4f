-- One line per thing in a schema. The only parameter is its name.
WITH s AS (SELECT oid FROM pg_namespace WHERE nspname = ?),
  r AS (SELECT c.oid, c.relname, c.relkind, c.reloptions, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c
    WHERE c.relnamespace = (SELECT oid FROM s) AND c.relname NOT LIKE 'weft\_migrations%')
SELECT 'relation ' || relname || ' ' || relkind::text || ' ' || relpersistence::text || ' ' || coalesce(array_to_string(reloptions, ','), '')
  || CASE WHEN relrowsecurity THEN ' row security' ELSE '' END || CASE WHEN relforcerowsecurity THEN ' forced' ELSE '' END
  FROM r WHERE relkind NOT IN ('i', 'I', 't')
UNION ALL
SELECT 'column ' || r.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
  || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
  || CASE WHEN a.attidentity <> '' THEN ' identity ' || a.attidentity::text ELSE '' END
  || CASE WHEN a.attgenerated <> '' THEN ' generated ' || a.attgenerated::text ELSE '' END
  || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
  || coalesce(' collate ' || (SELECT collname FROM pg_collation WHERE oid = a.attcollation AND collname <> 'default'), '')
  FROM r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
  WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
UNION ALL
SELECT 'constraint ' || coalesce(r.relname, t.typname, '') || '.' || k.conname || ' ' || pg_get_constraintdef(k.oid)
  || CASE WHEN k.convalidated THEN '' ELSE ' not valid' END
  FROM pg_constraint k LEFT JOIN r ON r.oid = k.conrelid LEFT JOIN pg_type t ON t.oid = k.contypid
  WHERE k.connamespace = (SELECT oid FROM s) AND (r.oid IS NOT NULL OR k.contypid <> 0) AND k.contype <> 'n'
UNION ALL
SELECT 'index ' || pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
  FROM pg_index i JOIN r ON r.oid = i.indrelid
UNION ALL
SELECT 'function ' || p.oid::regprocedure::text || ' ' || md5(regexp_replace(pg_get_functiondef(p.oid), '\m' || n.nspname || '\M', '', 'g'))
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.oid = (SELECT oid FROM s) AND p.prokind IN ('f', 'p')
UNION ALL
SELECT 'trigger ' || r.relname || '.' || g.tgname || ' ' || g.tgenabled::text || ' ' || pg_get_triggerdef(g.oid)
  FROM pg_trigger g JOIN r ON r.oid = g.tgrelid WHERE NOT g.tgisinternal
UNION ALL
SELECT 'view ' || r.relname || ' ' || pg_get_viewdef(r.oid) FROM r WHERE r.relkind IN ('v', 'm')
UNION ALL
SELECT 'sequence ' || r.relname || ' ' || q.seqtypid::regtype::text || ' ' || q.seqstart || ' ' || q.seqincrement || ' ' || q.seqmin || ' ' || q.seqmax
  || CASE WHEN q.seqcycle THEN ' cycle' ELSE '' END
  FROM r JOIN pg_sequence q ON q.seqrelid = r.oid
UNION ALL
SELECT 'rule ' || r.relname || '.' || u.rulename || ' ' || pg_get_ruledef(u.oid) FROM pg_rewrite u JOIN r ON r.oid = u.ev_class
  WHERE u.rulename <> '_RETURN'
UNION ALL
SELECT 'enum ' || t.typname || ' ' || string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
  WHERE t.typnamespace = (SELECT oid FROM s) GROUP BY t.typname
UNION ALL
SELECT 'domain ' || t.typname || ' ' || format_type(t.typbasetype, t.typtypmod) || CASE WHEN t.typnotnull THEN ' not null' ELSE '' END
  || coalesce(' default ' || t.typdefault, '')
  FROM pg_type t WHERE t.typnamespace = (SELECT oid FROM s) AND t.typtype = 'd'
