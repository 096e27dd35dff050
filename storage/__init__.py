"""The database: tables, one unit of work a transaction, one repository a noun."""
