"""The published version as schema ``marts`` of a PostgreSQL, where one is named."""
