-- Erasing some texts of a trajectory puts a new data key in the place of its key, and seals the texts that stay with it:
-- whoever has an old copy of the vault then reads nothing of what was erased with the key of today.
GRANT UPDATE ON vault, keys.data_keys TO omklap_keeper;

-- Tries to deliver what was told of a case go with it; they would for thirty days tell when something happened in it. What
-- is held back for a subscription stays until its receiver has heard that the case is gone: it is how the receiver is told.
-- Like the rest (0012) it runs with the rights of whoever writes the certificate.
GRANT SELECT, DELETE ON delivery_attempts TO omklap_keeper;

CREATE FUNCTION forget_deliveries_with_the_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM delivery_attempts WHERE trajectory_id = NEW.aggregate_id::uuid;
    RETURN NULL;
END
$$;

CREATE TRIGGER forget_deliveries_with_the_certificate AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.aggregate_type = 'destruction') EXECUTE FUNCTION forget_deliveries_with_the_certificate();
