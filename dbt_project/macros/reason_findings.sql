{# A subquery: what each source of evidence says about the reason of a return, by the
   rules of the seed `reason_evidence`; the most specific rule wins. #}
{% macro reason_findings() -%}
(
    with

    returns as (

        select
            return_key,
            return_reason_family,
            stated_fault_party,
            expected_label_payer,
            safe_t_action_code,
            disposition_code,
            label_payer,
            coalesce(requested_date, received_date, ordered_date) as return_date
        from {{ ref('int_returns__classified') }}

    ),

    inspected as (

        select * from {{ ref('int_returns__inspected') }}

    ),

    rules as (

        select * from {{ ref('reason_evidence') }}

    ),

    findings as (

        {% for evidence_source, precedence, evidence_code in [
            ('safe_t', 1, 'safe_t_action_code'),
            ('disposition', 5, 'disposition_code'),
            ('payer', 6, "nullif(label_payer, 'unknown')"),
        ] %}
            select
                *,
                '{{ evidence_source }}' as evidence_source,
                {{ precedence }} as precedence,
                {{ evidence_code }} as evidence_code,
                cast(null as {{ dbt.type_string() }}) as named_fault_party
            from returns
            where {{ evidence_code }} is not null

            union all
        {% endfor %}

        select
            returns.*,
            inspected.evidence_source,
            case inspected.evidence_source
                when 'inspection' then 2
                when 'third_party' then 3
                else 4
            end as precedence,
            inspected.evidence_code,
            inspected.named_fault_party
        from returns
        inner join inspected
            on returns.return_key = inspected.return_key

    ),

    ruled as (

        -- one finding may meet a rule for its family and one for all
        select
            findings.return_key,
            findings.evidence_source,
            findings.precedence,
            findings.evidence_code,
            findings.stated_fault_party,
            findings.named_fault_party,
            case
                when coalesce(rules.attribution_verdict, 'neutral') != 'compare'
                    then coalesce(rules.attribution_verdict, 'neutral')
                -- the party found against the one the stated reason points to
                when findings.stated_fault_party = rules.evidenced_fault_party
                    then 'agrees'
                when findings.stated_fault_party != 'unassigned' then 'contradicts'
                else 'neutral'
            end as attribution_verdict,
            coalesce(rules.evidenced_fault_party, 'unassigned')
                as evidenced_fault_party,
            row_number() over (
                partition by findings.return_key, findings.evidence_source
                order by
                    case when rules.return_reason_family = 'any' then 1 else 0 end asc
                    nulls last,
                    case when rules.expected_label_payer = 'any' then 1 else 0 end asc
                    nulls last
            ) as preference_number
        from findings
        left join rules
            on
                findings.evidence_source = rules.evidence_source
                and upper(findings.evidence_code) = upper(rules.evidence_code)
                and rules.return_reason_family
                in (findings.return_reason_family, 'any')
                and rules.expected_label_payer
                in (findings.expected_label_payer, 'any')
                and findings.return_date
                between rules.valid_from and rules.valid_to

    )

    select
        return_key,
        evidence_source,
        precedence,
        evidence_code,
        attribution_verdict,
        case
            -- the reason is the stated one; whose fault it is the inspector may know
            when evidenced_fault_party = 'as_stated'
                then coalesce(named_fault_party, stated_fault_party)
            else evidenced_fault_party
        end as evidenced_fault_party
    from ruled
    where preference_number = 1
)
{%- endmacro %}
