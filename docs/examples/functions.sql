-- How did a department's spending by function move over the years? Classes (类) of the general public budget, in yuan.
-- change is empty in the first year, and where the year before is not there or does not state the function.
with classes as (
    select region_code, entity_key, entity, kind, code, name, fiscal_year, amount
    from 'spending_by_function.parquet'
    where budget = 'general' and level = '类' and amount is not null
)
select now.entity, now.kind, now.code, now.name, now.fiscal_year, now.amount, now.amount - before.amount as change
from classes as now
left join classes as before
    on before.region_code = now.region_code and before.entity_key = now.entity_key and before.kind = now.kind
    and before.code = now.code and before.fiscal_year = now.fiscal_year - 1
order by now.entity, now.kind, now.code, now.fiscal_year;
