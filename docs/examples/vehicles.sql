-- Who spends most on official vehicles? The three largest of each fiscal year, in yuan.
-- Departments only: their accounts contain those of their units.
select fiscal_year, region_name, entity, amount
from 'three_public.parquet'
where component = 'official_vehicle' and kind = '部门' and amount > 0
qualify row_number() over (partition by fiscal_year order by amount desc, entity) <= 3
order by fiscal_year, amount desc, entity;
