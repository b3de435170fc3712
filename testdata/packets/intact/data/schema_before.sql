CREATE TABLE ledger_entry (
  id INTEGER PRIMARY KEY,
  amount_cents INTEGER NOT NULL,
  note TEXT
);
