-- Lines of the access log are in the tree of the ledger by batches (docs/adr/0042). A batch has the lines of the transactions
-- that had ended when it was made and are in no batch before it: a transaction has one number, and no line of a transaction
-- that has ended can appear any more. The columns that the program gives stay as they were (0011).
ALTER TABLE access_log ADD COLUMN written_in xid8 NOT NULL DEFAULT pg_current_xact_id();
