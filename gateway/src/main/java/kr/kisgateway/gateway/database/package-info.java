/**
 * Databases in which stores keep their tables: a file of SQLite, or a schema of PostgreSQL, where one is configured
 * ({@code DATABASE_URL}). Stores write one subset of SQL; {@link kr.kisgateway.gateway.database.Dialect} has what differs.
 */
@NullMarked
package kr.kisgateway.gateway.database;

import org.jspecify.annotations.NullMarked;
