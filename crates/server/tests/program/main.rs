//! The program from outside: its commands, its demo, its private PostgreSQL. One program, so that
//! it links once.

mod bounded_schemas;
mod command_line;
mod demo_over_http;
mod every_command;
mod logins;
mod private_postgres;
mod starting_over;
