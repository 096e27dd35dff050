"""The dialog of a form, the states of an application and receipts: pure, without clock, storage or language."""
