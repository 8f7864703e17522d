"""What an update or an upgrade may not touch: a copy of rows beside them, and what became of each of them."""

import adapter

# Beside our own tables: what people set up in Odoo, and trade
THEIRS = (
    "ir_cron", "ir_act_server", "ir_rule", "ir_model_access", "ir_config_parameter", "ir_sequence", "mail_template",
    "mail_activity_type", "res_company", "res_users", "res_partner", "product_template", "product_product",
    "product_supplierinfo", "sale_order", "sale_order_line", "purchase_order", "purchase_order_line", "stock_warehouse",
    "stock_warehouse_orderpoint", "stock_location", "stock_picking", "stock_move", "stock_quant", "stock_lot",
    "delivery_carrier", "spreadsheet_dashboard",
)  # fmt: skip
# An update writes these itself: the last one, and the clock of the scheduler
PASSING = {"write_date", "write_uid", "nextcall", "lastcall"}
COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = %s AND (table_name LIKE 'scm\\_%%' OR table_name IN %s)
     ORDER BY table_name, ordinal_position"""


def _columns(database, schema):
    found = {}
    for table, column in adapter.query(database, COLUMNS, [schema, THEIRS]):
        found.setdefault(table, []).append(column)
    return found


def _tables(database):
    """Ordinary tables of ours and theirs that have an id; views hold nothing of their own."""
    views = {name for (name,) in adapter.query(database, "SELECT viewname FROM pg_views WHERE schemaname = 'public'")}
    return {
        table: columns
        for table, columns in _columns(database, "public").items()
        if table not in views and "id" in columns
    }


def keep(database):
    """Copy the rows; number of rows by table."""
    adapter.query(database, "DROP SCHEMA IF EXISTS kept CASCADE")
    adapter.query(database, "CREATE SCHEMA kept")
    for table in _tables(database):
        adapter.query(database, f'CREATE TABLE kept."{table}" AS TABLE public."{table}"')
        adapter.query(database, f'CREATE INDEX ON kept."{table}" (id)')
    return counts(database)


def counts(database):
    return {table: adapter.query(database, f'SELECT count(*) FROM "{table}"')[0][0] for table in _tables(database)}


def changes(database):
    """What became of the rows: ['<table>: 3 rows are gone', '<table>.<column>: 4 rows differ, such as 7: a -> b']."""
    now, told = _tables(database), []
    for table, columns in _columns(database, "kept").items():
        if table not in now:
            told.append(f"{table}: the table is gone")
            continue
        told += [f"{table}.{column}: the column is gone" for column in columns if column not in now[table]]
        gone = adapter.query(
            database,
            f'SELECT count(*) FROM kept."{table}" k WHERE NOT EXISTS (SELECT FROM "{table}" n WHERE n.id = k.id)',
        )[0][0]
        told += [f"{table}: {gone} rows are gone"] if gone else []
        told += _differing(database, table, [name for name in columns if name in now[table] and name not in PASSING])
    return told


def _differing(database, table, columns):
    """Text of each value on both sides, because not every type can be compared."""
    sums = ", ".join(f'count(*) FILTER (WHERE n."{name}"::text IS DISTINCT FROM k."{name}"::text)' for name in columns)
    joined = f'kept."{table}" k JOIN "{table}" n ON n.id = k.id'
    found = adapter.query(database, f"SELECT {sums} FROM {joined}")[0]
    told = []
    for name, number in zip(columns, found, strict=True):
        if number:
            one = adapter.query(
                database,
                f'SELECT n.id, left(k."{name}"::text, 60), left(n."{name}"::text, 60) FROM {joined} '
                f'WHERE n."{name}"::text IS DISTINCT FROM k."{name}"::text ORDER BY n.id LIMIT 1',
            )[0]
            told.append(f"{table}.{name}: {number} rows differ, such as {one[0]}: {one[1]} -> {one[2]}")
    return told
