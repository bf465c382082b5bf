-- A lease belongs to one care provider, in whatever trajectories it occurs: several clients may live under one head lease.
-- Each report that names a lease is held against the others that named it, found here without reading every event.

-- The terms of the lease that a fact, or the replacement of a correction, names.
CREATE FUNCTION lease_terms_in(payload json) RETURNS json LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(payload -> 'terms', payload -> 'lease' -> 'terms',
                    payload -> 'replacement' -> 'terms', payload -> 'replacement' -> 'lease' -> 'terms')
$$;

CREATE INDEX leases_named ON events ((lease_terms_in(payload) ->> 'leaseId'), aggregate_id)
    WHERE aggregate_type = 'trajectory'
      AND event_type IN ('housed-under-intermediary-lease', 'housed-under-three-party-lease', 'housed-under-temporary-lease',
                         'running-case-taken-over', 'event-corrected');
