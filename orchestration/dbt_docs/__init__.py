"""dbt's own documentation as one page that opens from disk."""
