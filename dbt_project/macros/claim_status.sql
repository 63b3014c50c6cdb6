{# The state of a SAFE-T claim: `granted`, `denied`, `pending`; a new word as written. #}
{% macro claim_status(column) -%}
    case
        when upper({{ column }}) in ('GRANT', 'APPROVED') then 'granted'
        when upper({{ column }}) in ('NOGRANT', 'DENIED') then 'denied'
        when upper({{ column }}) like 'PENDING%' then 'pending'
        else lower({{ column }})
    end
{%- endmacro %}
