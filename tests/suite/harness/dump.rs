//! Everything that a database holds, as text, for tests of what it must not hold any more.

use cumbre::database::Connection;
use cumbre::on;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, sql_query};

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Every line of every table, with the table's name before it.
pub fn dump(connection: &mut Connection) -> Vec<String> {
    let columns = match connection {
        Connection::Sqlite(_) => {
            "SELECT t.name AS place, c.name AS name FROM sqlite_master t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid"
        }
        Connection::Postgres(_) => {
            "SELECT table_name::text AS place, column_name::text AS name FROM information_schema.columns \
             WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
        }
    };
    let columns: Vec<Column> = on!(&mut *connection, |c| sql_query(columns).load(c)).unwrap();
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    for Column { place, name } in columns {
        match tables.last_mut().filter(|(table, _)| *table == place) {
            Some((_, names)) => names.push(name),
            None => tables.push((place, vec![name])),
        }
    }
    assert!(tables.len() > 20, "the tables were not found");
    let mut lines = Vec::new();
    for (table, names) in tables {
        let query =
            sql_query(format!("SELECT concat_ws(' | ', '{table}', \"{}\") AS line FROM {table}", names.join("\", \"")));
        let found: Vec<Line> = on!(&mut *connection, |c| query.load(c)).unwrap();
        lines.extend(found.into_iter().map(|line| line.line));
    }
    lines
}
