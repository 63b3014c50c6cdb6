select
    -- keys
    age_band_code,

    -- measures
    age_band_number,
    lower_days,
    upper_days,

    -- times
    valid_from,
    valid_to
from {{ ref('backlog_age_bands') }}
