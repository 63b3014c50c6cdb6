{# A table made anew inside one transaction: the old one goes, the new one is made and
   checked, and readers see the change at the commit. The adapter's own way builds under
   another name, renames twice and drops afterwards, which on small tables costs more
   than the table itself; DuckDB's DDL is transactional and needs none of it. #}
{% materialization table, adapter="duckdb" %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type="table") -%}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% if existing is not none %}
        {% call statement("drop") %}
            drop {{ existing.type }} if exists {{ existing }} cascade
        {% endcall %}
    {% endif %}
    {% call statement("main") -%}
        {{ create_table_as(False, target, compiled_code) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}
