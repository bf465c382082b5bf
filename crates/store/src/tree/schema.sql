-- Everything in the catalogue that decides what the tables hold and show, one row for each object: what it is, and the MD5 of
-- its definition. Names of months and of the owner are left out: they differ between ledgers.
WITH relations AS (
    SELECT pg_class.*, nspname || '.' || relname AS name
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname IN ('public', 'keys') AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
), functions AS (
    SELECT pg_proc.*, format('%s.%s(%s)', nspname, proname, pg_get_function_identity_arguments(pg_proc.oid)) AS name
    FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
    WHERE nspname IN ('public', 'keys') AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
), grants AS (
    SELECT object, string_agg(format('%s:%s:%s', grantee, privilege_type, is_grantable), ',' ORDER BY grantee, privilege_type) AS granted
    FROM (SELECT 'r' || relations.oid AS object, relowner AS owner, coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 'S' ELSE 'r' END::"char", relowner)) AS acl FROM relations
          UNION ALL SELECT 'f' || functions.oid, proowner, coalesce(proacl, acldefault('f', proowner)) FROM functions
          UNION ALL SELECT 'n' || pg_namespace.oid, nspowner, coalesce(nspacl, acldefault('n', nspowner)) FROM pg_namespace
          UNION ALL SELECT 'c' || attrelid || '.' || attnum, relowner, attacl FROM pg_attribute JOIN relations ON relations.oid = attrelid WHERE attacl IS NOT NULL
         ) AS object
    CROSS JOIN LATERAL (SELECT coalesce(rolname, 'PUBLIC') AS grantee, privilege_type, is_grantable FROM aclexplode(acl) AS one
                        LEFT JOIN pg_roles ON pg_roles.oid = one.grantee WHERE one.grantee <> owner) AS entry
    GROUP BY object
), objects (object, definition) AS (
    SELECT 'table ' || name, concat_ws('|', relkind, relpersistence, relrowsecurity, relforcerowsecurity, relreplident, granted)
        FROM relations LEFT JOIN grants ON object = 'r' || relations.oid
    UNION ALL SELECT format('column %s.%s', name, attname),
            concat_ws('|', format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
                      pg_get_expr(adbin, adrelid), granted)
        FROM pg_attribute JOIN relations ON relations.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        LEFT JOIN grants ON object = 'c' || attrelid || '.' || attnum
        WHERE attnum > 0 AND NOT attisdropped
    -- contype n: what a newer PostgreSQL lists here, and every PostgreSQL lists with its column.
    UNION ALL SELECT format('constraint %s on %s', conname, name),
            concat_ws('|', pg_get_constraintdef(pg_constraint.oid), convalidated, condeferrable, condeferred,
                      EXISTS (SELECT FROM pg_trigger WHERE tgconstraint = pg_constraint.oid AND tgenabled NOT IN ('O', 'A')))
        FROM pg_constraint JOIN relations ON relations.oid = conrelid WHERE contype <> 'n'
    UNION ALL SELECT format('index %s on %s', inner_class.relname, name),
            concat_ws('|', pg_get_indexdef(indexrelid), indisunique, indisvalid, indisready, indislive)
        FROM pg_index JOIN relations ON relations.oid = indrelid JOIN pg_class AS inner_class ON inner_class.oid = indexrelid
    UNION ALL SELECT format('trigger %s on %s', tgname, name), concat_ws('|', pg_get_triggerdef(pg_trigger.oid), tgenabled)
        FROM pg_trigger JOIN relations ON relations.oid = tgrelid WHERE NOT tgisinternal
    UNION ALL SELECT format('rule %s on %s', rulename, name), concat_ws('|', pg_get_ruledef(pg_rewrite.oid), ev_enabled)
        FROM pg_rewrite JOIN relations ON relations.oid = ev_class
    UNION ALL SELECT format('policy %s on %s', polname, name), concat_ws('|', polcmd, polpermissive, polroles::text,
            pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
        FROM pg_policy JOIN relations ON relations.oid = polrelid
    -- A month of the access log has the lines of the month that it is named after.
    UNION ALL SELECT format('child %s of %s', inhrelid::regclass, name),
            CASE WHEN child.relname ~ '_\d{4}_(0[1-9]|1[0-2])$'
                 THEN (bound = format('FOR VALUES FROM (%L) TO (%L)', month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC'))::text
                 ELSE bound END
        FROM pg_inherits JOIN relations ON relations.oid = inhparent JOIN pg_class AS child ON child.oid = inhrelid
        CROSS JOIN LATERAL (SELECT pg_get_expr(child.relpartbound, child.oid) AS bound,
                                   CASE WHEN child.relname ~ '_\d{4}_(0[1-9]|1[0-2])$' THEN to_date(right(child.relname, 7), 'YYYY_MM')::timestamp END AS month) AS one
    UNION ALL SELECT 'function ' || name, concat_ws('|', prosrc, lanname, provolatile, prosecdef, proisstrict, proconfig::text, granted)
        FROM functions JOIN pg_language ON pg_language.oid = prolang LEFT JOIN grants ON object = 'f' || functions.oid
    -- What a table or function will get that is made later, such as the next month of the access log.
    UNION ALL SELECT format('default privileges of %s %s', coalesce(nspname, 'every schema'), defaclobjtype),
            string_agg(format('%s:%s', coalesce(rolname, 'PUBLIC'), privilege_type), ',' ORDER BY rolname, privilege_type)
        FROM pg_default_acl LEFT JOIN pg_namespace ON pg_namespace.oid = defaclnamespace
        CROSS JOIN LATERAL aclexplode(defaclacl) AS one LEFT JOIN pg_roles ON pg_roles.oid = one.grantee
        WHERE one.grantee <> defaclrole GROUP BY nspname, defaclobjtype
    UNION ALL SELECT 'database', concat_ws('|', has_database_privilege('omklap_app', current_database(), 'CREATE'),
            has_database_privilege('omklap_keeper', current_database(), 'CREATE'))
    UNION ALL SELECT 'sequence ' || name, concat_ws('|', seqincrement, seqmin, seqmax, seqcycle, seqcache)
        FROM pg_sequence JOIN relations ON relations.oid = seqrelid
    UNION ALL SELECT 'schema ' || nspname, granted
        FROM pg_namespace LEFT JOIN grants ON object = 'n' || pg_namespace.oid WHERE nspname IN ('public', 'keys')
    UNION ALL SELECT 'role ' || rolname, concat_ws('|', rolsuper, rolbypassrls, rolcreaterole, rolcanlogin,
            (SELECT string_agg(above.rolname, ',' ORDER BY above.rolname) FROM pg_auth_members JOIN pg_roles AS above ON above.oid = roleid
             WHERE member = pg_roles.oid))
        FROM pg_roles WHERE rolname IN ('omklap_app', 'omklap_keeper')
    -- How this connection, which is one of the program's, runs its statements.
    UNION ALL SELECT 'setting ' || name, current_setting(name)
        FROM unnest(ARRAY['session_replication_role', 'row_security', 'search_path', 'transform_null_equals', 'default_transaction_read_only']) AS name
    -- Whatever a cluster waits for beside its own disk, it waits for that.
    UNION ALL SELECT 'setting synchronous_commit', (current_setting('synchronous_commit') <> 'off')::text
    UNION ALL SELECT 'publication ' || pubname, '' FROM pg_publication
    UNION ALL SELECT 'subscription ' || subname, '' FROM pg_subscription
        WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL SELECT 'event trigger ' || evtname, '' FROM pg_event_trigger
)
SELECT DISTINCT regexp_replace(object, '_\d{4}_\d{2}(?!\d)', '_month', 'g') COLLATE "C" AS object,
       md5(regexp_replace(coalesce(definition, ''), '_\d{4}_\d{2}(?!\d)', '_month', 'g')) COLLATE "C" AS digest
FROM objects ORDER BY 1, 2
