{# A cause that was a signal once, or that an action was aimed at. Since the newest
   action (its first full month) it is tested anew: the window of a signal still holds
   what came before. These tests of a seller and month are a list of their own. #}
{%- set cause = ['seller_id', 'sku', 'return_reason_family', 'month_start_date'] %}
{%- set of_acted = 'acted.' ~ cause | join(', acted.') %}
{%- set of_signals = 'signals.' ~ cause | join(', signals.') %}
{%- set rules = [
    'minimum_case_count', 'minimum_ratio', 'false_discovery_share', 'trend_months',
    'exact_test_limit'
] %}

with

signals as (

    select
        *,
        segment_code as sku
    from {{ ref('kpi_cause_signals_by_segment_month') }}
    where cut_code = 'sku'

),

actions as (

    select
        scopes.seller_id,
        scopes.sku,
        measures.target_code as return_reason_family,
        scopes.action_id,
        min(scopes.started_date) as started_date,
        min(scopes.after_from_date) as after_from_date
    from {{ ref('fct_action_scopes') }} as scopes
    inner join {{ ref('fct_action_measures') }} as measures
        on {{ equal_columns('scopes', 'measures', ['seller_id', 'action_id']) }}
    where measures.is_target and measures.measure_code != 'on_time_share'
    group by scopes.seller_id, scopes.sku, measures.target_code, scopes.action_id

),

acted as (

    select
        {{ of_signals }},
        count(distinct actions.action_id) as action_count,
        max(actions.started_date) as last_action_date,
        max(actions.after_from_date) as after_from_date
    from signals
    left join actions
        on
            {{ equal_columns('signals', 'actions', cause[:2]) }}
            and signals.return_reason_family in ('any', actions.return_reason_family)
            and signals.month_start_date >= actions.after_from_date
    group by {{ of_signals }}

),

-- lines stand in the rows of `any`, also in places without a case of the family
since as (

    select
        {{ of_acted }},
        {{ summed(
            ['case_count', 'expected_cases', 'place_case_count'], 'cases',
            'cases.is_comparable and acted.return_reason_family'
            ~ ' = cases.return_reason_family', before='since_'
        ) }},
        {{ summed(
            ['base_count'], 'cases', "cases.return_reason_family = 'any'",
            before='since_'
        ) }}
    from acted
    inner join {{ ref('kpi_cause_cases_by_segment_month') }} as cases
        on
            acted.seller_id = cases.seller_id
            and acted.sku = cases.segment_code
            and cases.cut_code = 'sku'
            and cases.month_start_date
            between acted.after_from_date and acted.month_start_date
    group by {{ of_acted }}

),

joined as (

    select
        signals.*,
        acted.action_count,
        acted.last_action_date,
        {{ qualified([
            'since_case_count', 'since_expected_cases', 'since_place_case_count',
            'since_base_count'
        ], 'since') }},
        {{ qualified(rules, 'thresholds') }},
        coalesce(
            since.since_base_count >= thresholds.minimum_base_count
            and since.since_expected_cases > 0, false
        ) as is_tested_since,
        {{ surrogate_key(of_signals.split(', ')) }} as test_key
    from signals
    inner join acted
        on {{ equal_columns('signals', 'acted', cause) }}
    left join since
        on {{ equal_columns('signals', 'since', cause) }}
    inner join {{ ref('dim_cause_parameters') }} as thresholds
        on signals.month_start_date = thresholds.month_start_date
    where signals.signal_month_count > 0 or acted.action_count > 0

)

select
    -- keys
    {{ cause | join(', ') }},
    category_name,

    case_count,
    base_count,
    observed_ratio,
    q_value,
    cast(signal_month_count as bigint) as signal_month_count,
    action_count,
    cast(since_case_count as bigint) as since_case_count,
    cast(since_base_count as bigint) as since_base_count,
    since_expected_cases,
    since_p_value,
    since_q_value,

    -- flags
    is_signal,
    is_tested_since,
    is_signal and action_count = 0 and signal_month_count >= trend_months
        as is_unanswered,
    coalesce(
        since_q_value <= false_discovery_share
        and since_case_count >= minimum_ratio * since_expected_cases, false
    ) as is_repeated,

    last_action_date
from {{ false_discovery(
    binomial_test(
        'joined', 'since_p_value', is_tested='is_tested_since',
        observed='since_case_count', trials='since_place_case_count',
        expected='since_expected_cases', minimum='minimum_case_count',
        days=ref('dim_dates')
    ), 'since_p_value', 'seller_id, month_start_date', 'since_q_value'
) }} as tested
