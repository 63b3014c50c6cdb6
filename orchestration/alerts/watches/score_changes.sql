-- One row is a seller in the last month that has a score, with the part that changed
-- it most. A month is an occasion of its own.
select
    changes.seller_id,
    changes.month_start_date,
    changes.score,
    changes.score_change,
    changes.part_code,
    changes.points_changed,
    'seller' as scope_code,
    concat_ws('/', changes.seller_id, changes.month_start_date) as subject_id
from kpi_score_changes_by_marketplace_month as changes
where
    changes.marketplace_code = 'all'
    and changes.channel = 'all'
    and changes.month_start_date = (
        select max(months.month_start_date)
        from kpi_score_changes_by_marketplace_month as months
        where months.seller_id = changes.seller_id
    )
qualify
    row_number() over (
        partition by changes.seller_id
        order by changes.points_changed * sign(changes.score_change) desc nulls last,
        changes.part_code
    ) = 1
order by subject_id
